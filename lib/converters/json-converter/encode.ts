import { decimalText, decimalToBytes } from '../../data/decimal.ts'
import { doubleText, floatText } from '../../data/float-text.ts'
import { fitsNumber, javaClass, typeName } from '../../data/java-class.ts'
import {
  DATE,
  DECIMAL,
  daysOf,
  msOf,
  msOfDay,
  TIME,
  TIMESTAMP,
  unscaledOf,
} from '../../data/logical-types.ts'
import type { Schema, SchemaType } from '../../data/schema.ts'
import { sameSchema } from '../../data/schema-equality.ts'
import {
  Decimal,
  fieldOf,
  Instant,
  Sized,
  type Struct,
  schemaOfStruct,
  type Value,
} from '../../data/value.ts'
import { DataError } from '../../errors.ts'
import { checkDepth } from './depth.ts'
import { encodeBare } from './encode-bare.ts'
import { quote, realJson } from './quote.ts'

export type EncodeSettings = {
  readonly decimalFormat: 'BASE64' | 'NUMERIC'
  readonly replaceNullWithDefault: boolean
}

export type Present = Exclude<Value, null>

/** JSON of the values of one schema. Both throw DataError when the value does not fit. */
export type Encoder = {
  readonly encode: (value: Present) => string
  readonly encodeNull: () => string
}

/** `depth`: how many JSON objects and arrays stand around the value. */
export function encoderOf(
  schema: Schema | undefined,
  settings: EncodeSettings,
  depth: number,
): Encoder {
  if (schema === undefined)
    return { encode: (value) => encodeBare(value, depth), encodeNull: () => 'null' }
  const encode = presentEncoder(schema, settings, depth)
  return { encode, encodeNull: nullEncoder(schema, settings, encode) }
}

export const encodeWith = (encoder: Encoder, value: Value | undefined): string =>
  value === null || value === undefined ? encoder.encodeNull() : encoder.encode(value)

function nullEncoder(
  schema: Schema,
  { replaceNullWithDefault }: EncodeSettings,
  encode: Encoder['encode'],
): () => string {
  const fallback = schema.default ?? null
  if (fallback !== null && replaceNullWithDefault) return () => encode(fallback)
  if (schema.optional) return () => 'null'
  return () => {
    throw new DataError(
      'Conversion error: null value for field that is required and has no default value',
    )
  }
}

function presentEncoder(
  schema: Schema,
  settings: EncodeSettings,
  depth: number,
): Encoder['encode'] {
  const logical = schema.name === undefined ? undefined : LOGICAL.get(schema.name)
  if (logical) return logical(schema, settings)
  switch (schema.type) {
    case 'array':
      return arrayEncoder(schema, settings, depth + 1)
    case 'map':
      return mapEncoder(schema, settings, depth + 1)
    case 'struct':
      return structEncoder(schema, settings, depth + 1)
    default:
      return PRIMITIVES[schema.type](schema)
  }
}

const invalid = (schema: Schema, value: Present): DataError => {
  const type = schema.type === 'bytes' ? 'bytes type' : typeName(schema.type)
  return new DataError(`Invalid type for ${type}: class ${javaClass(value, schema)}`)
}

type Primitive = Exclude<SchemaType, 'array' | 'map' | 'struct'>

const integerEncoder = (schema: Schema) => (value: Present) => {
  if (typeof value === 'number' && fitsNumber(value, schema.type)) return `${value}`
  if (value instanceof Sized && value.type === schema.type) return `${value.value}`
  throw invalid(schema, value)
}

const realEncoder = (text: (value: number) => string) => (schema: Schema) => (value: Present) => {
  if (typeof value === 'number') return realJson(text(value))
  if (value instanceof Sized && value.type === schema.type) return realJson(text(value.value))
  throw invalid(schema, value)
}

const PRIMITIVES: Readonly<Record<Primitive, (schema: Schema) => Encoder['encode']>> = {
  int8: integerEncoder,
  int16: integerEncoder,
  int32: integerEncoder,
  int64: (schema) => (value) => {
    if (typeof value === 'bigint' && BigInt.asIntN(64, value) === value) return `${value}`
    throw invalid(schema, value)
  },
  float32: realEncoder(floatText),
  float64: realEncoder(doubleText),
  boolean: (schema) => (value) => {
    if (typeof value === 'boolean') return value ? 'true' : 'false'
    throw invalid(schema, value)
  },
  string: (schema) => (value) => {
    if (typeof value === 'string') return quote(value)
    throw invalid(schema, value)
  },
  bytes: (schema) => (value) => {
    if (Buffer.isBuffer(value)) return `"${value.toString('base64')}"`
    throw invalid(schema, value)
  },
}

