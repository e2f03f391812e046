/** The JSON in which conformance vectors write schemas, values and bytes: one member of a value tells its type. */
import { doubleText, floatText } from './float-text.ts'
import type { Schema, SchemaType } from './schema.ts'
import { sameSchema } from './schema-equality.ts'
import {
  Decimal,
  fieldOf,
  Instant,
  Sized,
  type Struct,
  schemaOfStruct,
  structSchema,
  type Value,
} from './value.ts'

export type SchemaNotation = {
  readonly type: SchemaType
  readonly optional?: boolean
  readonly name?: string | null
  readonly version?: number | null
  readonly doc?: string | null
  readonly parameters?: Readonly<Record<string, string>> | null
  readonly default?: ValueNotation
  readonly fields?: readonly { readonly name: string; readonly schema: SchemaNotation }[] | null
  readonly keys?: SchemaNotation | null
  readonly values?: SchemaNotation | null
} | null

export type ValueNotation =
  | { readonly boolean: boolean }
  | { readonly int8: number }
  | { readonly int16: number }
  | { readonly int32: number }
  | { readonly int64: string }
  | { readonly float32: string }
  | { readonly float64: string }
  | { readonly string: string }
  | { readonly bytes: string }
  | { readonly decimal: { readonly unscaled: string; readonly scale: number } }
  | { readonly date: string }
  | { readonly list: readonly ValueNotation[] }
  | { readonly map: readonly (readonly [ValueNotation, ValueNotation])[] }
  | {
      readonly struct: Readonly<Record<string, ValueNotation>>
      readonly schema?: SchemaNotation
    }
  | null

export type DataNotation = { readonly utf8: string } | { readonly base64: string } | null

export function readSchema(notation: SchemaNotation): Schema | null {
  if (notation === null) return null
  const { fields, keys, values, parameters } = notation
  const bare: Schema = {
    type: notation.type,
    ...(notation.optional ? { optional: true } : {}),
    ...(notation.name == null ? {} : { name: notation.name }),
    ...(notation.version == null ? {} : { version: notation.version }),
    ...(notation.doc == null ? {} : { doc: notation.doc }),
    ...(parameters && Object.keys(parameters).length > 0 ? { parameters } : {}),
    ...(notation.type === 'struct' ? { fields: (fields ?? []).map(readField) } : {}),
    ...(keys ? { keys: readPresent(keys) } : {}),
    ...(values ? { values: readPresent(values) } : {}),
  }
  const given = notation.default ?? null
  return given === null ? bare : { ...bare, default: readValue(given, bare) }
}

const readField = (field: { name: string; schema: SchemaNotation }) => ({
  name: field.name,
  schema: readPresent(field.schema),
})

function readPresent(notation: SchemaNotation): Schema {
  const schema = readSchema(notation)
  if (schema === null) throw new TypeError('a schema is null where there must be one')
  return schema
}

/** A number keeps its own type where the schema around it says another. */
export function readValue(notation: ValueNotation, schema: Schema | null): Value {
  if (notation === null) return null
  if ('boolean' in notation) return notation.boolean
  if ('int8' in notation) return sized('int8', notation.int8, schema)
  if ('int16' in notation) return sized('int16', notation.int16, schema)
  if ('int32' in notation) return sized('int32', notation.int32, schema)
  if ('int64' in notation) return BigInt(notation.int64)
  if ('float32' in notation) return sized('float32', Math.fround(Number(notation.float32)), schema)
  if ('float64' in notation) return readDouble(Number(notation.float64), schema)
  if ('string' in notation) return notation.string
  if ('bytes' in notation) return Buffer.from(notation.bytes, 'base64')
  if ('decimal' in notation)
    return new Decimal(BigInt(notation.decimal.unscaled), notation.decimal.scale)
  if ('date' in notation) return new Instant(Number(notation.date))
  if ('list' in notation)
    return notation.list.map((element) => readValue(element, schema?.values ?? null))
  if ('map' in notation) return new Map(notation.map.map((pair) => readPair(pair, schema)))
  return readStruct(notation, schema)
}

const sized = (type: Sized['type'], value: number, schema: Schema | null): Value =>
  schema?.type === type ? value : new Sized(type, value)

const readDouble = (value: number, schema: Schema | null): Value =>
  schema !== null && schema.type !== 'float64' && NUMBER_TYPES.has(schema.type)
    ? new Sized('float64', value)
    : value

const NUMBER_TYPES: ReadonlySet<SchemaType> = new Set([
  'int8',
  'int16',
  'int32',
  'int64',
  'float32',
])

