import { ISO_DATE, ISO_TIME, ISO_TIMESTAMP } from './iso-formats.ts'
import { DATE_SCHEMA, TIME_SCHEMA, TIMESTAMP_SCHEMA } from './logical-types.ts'
import type { SchemaAndValue } from './schema.ts'

const BY_LENGTH = new Map([
  [10, { schema: DATE_SCHEMA, format: ISO_DATE }],
  [13, { schema: TIME_SCHEMA, format: ISO_TIME }],
  [24, { schema: TIMESTAMP_SCHEMA, format: ISO_TIMESTAMP }],
])

/** A date, time or timestamp, as its length says; month 13 is the next January. Colons may have a backslash. */
export function parseTemporal(text: string): SchemaAndValue | undefined {
  const plain = text.replaceAll('\\:', ':')
  const kind = BY_LENGTH.get(plain.length)
  const value = kind?.format.parse(plain)
  return kind && value && { schema: kind.schema, value }
}
