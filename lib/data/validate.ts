import { DataError } from '../errors.ts'
import { fitsNumber, javaClass, typeName } from './java-class.ts'
import { DATE, DECIMAL, TIME, TIMESTAMP } from './logical-types.ts'
import type { Schema, SchemaType } from './schema.ts'
import { sameSchema } from './schema-equality.ts'
import {
  Decimal,
  fieldOf,
  Instant,
  Sized,
  type Struct,
  schemaOfStruct,
  type Value,
} from './value.ts'

/** ConnectSchema.validateValue. @throws DataError, in Kafka Connect's words, when the value is not what the schema says. */
export const validateValue = (schema: Schema, value: Value): void =>
  validate(schema, value, 'value')

/** The same for one field of a struct, which the message names. */
export const validateField = (name: string, schema: Schema, value: Value): void =>
  validate(schema, value, `field: "${name}"`)

/** Struct.validate: every field must fit; what has a default may be missing. */
export function validateStruct({ fields = [] }: Schema, struct: Struct): void {
  for (const { name, schema } of fields) {
    const value = fieldOf(struct, name)
    if (value !== null || (schema.default ?? null) === null) validateField(name, schema, value)
  }
}

function validate(schema: Schema, value: Value, location: string): void {
  if (value === null || value === undefined) {
    if (schema.optional) return
    throw new DataError(
      `Invalid value: null used for required ${location}, schema type: ${typeName(schema.type)}`,
    )
  }
  if (!isOfSchema(schema, value)) throw new DataError(misfit(schema, value, location))
  if (isLogical(schema)) return
  if (schema.type === 'struct') validateInnerStruct(schema, value as Struct)
  if (schema.type === 'array') validateList(schema, value as readonly Value[], location)
  if (schema.type === 'map') validateMap(schema, value as ReadonlyMap<Value, Value>, location)
}

function misfit(schema: Schema, value: Exclude<Value, null>, location: string): string {
  const name = schema.name === undefined ? '' : ` "${schema.name}"`
  const found = javaClass(value, schema)
  return `Invalid Java object for schema${name} with type ${typeName(schema.type)}: class ${found} for ${location}`
}

function validateInnerStruct(schema: Schema, struct: Struct): void {
  if (!sameSchema(schemaOfStruct(struct) ?? schema, schema))
    throw new DataError('Struct schemas do not match.')
  validateStruct(schema, struct)
}

function validateList(schema: Schema, list: readonly Value[], location: string): void {
  const elementLocation = `element of array ${location}`
  const elementSchema = present(schema.values, elementLocation)
  for (const element of list) validate(elementSchema, element, elementLocation)
}

function validateMap(schema: Schema, map: ReadonlyMap<Value, Value>, location: string): void {
  const keySchema = present(schema.keys, `key of map ${location}`)
  const valueSchema = present(schema.values, `value of map ${location}`)
  for (const [key, value] of map) {
    validate(keySchema, key, `key of map ${location}`)
    validate(valueSchema, value, `value of map ${location}`)
  }
}

function present(schema: Schema | undefined, location: string): Schema {
  if (schema === undefined) throw new DataError(`No schema defined for ${location}`)
  return schema
}

const LOGICAL_CLASSES: ReadonlyMap<string, typeof Decimal | typeof Instant> = new Map<
  string,
  typeof Decimal | typeof Instant
>([
  [DECIMAL, Decimal],
  [DATE, Instant],
  [TIME, Instant],
  [TIMESTAMP, Instant],
])

const COMPLEX: ReadonlySet<SchemaType> = new Set(['array', 'map', 'struct'])

const isLogical = ({ name }: Schema): boolean => name !== undefined && LOGICAL_CLASSES.has(name)

/** Whether the value is of the class that the schema asks for; what it holds is not looked at. */
export function isOfSchema(schema: Schema, value: Exclude<Value, null>): boolean {
  const logical = schema.name === undefined ? undefined : LOGICAL_CLASSES.get(schema.name)
  // Java has no class that is both: a date in an array's place ends in a ClassCastException there.
  if (logical) return value instanceof logical && !COMPLEX.has(schema.type)
  const { type } = schema
  if (value instanceof Sized) return value.type === type
  if (typeof value === 'number') return fitsNumber(value, type)
  if (typeof value === 'bigint') return type === 'int64' && BigInt.asIntN(64, value) === value
  if (typeof value !== 'object') return typeof value === type
  if (Buffer.isBuffer(value)) return type === 'bytes'
  if (Array.isArray(value)) return type === 'array'
  if (value instanceof Map) return type === 'map'
  return type === 'struct' && !(value instanceof Decimal) && !(value instanceof Instant)
}