function arrayEncoder(schema: Schema, settings: EncodeSettings, depth: number): Encoder['encode'] {
  const element = encoderOf(schema.values, settings, depth)
  return (value) => {
    if (!Array.isArray(value)) throw invalid(schema, value)
    checkDepth(depth)
    return `[${value.map((one) => encodeWith(element, one)).join(',')}]`
  }
}

function mapEncoder(schema: Schema, settings: EncodeSettings, depth: number): Encoder['encode'] {
  const isObject = schema.keys?.type === 'string'
  const innerDepth = isObject ? depth : depth + 1
  const keys = encoderOf(schema.keys, settings, innerDepth)
  const values = encoderOf(schema.values, settings, innerDepth)
  return (value) => {
    const entries = entriesOf(schema, value)
    checkDepth(depth)
    return isObject ? objectJson(entries, keys, values) : pairsJson(entries, keys, values)
  }
}

const pairsJson = (entries: Entries, keys: Encoder, values: Encoder): string =>
  `[${Array.from(entries, ([key, value]) => `[${encodeWith(keys, key)},${encodeWith(values, value)}]`).join(',')}]`

type Entries = Iterable<readonly [Value, Value]>

/** A plain object is a map here, unless it carries the schema of a struct. */
function entriesOf(schema: Schema, value: Present): Entries {
  if (schema.keys === undefined) throw new DataError('Map schema did not specify the key type')
  if (value instanceof Map) return value
  if (isPlainObject(value) && schemaOfStruct(value) === undefined) return Object.entries(value)
  throw invalid(schema, value)
}

/** Two keys may come out as one, null and "null": the last value stays, in the place of the first, as in a Java map. */
function objectJson(entries: Entries, keys: Encoder, values: Encoder): string {
  const members = new Map<string, string>()
  for (const [key, value] of entries) {
    const text = encodeWith(keys, key)
    members.set(text.startsWith('"') ? text : `"${text}"`, encodeWith(values, value))
  }
  return `{${Array.from(members, ([key, value]) => `${key}:${value}`).join(',')}}`
}

function structEncoder(schema: Schema, settings: EncodeSettings, depth: number): Encoder['encode'] {
  const fields = (schema.fields ?? []).map(({ name, schema: fieldSchema }, at) => ({
    name,
    lead: `${at === 0 ? '' : ','}${quote(name)}:`,
    isInherited: name in Object.prototype,
    ...encoderOf(fieldSchema, settings, depth),
  }))
  const matches = sameAs(schema)
  return (value) => {
    if (!isPlainObject(value)) throw invalid(schema, value)
    const own = schemaOfStruct(value)
    if (own !== undefined && !matches(own)) throw new DataError('Mismatching schema.')
    checkDepth(depth)
    let json = '{'
    for (const { name, lead, isInherited, encode, encodeNull } of fields) {
      const member = isInherited ? fieldOf(value, name) : value[name]
      json += lead + (member === null || member === undefined ? encodeNull() : encode(member))
    }
    return `${json}}`
  }
}

/** Remembers the last equal schema, since structs of one source carry the same object. */
function sameAs(schema: Schema): (own: Schema) => boolean {
  let known = schema
  return (own) => {
    if (own === known) return true
    if (!sameSchema(own, schema)) return false
    known = own
    return true
  }
}

function isPlainObject(value: Present): value is Struct {
  if (typeof value !== 'object') return false
  if (Object.getPrototypeOf(value) === Object.prototype) return true
  return !(
    Array.isArray(value) ||
    value instanceof Map ||
    value instanceof Decimal ||
    value instanceof Instant ||
    value instanceof Sized ||
    Buffer.isBuffer(value)
  )
}

type LogicalEncoder = (schema: Schema, settings: EncodeSettings) => Encoder['encode']

const instantEncoder =
  (name: string, number: (instant: Instant) => number): LogicalEncoder =>
  (schema) =>
  (value) => {
    if (value instanceof Instant) return `${number(value)}`
    const found = javaClass(value, schema)
    throw new DataError(`Invalid type for ${name}, expected Date but was class ${found}`)
  }

const LOGICAL: ReadonlyMap<string, LogicalEncoder> = new Map([
  [DATE, instantEncoder('Date', daysOf)],
  [TIME, instantEncoder('Time', msOfDay)],
  [TIMESTAMP, instantEncoder('Timestamp', msOf)],
  [DECIMAL, decimalEncoder],
])

function decimalEncoder(schema: Schema, { decimalFormat }: EncodeSettings): Encoder['encode'] {
  return (value) => {
    if (!(value instanceof Decimal)) {
      const found = javaClass(value, schema)
      throw new DataError(`Invalid type for Decimal, expected BigDecimal but was class ${found}`)
    }
    if (decimalFormat === 'NUMERIC') return decimalText(value)
    return `"${decimalToBytes(unscaledOf(schema, value)).toString('base64')}"`
  }
}
