import { Decimal } from './value.ts'

/** Two's complement, big-endian, as short as can be: BigInteger.toByteArray. */
export function decimalToBytes(unscaled: bigint): Buffer {
  const number = Number(unscaled)
  return Math.abs(number) < 2 ** 47 ? smallToBytes(number) : largeToBytes(unscaled)
}

function smallToBytes(number: number): Buffer {
  let length = 1
  for (let limit = 0x80; number < -limit || number >= limit; limit *= 0x100) length++
  const bytes = Buffer.allocUnsafe(length)
  bytes.writeIntBE(number, 0, length)
  return bytes
}

function largeToBytes(unscaled: bigint): Buffer {
  const hex = (unscaled < 0n ? ~unscaled : unscaled).toString(16)
  const even = hex.length % 2 === 0 ? hex : `0${hex}`
  const bytes = Buffer.from(even >= '8' ? `00${even}` : even, 'hex')
  if (unscaled < 0n) for (let at = 0; at < bytes.length; at++) bytes[at] = ~(bytes[at] ?? 0)
  return bytes
}

const SMALL_BYTES = 6

/** An empty buffer is no number: the caller refuses it. */
export const decimalFromBytes = (bytes: Buffer): bigint =>
  bytes.length <= SMALL_BYTES
    ? BigInt(bytes.readIntBE(0, bytes.length))
    : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`))

/** BigDecimal.toString: `10.50`, `5E+3`, `1E-10`. */
export function decimalText({ unscaled, scale }: Decimal): string {
  const sign = unscaled < 0n ? '-' : ''
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString()
  if (scale === 0) return sign + digits
  const exponent = digits.length - 1 - scale
  if (scale > 0 && exponent >= -6) return sign + withPoint(digits, scale)
  const coefficient = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits
  if (exponent === 0) return sign + coefficient
  return `${sign}${coefficient}E${exponent > 0 ? '+' : ''}${exponent}`
}

function withPoint(digits: string, scale: number): string {
  const padded = digits.padStart(scale + 1, '0')
  return `${padded.slice(0, -scale)}.${padded.slice(-scale)}`
}

/** The text of a number, `-12.50e-3`, with its scale kept, as `new BigDecimal(text)`. The caller has checked the text. */
export function parseDecimal(text: string): Decimal {
  const [number = '', exponent = '0'] = text.toLowerCase().split('e')
  const point = number.indexOf('.')
  const fraction = point < 0 ? 0 : number.length - point - 1
  return new Decimal(BigInt(number.replace('.', '').replace('+', '')), fraction - Number(exponent))
}
