/** Where texts, numbers and words of JSON end, and what is wrong with them: `at` is where they begin. */
import { JsonFault, PLACELESS, shown } from './json-fault.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** @throws JsonFault */
export function stringAt(
  body: Buffer,
  at: number,
  where: 'name' | 'string value',
): { readonly text: string; readonly end: number } {
  let end = at + 1
  while (body[end] !== QUOTE)
    end = body[end] === BACKSLASH ? escapeEnd(body, end) : plainEnd(body, end, where)
  end++
  // All that may be wrong with it has been looked at.
  return { text: JSON.parse(body.toString('utf8', at, end)), end }
}

function plainEnd(body: Buffer, at: number, where: 'name' | 'string value'): number {
  const code = body[at]
  if (code === undefined) throw atEnd(where === 'name' ? 'field name' : 'VALUE_STRING', body)
  if (code >= 0x20) return at + 1
  throw new JsonFault(
    `Illegal unquoted character (${shown(code)}): has to be escaped using backslash to be included in ${where}`,
    at,
  )
}

function escapeEnd(body: Buffer, at: number): number {
  const sign = charAt(body, at + 1)
  if (sign === '') throw atEnd('character escape sequence', body)
  if ('"\\/bfnrt'.includes(sign)) return at + 2
  if (sign !== 'u')
    throw new JsonFault(`Unrecognized character escape ${shownAt(body, at + 1)}`, at + 1)
  for (let digit = at + 2; digit < at + 6; digit++) {
    if (digit >= body.length) throw atEnd('character escape sequence', body)
    if (!/[\da-f]/i.test(charAt(body, digit)))
      throw unexpected(body, digit, ': expected a hex-digit for character escape sequence')
  }
  return at + 6
}

const MAX_DIGITS = 1_000

type Around = { readonly isRoot: boolean; readonly last: string | undefined }

/** @throws JsonFault */
export function numberEnd(body: Buffer, start: number, { isRoot, last }: Around): number {
  let at = charAt(body, start) === '-' ? start + 1 : start
  const digits = (wanted: string) => {
    const from = at
    while (isDigit(body, at)) at++
    if (at > from) return
    if (at >= body.length) throw atEnd(tokenName(last), body)
    throw unexpected(body, at, ` in numeric value: ${wanted}`)
  }
  const whole = at
  digits('expected digit (0-9) to follow minus sign, for valid numeric value')
  if (charAt(body, whole) === '0' && at > whole + 1)
    throw new JsonFault('Invalid numeric value: Leading zeroes not allowed', whole + 1)
  if (charAt(body, at) === '.') {
    if (++at >= body.length) throw unexpected(body, at - 1, NO_FRACTION)
    digits('Decimal point not followed by a digit')
  }
  if (/e/i.test(charAt(body, at))) {
    at += /[+-]/.test(charAt(body, at + 1)) ? 2 : 1
    digits('Exponent indicator not followed by a digit')
  }
  if (at - start > MAX_DIGITS) throw tooLong(at - start)
  if (isRoot && at < body.length && !/[ \t\r\n]/.test(charAt(body, at)))
    throw unexpected(body, at, ': Expected space separating root-level values')
  return at
}

const NO_FRACTION = ' in numeric value: Decimal point not followed by a digit'

const isDigit = (body: Buffer, at: number): boolean => /\d/.test(charAt(body, at))

const tooLong = (length: number): JsonFault =>
  new JsonFault(
    `Number value length (${length}) exceeds the maximum allowed (${MAX_DIGITS}, from \`StreamReadConstraints.getMaxNumberLength()\`)`,
    PLACELESS,
  )

/** @throws JsonFault unless this very word stands there. */
export function wordEnd(body: Buffer, at: number, word: string): number {
  const found = wordAt(body, at)
  if (found === word) return at + word.length
  throw unrecognized(found, at)
}

/** Why no value begins here. */
export function refuseValue(body: Buffer, at: number, around: '{' | '[' | undefined): JsonFault {
  const sign = charAt(body, at)
  if (sign === ',' || sign === '}' || (sign === ']' && around === '['))
    return unexpected(body, at, ': expected a value')
  if (sign === '+') return refusePlus(body, at + 1)
  const word = wordAt(body, at)
  if (word === 'NaN' || word === 'Infinity')
    return new JsonFault(
      `Non-standard token '${word}': enable \`JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS\` to allow`,
      at + word.length,
    )
  // Jackson goes on behind the first byte of such a character.
  if ((body[at] ?? 0) > 0x7f)
    return new JsonFault(`Invalid UTF-8 start byte 0x${body[at + 1]?.toString(16)}`, at + 2)
  return word === ''
    ? unexpected(body, at, `: expected a valid value ${VALUES}`)
    : unrecognized(word, at)
}

function refusePlus(body: Buffer, at: number): JsonFault {
  if (at >= body.length) return atEnd('a Number value', body)
  return new JsonFault(
    "Unexpected character ('+' (code 43)) in numeric value: JSON spec does not allow numbers to have plus signs: enable `JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS` to allow",
    at,
  )
}

const VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
const MAX_WORD = 256

const unrecognized = (word: string, at: number): JsonFault => {
  const told = word.length >= MAX_WORD ? `${word.slice(0, MAX_WORD)}...` : word
  return new JsonFault(`Unrecognized token '${told}': was expecting ${VALUES}`, at)
}

/** What Java takes for an identifier, '' when there is none. */
function wordAt(body: Buffer, at: number): string {
  if (!/[A-Za-z_$]/.test(charAt(body, at))) return ''
  const text = body.toString('utf8', at, at + 4 * MAX_WORD)
  return /^[\p{L}\p{Nl}\p{Sc}\p{Pc}\p{Nd}\p{Mn}\p{Mc}]*/u.exec(text)?.[0] ?? ''
}

/** One byte as a character, '' at the end. */
const charAt = (body: Buffer, at: number): string => {
  const code = body[at]
  return code === undefined ? '' : String.fromCharCode(code)
}

const shownAt = (body: Buffer, at: number): string => shown(body[at] ?? 0)

const unexpected = (body: Buffer, at: number, wanted: string): JsonFault =>
  new JsonFault(`Unexpected character (${shownAt(body, at)})${wanted}`, at)

const atEnd = (where: string, body: Buffer): JsonFault =>
  new JsonFault(`Unexpected end-of-input in ${where}`, body.length)

/** Jackson's name of a token. */
export function tokenName(kind: string | undefined, text = ''): string {
  if (kind === undefined) return 'null'
  if (kind === 'number') return /[.e]/i.test(text) ? 'VALUE_NUMBER_FLOAT' : 'VALUE_NUMBER_INT'
  return TOKENS[kind] ?? `VALUE_${kind.toUpperCase()}`
}

const TOKENS: Readonly<Record<string, string>> = {
  '{': 'START_OBJECT',
  '}': 'END_OBJECT',
  '[': 'START_ARRAY',
  ']': 'END_ARRAY',
  name: 'FIELD_NAME',
}
