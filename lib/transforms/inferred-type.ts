import { javaClass } from '../data/java-class.ts'
import type { SchemaType } from '../data/schema.ts'
import type { Value } from '../data/value.ts'

/** The type that a value without a schema has by its class, ConnectSchema.schemaType; undefined for dates, decimals and integers beyond 64 bits. */
export const inferredType = (value: Exclude<Value, null>): SchemaType | undefined =>
  TYPES[javaClass(value, null)]

const TYPES: Readonly<Record<string, SchemaType>> = {
  'java.lang.Byte': 'int8',
  'java.lang.Short': 'int16',
  'java.lang.Integer': 'int32',
  'java.lang.Long': 'int64',
  'java.lang.Float': 'float32',
  'java.lang.Double': 'float64',
  'java.lang.Boolean': 'boolean',
  'java.lang.String': 'string',
  '[B': 'bytes',
  'java.util.ArrayList': 'array',
  'java.util.HashMap': 'map',
  'org.apache.kafka.connect.data.Struct': 'struct',
}
