/** Offset and partition maps as Kafka Connect writes them: `{"position":42}`, with every digit of an int64. */
import type { OffsetMap } from '../data/record.ts'
import { DataError } from '../errors.ts'

export const textOf = (map: OffsetMap): string => written(Object.entries(map))

/** The same text for all maps with the same members. */
export const canonicalOf = (map: OffsetMap): string =>
  written(Object.entries(map).sort(([one], [other]) => (one < other ? -1 : 1)))

/** Integers come back as bigint, reals as number. */
export const mapOf = (text: string): OffsetMap =>
  // A reviver is also given the source text of a primitive (ES2026), which TypeScript's types do not know yet.
  JSON.parse(text, exact as (key: string, value: unknown) => unknown)

const exact = (_key: string, value: unknown, { source }: { readonly source?: string }): unknown =>
  typeof value === 'number' && source !== undefined && /^-?\d+$/.test(source)
    ? BigInt(source)
    : value

const written = (members: readonly (readonly [string, unknown])[]): string =>
  `{${members
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${JSON.stringify(key)}:${primitive(key, value)}`)
    .join()}}`

function primitive(key: string, value: unknown): string {
  if (typeof value === 'bigint') return String(value)
  const fits =
    value === null ||
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  if (fits) return JSON.stringify(value)
  // Kafka Connect's text, of OffsetUtils.validateFormat.
  const kind = typeof value === 'number' ? String(value) : Object.prototype.toString.call(value)
  throw new DataError(
    `Offsets may only contain primitive types as values, but field ${key} contains ${kind}`,
  )
}
