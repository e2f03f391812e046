/** One value from one type to another, as Kafka Connect's Cast does it. */
import { javaClass, typeName } from '../../data/java-class.ts'
import { javaText } from '../../data/java-text.ts'
import { DATE, daysOf, msOf, msOfDay, TIME, TIMESTAMP } from '../../data/logical-types.ts'
import type { Schema, SchemaType } from '../../data/schema.ts'
import { Instant, Sized, type Value } from '../../data/value.ts'
import { valueText } from '../../data/value-text.ts'
import { DataError } from '../../errors.ts'
import { inferredType } from '../inferred-type.ts'
import {
  type JavaNumber,
  numberOf,
  toFloat32,
  toFloat64,
  toInt8,
  toInt16,
  toInt32,
  toInt64,
} from './java-numbers.ts'
import { readDouble, readFloat, readInteger, readLong } from './read-number.ts'

export const TARGETS = [
  'int8',
  'int16',
  'int32',
  'int64',
  'float32',
  'float64',
  'boolean',
  'string',
] as const satisfies readonly SchemaType[]

export type Target = (typeof TARGETS)[number]

/** null stays null. @throws DataError for a value of another type than can be cast, or a text that is not of the target. */
export type CastValue = (value: Value) => Value

/** For values of this schema; null: each by its own class. */
export function castTo(target: Target, schema: Schema | null): CastValue {
  const cast = target === 'string' ? castToText : casting(target)
  if (schema === null) return (value) => sized(target, cast(ofInferredType(value), null))
  if (!SOURCES.has(schema.type)) return (value) => (value === null ? null : refuse(schema.type))
  const encode = target === 'string' ? undefined : ENCODERS.get(schema.name ?? '')
  return encode ? (value) => cast(encode(value), ENCODED) : (value) => cast(value, schema)
}

const SOURCES: ReadonlySet<SchemaType> = new Set([...TARGETS, 'bytes'])

function refuse(type: SchemaType): never {
  const supported = [...SOURCES].map(typeName).join(', ')
  throw new DataError(
    `Cast transformation does not support casting from ${typeName(type)}; supported types are [${supported}]`,
  )
}

function ofInferredType(value: Value): Value {
  if (value === null) return null
  const type = inferredType(value)
  if (type === undefined)
    throw new DataError(
      `Cast transformation was passed a value of type class ${javaClass(value, null)} which is not supported by Connect's data API`,
    )
  return SOURCES.has(type) ? value : refuse(type)
}

/** Without a schema a number has to tell its own width. */
const sized = (target: Target, value: Value): Value =>
  typeof value === 'number' && target !== 'float64'
    ? new Sized(target as Sized['type'], value)
    : value

/** Dates count as what stands for them in bytes. Decimals are numbers as they are. */
const ENCODERS: ReadonlyMap<string, CastValue> = new Map([
  [DATE, (value: Value) => encoded(value, daysOf)],
  [TIME, (value: Value) => encoded(value, msOfDay)],
  [TIMESTAMP, (value: Value) => encoded(value, msOf)],
])

/** A plain number is a whole one then. */
const ENCODED: Schema = { type: 'int32' }

function encoded(value: Value, encode: (instant: Instant) => number): Value {
  if (value === null) return null
  if (value instanceof Instant) return encode(value)
  throw new DataError(`class ${javaClass(value, null)} cannot be cast to class java.util.Date`)
}

type Cast = (value: Value, schema: Schema | null) => Value

function castToText(value: Value, schema: Schema | null): Value {
  if (value === null || typeof value === 'string') return value
  return value instanceof Instant || Buffer.isBuffer(value)
    ? valueText(value, schema)
    : javaText(value, schema)
}

function casting(target: Exclude<Target, 'string'>): Cast {
  const { ofNumber, yes, no, ofText } = CASTS[target]
  return (value, schema) => {
    if (value === null) return null
    if (typeof value === 'boolean') return value ? yes : no
    if (typeof value === 'string') return ofText(value) ?? outOfRange(value)
    const number = numberOf(value, schema)
    if (number !== undefined) return ofNumber(number)
    throw new DataError(`Unexpected type in Cast transformation: class ${javaClass(value, schema)}`)
  }
}

function outOfRange(text: string): never {
  throw new DataError(`Value (${text}) was out of range for requested data type`)
}

type Casts = {
  readonly ofNumber: (number: JavaNumber) => Value
  readonly yes: Value
  readonly no: Value
  /** undefined when the text is none of this type */
  readonly ofText: (text: string) => Value | undefined
}

const CASTS: Readonly<Record<Exclude<Target, 'string'>, Casts>> = {
  int8: { ofNumber: toInt8, yes: 1, no: 0, ofText: (text) => readInteger(text, 8) },
  int16: { ofNumber: toInt16, yes: 1, no: 0, ofText: (text) => readInteger(text, 16) },
  int32: { ofNumber: toInt32, yes: 1, no: 0, ofText: (text) => readInteger(text, 32) },
  int64: { ofNumber: toInt64, yes: 1n, no: 0n, ofText: readLong },
  float32: { ofNumber: toFloat32, yes: 1, no: 0, ofText: readFloat },
  float64: { ofNumber: toFloat64, yes: 1, no: 0, ofText: readDouble },
  boolean: {
    ofNumber: (number) => toInt64(number) !== 0n,
    yes: true,
    no: false,
    ofText: (text) => text.toLowerCase() === 'true',
  },
}
