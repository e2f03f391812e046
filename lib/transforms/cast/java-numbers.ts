/** Numbers as Java narrows, widens and reads them. */
import { decimalText } from '../../data/decimal.ts'
import { parseFloat32 } from '../../data/float-text.ts'
import type { Schema, SchemaType } from '../../data/schema.ts'
import { Decimal, Sized, type Value } from '../../data/value.ts'

/** A number, and whether it is of a Java type that holds no fractions. */
export type JavaNumber =
  | { readonly whole: true; readonly value: number | bigint }
  | { readonly whole: false; readonly value: number }
  | Decimal

/** undefined when the value is no number. */
export function numberOf(value: Value, schema: Schema | null): JavaNumber | undefined {
  if (typeof value === 'number') {
    const whole = schema !== null && SMALL_INTEGERS.has(schema.type) && Number.isInteger(value)
    return { whole, value }
  }
  if (typeof value === 'bigint') return { whole: true, value }
  if (value instanceof Sized) return { whole: SMALL_INTEGERS.has(value.type), value: value.value }
  return value instanceof Decimal ? value : undefined
}

const SMALL_INTEGERS: ReadonlySet<SchemaType> = new Set(['int8', 'int16', 'int32'])

/** Number.intValue: integers and decimals wrap, floats stop at the greatest and the least. NaN is 0. */
export function toInt32(number: JavaNumber): number {
  if (number instanceof Decimal) return Number(BigInt.asIntN(32, wholePartOf(number)))
  if (typeof number.value === 'bigint') return Number(BigInt.asIntN(32, number.value))
  return number.whole
    ? number.value | 0
    : Math.max(MIN_INT32, Math.min(MAX_INT32, number.value)) | 0
}

// Java has no narrower conversion of its own: byteValue and shortValue cut off what intValue gives.
export const toInt16 = (number: JavaNumber): number => (toInt32(number) << 16) >> 16
export const toInt8 = (number: JavaNumber): number => (toInt32(number) << 24) >> 24

/** Number.longValue */
export function toInt64(number: JavaNumber): bigint {
  if (number instanceof Decimal) return BigInt.asIntN(64, wholePartOf(number))
  const { value } = number
  if (typeof value === 'bigint') return BigInt.asIntN(64, value)
  if (number.whole) return BigInt(value)
  if (value >= 2 ** 63) return MAX_INT64
  if (value <= -(2 ** 63)) return MIN_INT64
  return Number.isNaN(value) ? 0n : BigInt(Math.trunc(value))
}

/** Number.floatValue, rounded once. */
export function toFloat32(number: JavaNumber): number {
  if (number instanceof Decimal) return parseFloat32(decimalText(number))
  const { value } = number
  const isExact = typeof value === 'number' || Number.isSafeInteger(Number(value))
  return isExact ? Math.fround(Number(value)) : parseFloat32(String(value))
}

/** Number.doubleValue */
export const toFloat64 = (number: JavaNumber): number =>
  Number(number instanceof Decimal ? decimalText(number) : number.value)

const [MIN_INT32, MAX_INT32] = [-(2 ** 31), 2 ** 31 - 1]
const [MIN_INT64, MAX_INT64] = [-(2n ** 63n), 2n ** 63n - 1n]

/** From here on every number is a multiple of 2^64. */
const ALL_ZERO_BITS = 64

/** Rounded toward zero; beyond 64 bits only those bits are right. */
function wholePartOf({ unscaled, scale }: Decimal): bigint {
  if (scale <= -ALL_ZERO_BITS) return 0n
  if (scale <= 0) return unscaled * 10n ** BigInt(-scale)
  const digits = String(unscaled).length - (unscaled < 0n ? 1 : 0)
  return digits <= scale ? 0n : unscaled / 10n ** BigInt(scale)
}
