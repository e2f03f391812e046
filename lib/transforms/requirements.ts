/** What a transform asks of the value it is given; the texts are those of Kafka Connect's Requirements. */
import { javaClass } from '../data/java-class.ts'
import type { Schema, SchemaAndValue } from '../data/schema.ts'
import { type Struct, schemaOfStruct, type Value } from '../data/value.ts'
import { DataError } from '../errors.ts'

const STRUCT_CLASS = 'org.apache.kafka.connect.data.Struct'
const MAP_CLASS = 'java.util.HashMap'

/** `purpose` as the message names it: `field insertion`. @throws DataError when a value without a schema is no map. */
export function requireMap(value: Value, purpose: string): ReadonlyMap<Value, Value> {
  if (value instanceof Map) return value
  if (value !== null && javaClass(value, null) === MAP_CLASS)
    return new Map(Object.entries(value as Struct))
  throw new DataError(
    `Only Map objects supported in absence of schema for [${purpose}], found: ${found(value, null)}`,
  )
}

/** @throws DataError when a value with a schema is no struct. Its own schema, where it carries one, counts. */
export function requireStruct(
  { schema, value }: SchemaAndValue,
  purpose: string,
): { readonly schema: Schema; readonly struct: Struct } {
  if (value !== null && javaClass(value, schema) === STRUCT_CLASS) {
    const struct = value as Struct
    return { schema: schemaOfStruct(struct) ?? (schema as Schema), struct }
  }
  throw new DataError(
    `Only Struct objects supported for [${purpose}], found: ${found(value, schema)}`,
  )
}

/** @throws DataError when there is none. */
export function requireSchema(schema: Schema | null, purpose: string): Schema {
  if (schema !== null) return schema
  throw new DataError(`Schema required for [${purpose}]`)
}

/** The key of a schemaless map, where it stands for a field's name. @throws DataError for another than a string or null, at which Java stumbles. */
export function requireName(key: Value): string | null {
  if (key === null || typeof key === 'string') return key
  throw new DataError(`class ${javaClass(key, null)} cannot be cast to class java.lang.String`)
}

const found = (value: Value, schema: Schema | null): string =>
  value === null ? 'null' : javaClass(value, schema)
