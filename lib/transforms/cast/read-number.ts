/** Numbers in text as Java's parse methods read them; undefined where they throw a NumberFormatException. */
import { parseFloat32 } from '../../data/float-text.ts'
import { javaTrim } from '../../data/java-trim.ts'
import { asciiDigits } from '../../data/parse-number.ts'

/** Byte.parseByte, Short.parseShort and Integer.parseInt: a sign and digits, also of other scripts, and nothing else. */
export function readInteger(text: string, bits: 8 | 16 | 32): number | undefined {
  const digits = digitsOf(text)
  const number = digits === undefined ? Number.NaN : Number(digits)
  const limit = 2 ** (bits - 1)
  return number >= -limit && number < limit ? number | 0 : undefined
}

/** Long.parseLong */
export function readLong(text: string): bigint | undefined {
  const digits = digitsOf(text)
  if (digits === undefined) return undefined
  const number = BigInt(digits.replace('+', ''))
  return BigInt.asIntN(64, number) === number ? number : undefined
}

function digitsOf(text: string): string | undefined {
  const digits = asciiDigits(text)
  return /^[+-]?\d+$/.test(digits) ? digits : undefined
}

/** Float.parseFloat */
export function readFloat(text: string): number | undefined {
  const decimal = decimalOf(text)
  return decimal === undefined ? undefined : parseFloat32(decimal)
}

/** Double.parseDouble */
export function readDouble(text: string): number | undefined {
  const decimal = decimalOf(text)
  return decimal === undefined ? undefined : Number(decimal)
}

const DECIMAL = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[fFdD]?$/
const HEXADECIMAL =
  /^([+-]?)0[xX](?:([\da-fA-F]+)\.?|([\da-fA-F]*)\.([\da-fA-F]+))[pP]([+-]?\d+)[fFdD]?$/
const NO_NUMBER = /^[+-]?(?:NaN|Infinity)$/

/** The same number as text that JavaScript reads. */
function decimalOf(text: string): string | undefined {
  const trimmed = javaTrim(text)
  const decimal = DECIMAL.exec(trimmed)?.[1]
  if (decimal !== undefined) return decimal
  if (NO_NUMBER.test(trimmed)) return trimmed.endsWith('NaN') ? 'NaN' : trimmed
  const hexadecimal = HEXADECIMAL.exec(trimmed)
  if (hexadecimal === null) return undefined
  const [, sign = '', whole = '', head = '', fraction = '', exponent = ''] = hexadecimal
  return sign + decimalOfHex(whole + head + fraction, Number(exponent) - 4 * fraction.length)
}

/** Beyond this power of two every number is infinite, and below its inverse zero. */
const GREATEST_POWER = 2000

/** digits × 2^exponent, exactly. */
function decimalOfHex(digits: string, exponent: number): string {
  const mantissa = BigInt(`0x${digits}`)
  const power = exponent + mantissa.toString(2).length
  if (mantissa === 0n || power < -GREATEST_POWER) return '0'
  if (power > GREATEST_POWER) return 'Infinity'
  if (exponent >= 0) return String(mantissa << BigInt(exponent))
  return `${mantissa * 5n ** BigInt(-exponent)}e${exponent}`
}
