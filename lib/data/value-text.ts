import { ISO_DATE, ISO_TIME, ISO_TIMESTAMP } from './iso-formats.ts'
import { javaText } from './java-text.ts'
import { MS_PER_DAY } from './logical-types.ts'
import type { Field, Schema } from './schema.ts'
import { valueIn } from './struct.ts'
import { Decimal, Instant, Sized, type Struct, schemaOfStruct, type Value } from './value.ts'

/**
 * The text of a value as headers carry it, Values.convertToString: `1.10`, base64, `["a",1]`, `{"k":1}`, `2019-08-23`. null is `null`.
 * What kind of date it is does the value tell, not the schema.
 */
export function valueText(value: Value, schema: Schema | null): string {
  if (value === null || typeof value !== 'object') return javaText(value, schema)
  if (Buffer.isBuffer(value)) return value.toString('base64')
  if (value instanceof Instant) return instantText(value)
  if (Array.isArray(value)) return listText(value, schema)
  if (value instanceof Map) return mapText(value, schema)
  if (value instanceof Decimal || value instanceof Sized) return javaText(value, schema)
  const ownSchema = schemaOfStruct(value) ?? schema
  return ownSchema?.type === 'struct'
    ? structText(value as Struct, ownSchema.fields ?? [])
    : mapText(Object.entries(value as Struct), schema)
}

function innerText(value: Value, schema: Schema | null): string {
  const text = valueText(value, schema)
  return typeof value === 'string' || Buffer.isBuffer(value) ? quoted(text) : text
}

const quoted = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`

const listText = (list: readonly Value[], schema: Schema | null): string =>
  `[${list.map((element) => innerText(element, schema?.values ?? null)).join(',')}]`

function mapText(entries: Iterable<readonly [Value, Value]>, schema: Schema | null): string {
  const [keys, values] = [schema?.keys ?? null, schema?.values ?? null]
  const texts = Array.from(
    entries,
    ([key, value]) => `${innerText(key, keys)}:${innerText(value, values)}`,
  )
  return `{${texts.join(',')}}`
}

const structText = (struct: Struct, fields: readonly Field[]): string =>
  `{${fields
    .map(
      (field) => `${quoted(field.name)}:${innerText(valueIn(struct, field, true), field.schema)}`,
    )
    .join(',')}}`

/** Everything before 1970-01-02 is a time of day, every later midnight a date. */
function instantText(instant: Instant): string {
  if (instant.epochMs < MS_PER_DAY) return ISO_TIME.format(instant)
  return (instant.epochMs % MS_PER_DAY === 0 ? ISO_DATE : ISO_TIMESTAMP).format(instant)
}
