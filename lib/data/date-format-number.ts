/** An integer in a text as java.text.NumberFormat of whole numbers reads it, cut to 32 bits as Number.intValue does. */
export type FoundInteger = { readonly value: number; readonly end: number }

// More digits may be more than 32 bits.
const FEW_DIGITS = 9

/** Reads from `start`, and nothing from `limit` on. undefined where no number begins. */
export function readInteger(text: string, start: number, limit: number): FoundInteger | undefined {
  const isNegative = text.charCodeAt(start) === MINUS && start < limit
  let at = isNegative ? start + 1 : start
  const first = at
  let size = 0
  for (; at < limit && at - first < FEW_DIGITS; at++) {
    const digit = text.charCodeAt(at) - ZERO
    if (digit < 0 || digit > 9) break
    size = size * 10 + digit
  }
  const isPlain = at > first && (at === limit || isDelimiter(text.charCodeAt(at)))
  return isPlain
    ? { value: isNegative ? -size : size, end: at }
    : readUnusual(text.slice(0, limit), start)
}

const MINUS = 0x2d
const ZERO = 0x30
const EXPONENT = 0x45

const isDelimiter = (code: number): boolean =>
  (code < ZERO || code > 0x39) && code !== EXPONENT && code < 0x80

const DIGITS = '[\\p{Nd}--[\\u{10000}-\\u{10FFFF}]]'
const NUMBER = new RegExp(`(-?)(?:(${DIGITS}+)(?:E(-?${DIGITS}{1,18}))?|(∞))|(NaN)`, 'vy')

/** Many digits, digits of other scripts, `12E3`, and what is no number. */
function readUnusual(text: string, start: number): FoundInteger | undefined {
  NUMBER.lastIndex = start
  const match = NUMBER.exec(text)
  if (!match) return undefined
  const [all, minus, digits, exponent, , noNumber] = match
  const end = start + all.length
  if (noNumber) return { value: 0, end }
  if (digits === undefined) return { value: minus ? INT_MIN : INT_MAX, end }
  return { value: intValue(`${minus}${latin(digits)}`, Number(latin(exponent ?? '0'))), end }
}

const INT_MIN = -(2 ** 31)
const INT_MAX = 2 ** 31 - 1

/** A long keeps its lower 32 bits; what is no long is a double, which is cut off at the limits. */
function intValue(digits: string, exponent: number): number {
  const long = exponent >= 0 && exponent < 20 ? BigInt(digits) * 10n ** BigInt(exponent) : undefined
  if (long !== undefined && BigInt.asIntN(64, long) === long) return Number(BigInt.asIntN(32, long))
  return Math.max(INT_MIN, Math.min(INT_MAX, Math.trunc(Number(`${digits}e${exponent}`))))
}

const latin = (digits: string): string =>
  digits.replace(/[^\x20-\x7f]/g, (digit) => String(digitOf(digit)))

export const isDigit = (char: string): boolean => /^\p{Nd}$/u.test(char)

/** Unicode has the digits of a script in order, zero first. */
function digitOf(digit: string): number {
  const code = digit.charCodeAt(0)
  let zero = code
  while (code - zero < 9 && isDigit(String.fromCharCode(zero - 1))) zero--
  return code - zero
}
