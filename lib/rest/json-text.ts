// TypeScript's library does not know JSON.rawJSON (ES2026) yet.
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown }

/** Compact JSON as Kafka Connect's Jackson writes it; a bigint with all its digits. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'bigint' ? rawJSON(String(member)) : member,
  ).replace(/\\\\|\\u[0-9a-f]{4}|[\u{10000}-\u{10ffff}]/gu, asJackson)

/** Hexadecimal digits of escapes are upper case, and characters above U+FFFF are two escapes. */
function asJackson(found: string): string {
  if (found === '\\\\') return found
  if (found.startsWith('\\u')) return `\\u${found.slice(2).toUpperCase()}`
  return [0, 1].map((at) => `\\u${found.charCodeAt(at).toString(16).toUpperCase()}`).join('')
}