const readPair = (
  [key, value]: readonly [ValueNotation, ValueNotation],
  schema: Schema | null,
): [Value, Value] => [readKey(key, schema?.keys ?? null), readValue(value, schema?.values ?? null)]

/** A Map takes a plain -0 for 0, which in Java is another key. */
function readKey(notation: ValueNotation, schema: Schema | null): Value {
  const key = readValue(notation, schema)
  if (!Object.is(key, -0)) return key
  return new Sized(notation !== null && 'float32' in notation ? 'float32' : 'float64', -0)
}

type StructNotation = Extract<ValueNotation, { struct: unknown }>

function readStruct(notation: StructNotation, around: Schema | null): Struct {
  const own = notation.schema === undefined ? undefined : readPresent(notation.schema)
  const schemas = new Map((own ?? around)?.fields?.map(({ name, schema }) => [name, schema]))
  const struct = Object.fromEntries(
    Object.entries(notation.struct).map(([name, value]) => [
      name,
      readValue(value, schemas.get(name) ?? null),
    ]),
  )
  return own === undefined ? struct : Object.assign(struct, { [structSchema]: own })
}

export function writeSchema(schema: Schema | null): SchemaNotation {
  if (schema === null) return null
  const { type, name, version, doc, parameters, fields, keys, values } = schema
  return {
    type,
    ...(schema.optional ? { optional: true } : {}),
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    ...(doc === undefined ? {} : { doc }),
    ...(parameters === undefined ? {} : { parameters }),
    ...((schema.default ?? null) === null
      ? {}
      : { default: writeValue(schema.default ?? null, schema) }),
    ...(fields === undefined ? {} : { fields: fields.map(writeField) }),
    ...(keys === undefined ? {} : { keys: writeSchema(keys) }),
    ...(values === undefined ? {} : { values: writeSchema(values) }),
  }
}

const writeField = (field: { readonly name: string; readonly schema: Schema }) => ({
  name: field.name,
  schema: writeSchema(field.schema),
})

export function writeValue(value: Value, schema: Schema | null): ValueNotation {
  if (value === null || value === undefined) return null
  if (typeof value === 'boolean') return { boolean: value }
  if (typeof value === 'string') return { string: value }
  if (typeof value === 'bigint') return { int64: String(value) }
  if (typeof value === 'number') return writeNumber(value, schema?.type ?? 'float64')
  if (value instanceof Sized) return writeNumber(value.value, value.type)
  if (value instanceof Decimal)
    return { decimal: { unscaled: String(value.unscaled), scale: value.scale } }
  if (value instanceof Instant) return { date: String(value.epochMs) }
  if (Buffer.isBuffer(value)) return { bytes: value.toString('base64') }
  if (Array.isArray(value))
    return { list: value.map((element) => writeValue(element, schema?.values ?? null)) }
  if (value instanceof Map) return writeMap(value, schema)
  const own = schemaOfStruct(value)
  return own || schema?.type === 'struct'
    ? writeStruct(value as Struct, own, schema)
    : writeMap(Object.entries(value as Struct), schema)
}

function writeNumber(value: number, type: SchemaType): ValueNotation {
  if (type === 'int8') return { int8: value }
  if (type === 'int16') return { int16: value }
  if (type === 'int32') return { int32: value }
  return type === 'float32' ? { float32: floatText(value) } : { float64: doubleText(value) }
}

const writeMap = (
  entries: Iterable<readonly [Value, Value]>,
  schema: Schema | null,
): ValueNotation => ({
  map: Array.from(entries, ([key, value]) => [
    writeValue(key, schema?.keys ?? null),
    writeValue(value, schema?.values ?? null),
  ]),
})

function writeStruct(
  struct: Struct,
  own: Schema | undefined,
  around: Schema | null,
): ValueNotation {
  const schema = own ?? around
  const fields = schema?.fields ?? []
  return {
    struct: Object.fromEntries(
      fields
        .filter(({ name }) => fieldOf(struct, name) !== null)
        .map((field) => [field.name, writeValue(fieldOf(struct, field.name), field.schema)]),
    ),
    ...(own === undefined || (around && sameSchema(own, around))
      ? {}
      : { schema: writeSchema(own) }),
  }
}

export const readData = (notation: DataNotation): Buffer | null => {
  if (notation === null) return null
  return 'utf8' in notation
    ? Buffer.from(notation.utf8, 'utf8')
    : Buffer.from(notation.base64, 'base64')
}

/** Text where the bytes are text, so that a difference can be read. */
export function writeData(bytes: Buffer | null): DataNotation {
  if (bytes === null) return null
  const utf8 = bytes.toString('utf8')
  return Buffer.from(utf8, 'utf8').equals(bytes) ? { utf8 } : { base64: bytes.toString('base64') }
}
