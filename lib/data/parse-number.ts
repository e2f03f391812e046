import { parseFloat32 } from './float-text.ts'
import { decimalSchema } from './logical-types.ts'
import type { SchemaAndValue } from './schema.ts'
import { Decimal, Sized } from './value.ts'

/**
 * A number in the smallest type that holds it: a whole one as int8 to int64, any other as float32 as long as that is finite, then as float64,
 * then as Decimal. undefined for what `new BigDecimal(text)` refuses. Numbers up to 32 bits, and doubles, are Sized.
 */
export function parseNumber(text: string): SchemaAndValue | undefined {
  const ascii = asciiDigits(text)
  const [, sign, whole = '', fraction = '', exponent] = NUMBER.exec(ascii) ?? []
  if (sign === undefined || whole + fraction === '') return undefined
  const scale = scaleOf(fraction, exponent)
  if (scale === undefined) return undefined
  const digits = (whole + fraction).replace(/^0+/, '')
  return wholeNumber(sign, digits, scale) ?? real(ascii, scale) ?? decimal(sign + digits, scale)
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/
const NOT_ASCII = /[^\0-\x7f]/g

/** Java knows the decimal digits of every script, as long as one is a single UTF-16 unit. */
export const isDigit = (char: string): boolean => /^\p{Nd}$/u.test(char) && char.length === 1

/** The same text with every digit from 0 to 9. */
export const asciiDigits = (text: string): string => text.replace(NOT_ASCII, asciiDigit)

/** Each script has its ten digits in a row, and no zero but at 0 or 6 in its row of sixteen. */
function asciiDigit(char: string): string {
  if (!isDigit(char)) return char
  const code = char.charCodeAt(0)
  const rowStart = code & ~0xf
  const zero = isDigit(String.fromCharCode(rowStart)) ? rowStart : rowStart + 6
  return String(code - zero)
}

const MAX_INT32 = 0x7fff_ffff

/** undefined where exponent or scale have no room in 32 bits. */
function scaleOf(fraction: string, exponent = '0'): number | undefined {
  const scale = fraction.length - Number(exponent)
  const hasRoom = Math.abs(Number(exponent)) <= MAX_INT32 && Math.abs(scale) <= MAX_INT32
  return hasRoom ? scale : undefined
}

const WHOLE_TYPES = [
  ['int8', 2n ** 7n],
  ['int16', 2n ** 15n],
  ['int32', 2n ** 31n],
] as const
const MOST_LONG_DIGITS = 19

/** `digits` have no leading zero. */
function wholeNumber(sign: string, digits: string, scale: number): SchemaAndValue | undefined {
  if (digits === '') return { schema: { type: 'int8' }, value: new Sized('int8', 0) }
  const size = digits.length - scale
  if (size < 1 || size > MOST_LONG_DIGITS || hasFraction(digits, size)) return undefined
  const number = BigInt(digits.slice(0, size).padEnd(size, '0')) * (sign === '-' ? -1n : 1n)
  for (const [type, limit] of WHOLE_TYPES)
    if (number >= -limit && number < limit)
      return { schema: { type }, value: new Sized(type, Number(number)) }
  return BigInt.asIntN(64, number) === number
    ? { schema: { type: 'int64' }, value: number }
    : undefined
}

const hasFraction = (digits: string, size: number): boolean => /[^0]/.test(digits.slice(size))

/** A number without point and exponent is none, and what a double cannot hold either. */
function real(text: string, scale: number): SchemaAndValue | undefined {
  if (scale === 0) return undefined
  const float = parseFloat32(text)
  if (Number.isFinite(float))
    return { schema: { type: 'float32' }, value: new Sized('float32', float) }
  const double = Number(text)
  return Number.isFinite(double)
    ? { schema: { type: 'float64' }, value: new Sized('float64', double) }
    : undefined
}

const decimal = (integer: string, scale: number): SchemaAndValue => ({
  schema: decimalSchema(scale),
  value: new Decimal(BigInt(integer.replace('+', '')), scale),
})
