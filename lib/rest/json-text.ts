import { exactText } from '../data/exact-json.ts'

/** Compact JSON as Kafka Connect's Jackson writes it; a bigint with all its digits. */
export const jsonText = (value: unknown): string =>
  exactText(value).replace(/\\\\|\\u[0-9a-f]{4}|[\u{10000}-\u{10ffff}]/gu, asJackson)

/** Hexadecimal digits of escapes are upper case, and characters above U+FFFF are two escapes. */
function asJackson(found: string): string {
  if (found === '\\\\') return found
  if (found.startsWith('\\u')) return `\\u${found.slice(2).toUpperCase()}`
  return [0, 1].map((at) => `\\u${found.charCodeAt(at).toString(16).toUpperCase()}`).join('')
}
