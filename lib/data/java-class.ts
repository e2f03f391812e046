import type { Schema, SchemaType } from './schema.ts'
import { Decimal, Instant, Sized, schemaOfStruct, type Value } from './value.ts'

/** The Java class that a value would be of, as messages name it: `java.lang.Long`, `[B`. */
export function javaClass(value: Exclude<Value, null>, schema: Schema | null): string {
  if (typeof value === 'number') return NUMBER_CLASSES[numberType(value, schema?.type)]
  if (typeof value === 'bigint')
    return BigInt.asIntN(64, value) === value ? 'java.lang.Long' : 'java.math.BigInteger'
  if (typeof value === 'string') return 'java.lang.String'
  if (typeof value === 'boolean') return 'java.lang.Boolean'
  if (value instanceof Sized) return NUMBER_CLASSES[value.type]
  if (value instanceof Decimal) return 'java.math.BigDecimal'
  if (value instanceof Instant) return 'java.util.Date'
  if (Buffer.isBuffer(value)) return '[B'
  if (Array.isArray(value)) return 'java.util.ArrayList'
  const isStruct = schemaOfStruct(value) !== undefined || schema?.type === 'struct'
  return isStruct && !(value instanceof Map)
    ? 'org.apache.kafka.connect.data.Struct'
    : 'java.util.HashMap'
}

/** `INT32`, as messages call a type. */
export const typeName = (type: SchemaType): string => type.toUpperCase()

/** `Schema{INT32}`, `Schema{com.acme.User:STRUCT}` */
export const schemaText = ({ type, name }: Schema): string =>
  name === undefined ? `Schema{${typeName(type)}}` : `Schema{${name}:${typeName(type)}}`

/** Whether a number can be of this type; a float takes every number. */
export const fitsNumber = (value: number, type: SchemaType): boolean => {
  const bits = INTEGER_BITS[type]
  return bits === undefined
    ? type === 'float32' || type === 'float64'
    : Number.isInteger(value) && value >= -(2 ** (bits - 1)) && value < 2 ** (bits - 1)
}

const INTEGER_BITS: Partial<Record<SchemaType, number>> = { int8: 8, int16: 16, int32: 32 }

type NumberType = keyof typeof NUMBER_CLASSES

const NUMBER_CLASSES = {
  int8: 'java.lang.Byte',
  int16: 'java.lang.Short',
  int32: 'java.lang.Integer',
  int64: 'java.lang.Long',
  float32: 'java.lang.Float',
  float64: 'java.lang.Double',
}

/** A plain number is of its schema's type; where it does not fit that, whatever would hold it. */
function numberType(value: number, type: SchemaType | undefined): NumberType {
  if (type !== undefined && fitsNumber(value, type)) return type as NumberType
  const isWhole = type !== undefined && type in INTEGER_BITS && Number.isInteger(value)
  return isWhole && Math.abs(value) < 2 ** 63 ? 'int64' : 'float64'
}
