import { decimalText } from '../../data/decimal.ts'
import { doubleText, floatText } from '../../data/float-text.ts'
import { javaClass, typeName } from '../../data/java-class.ts'
import { DATE, DECIMAL, daysOf, msOf, msOfDay, TIME, TIMESTAMP } from '../../data/logical-types.ts'
import type { Schema } from '../../data/schema.ts'
import { isOfSchema } from '../../data/validate.ts'
import type { Decimal, Instant, Struct, Value } from '../../data/value.ts'
import { Sized } from '../../data/value.ts'
import { DataError } from '../../errors.ts'

/** @throws DataError for a value that is not what its schema says. */
export type JsonWriter = (value: Value | undefined) => string

type Present = Exclude<Value, null>

/**
 * JSON of the values of one schema, every digit of an integer kept: decimals as numbers, bytes as base64,
 * Date as days, Time and Timestamp as milliseconds; no schema beside it.
 */
export function jsonWriter(schema: Schema): JsonWriter {
  const present = presentWriter(schema)
  const mayBeNull = schema.optional === true || (schema.default ?? null) !== null
  return (value) => {
    if (value === null || value === undefined) {
      if (mayBeNull) return 'null'
      throw new DataError(`null for a required ${typeName(schema.type)}`)
    }
    if (isOfSchema(schema, value)) return present(value instanceof Sized ? value.value : value)
    throw new DataError(`${javaClass(value, schema)} for ${typeName(schema.type)}`)
  }
}

/** What a writer is given is of its schema: `isOfSchema` has looked, so the casts below hold. */
type PresentWriter = (value: Present) => string

function presentWriter(schema: Schema): PresentWriter {
  const logical = schema.name === undefined ? undefined : LOGICAL.get(schema.name)
  if (logical) return logical
  switch (schema.type) {
    case 'struct':
      return structWriter(schema)
    case 'array':
      return arrayWriter(schema)
    case 'map':
      return mapWriter(schema)
    default:
      return PRIMITIVE[schema.type]
  }
}

const digits: PresentWriter = (value) => String(value)

const PRIMITIVE = {
  int8: digits,
  int16: digits,
  int32: digits,
  int64: digits,
  boolean: digits,
  float32: (value: Present) => real(floatText(value as number)),
  float64: (value: Present) => real(doubleText(value as number)),
  string: (value: Present) => JSON.stringify(value),
  bytes: (value: Present) => `"${(value as Buffer).toString('base64')}"`,
}

/** JSON has no NaN nor Infinity: they are written as strings, as Jackson does. */
const real = (text: string): string => (/[Ny]$/.test(text) ? `"${text}"` : text)

const LOGICAL: ReadonlyMap<string, PresentWriter> = new Map<string, PresentWriter>([
  [DECIMAL, (value) => decimalText(value as Decimal)],
  [DATE, (value) => String(daysOf(value as Instant))],
  [TIME, (value) => String(msOfDay(value as Instant))],
  [TIMESTAMP, (value) => String(msOf(value as Instant))],
])

function structWriter({ fields = [] }: Schema): PresentWriter {
  const members = fields.map(({ name, schema }, at) => ({
    name,
    before: `${at === 0 ? '{' : ','}${JSON.stringify(name)}:`,
    write: jsonWriter(schema),
    // What every object inherits is no value of the struct.
    isInherited: name in {},
  }))
  if (members.length === 0) return () => '{}'
  return (value) => {
    const struct = value as Struct
    let text = ''
    for (const { name, before, write, isInherited } of members) {
      try {
        const field = isInherited && !Object.hasOwn(struct, name) ? null : struct[name]
        text += before + write(field)
      } catch (cause) {
        throw inside(`field ${name}`, cause)
      }
    }
    return `${text}}`
  }
}

function arrayWriter({ values }: Schema): PresentWriter {
  const write = jsonWriter(known(values))
  return (list) => `[${(list as readonly Value[]).map((value) => write(value)).join(',')}]`
}

/** An object where the keys are strings, else an array of pairs: as JsonConverter. */
function mapWriter({ keys, values }: Schema): PresentWriter {
  const [writeKey, writeValue] = [jsonWriter(known(keys)), jsonWriter(known(values))]
  const pairs = (map: Present) => [...(map as ReadonlyMap<Value, Value>)]
  if (keys?.type === 'string' && !keys.optional)
    return (map) =>
      `{${pairs(map)
        .map(([key, value]) => `${writeKey(key)}:${writeValue(value)}`)
        .join(',')}}`
  return (map) =>
    `[${pairs(map)
      .map(([key, value]) => `[${writeKey(key)},${writeValue(value)}]`)
      .join(',')}]`
}

function known(schema: Schema | undefined): Schema {
  if (schema) return schema
  throw new DataError('A map or an array whose schema does not tell what it holds')
}

const inside = (place: string, cause: unknown): DataError =>
  new DataError(`${place}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
