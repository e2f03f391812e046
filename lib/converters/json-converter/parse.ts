import { DataError } from '../../errors.ts'
import { MAX_DEPTH } from './depth.ts'
import { decodeUtf8 } from './utf8.ts'

/** Where reading stands. `text` is the bytes from `base` on, a character a byte, so that a place in it is a place in the bytes. */
export type Cursor = {
  readonly bytes: Buffer
  readonly base: number
  readonly text: string
  at: number
  /** objects and arrays around */
  depth: number
}

export type Json<N> = null | boolean | string | N | Json<N>[] | Map<string, Json<N>>

/** What becomes of the text of a number. `real` has a point or an exponent. */
export type Numbers<N> = {
  readonly integer: (text: string) => N
  readonly real: (text: string) => N
}

export const cursorAt = (bytes: Buffer, base: number, depth: number): Cursor => ({
  bytes,
  base,
  text: bytes.toString('latin1', base),
  at: 0,
  depth,
})

/** Kafka Connect says no more than this; where it went wrong is in the cause. */
export const malformed = (cursor: Cursor, at: number, what: string): DataError =>
  new DataError('Converting byte[] to Kafka Connect data failed due to serialization error: ', {
    cause: new SyntaxError(`${what} at byte ${cursor.base + at}`),
  })

/** A value as Jackson reads it: leading zeros are allowed, comments, single quotes and NaN are not. Leaves the cursor behind it. @throws DataError */
export function readValue<N>(cursor: Cursor, numbers: Numbers<N>): Json<N> {
  skipBlanks(cursor)
  const code = cursor.text.charCodeAt(cursor.at)
  if (code === QUOTE) return readString(cursor)
  if (code === OPEN_OBJECT) return readObject(cursor, numbers)
  if (code === OPEN_ARRAY) return readArray(cursor, numbers)
  if (code === MINUS || isDigit(code)) return readNumber(cursor, numbers)
  return readWord(cursor)
}

export function skipBlanks(cursor: Cursor): void {
  let code = cursor.text.charCodeAt(cursor.at)
  while (code === 32 || code === 10 || code === 13 || code === 9)
    code = cursor.text.charCodeAt(++cursor.at)
}

export const isAtEnd = (cursor: Cursor): boolean => cursor.at >= cursor.text.length

/** What follows a document is ignored, but for what sticks to a number or word that stands alone. */
export function checkRootEnd(cursor: Cursor): void {
  const { text, at } = cursor
  const last = text.charCodeAt(at - 1)
  const isWord = last === 101 || last === 108
  if (
    isDigit(last) ? !BLANK_OR_END.test(text.charAt(at)) : isWord && isWordPart(text.charCodeAt(at))
  )
    throw malformed(cursor, at, 'unexpected character')
}

const BLANK_OR_END = /^[ \t\r\n]?$/

const isWordPart = (code: number): boolean =>
  isDigit(code) ||
  (code >= 65 && code <= 90) ||
  (code >= 97 && code <= 122) ||
  code === 95 ||
  code > 126

const QUOTE = 34
const COMMA = 44
const MINUS = 45
const COLON = 58
const OPEN_ARRAY = 91
const BACKSLASH = 92
const CLOSE_ARRAY = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125

export const isDigit = (code: number): boolean => code >= 48 && code <= 57

function readWord(cursor: Cursor): null | boolean {
  const { text, at } = cursor
  for (const [word, value] of WORDS)
    if (text.startsWith(word, at)) {
      cursor.at += word.length
      return value
    }
  throw malformed(cursor, at, isAtEnd(cursor) ? 'unexpected end' : 'unexpected character')
}

const WORDS: readonly (readonly [string, null | boolean])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
]

function readObject<N>(cursor: Cursor, numbers: Numbers<N>): Map<string, Json<N>> {
  const members = new Map<string, Json<N>>()
  for (let key = firstKey(cursor); key !== undefined; key = nextKey(cursor))
    members.set(key, readValue(cursor, numbers))
  return members
}

/** Enters an object; undefined when it is empty, and then it is left already. */
export function firstKey(cursor: Cursor): string | undefined {
  enter(cursor)
  skipBlanks(cursor)
  return leaves(cursor, CLOSE_OBJECT) ? undefined : readKey(cursor)
}

/** The key of the next member; undefined at the object's end. */
export function nextKey(cursor: Cursor): string | undefined {
  skipBlanks(cursor)
  if (leaves(cursor, CLOSE_OBJECT)) return undefined
  expect(cursor, COMMA)
  skipBlanks(cursor)
  return readKey(cursor)
}

function readKey(cursor: Cursor): string {
  if (cursor.text.charCodeAt(cursor.at) !== QUOTE)
    throw malformed(cursor, cursor.at, 'expected a key')
  const { at } = cursor
  const key = readString(cursor)
  // Jackson lets half a pair pass in a value, but not in a key.
  if (!key.isWellFormed()) throw malformed(cursor, at, 'half a surrogate pair in a key')
  skipBlanks(cursor)
  expect(cursor, COLON)
  return key
}

function readArray<N>(cursor: Cursor, numbers: Numbers<N>): Json<N>[] {
  const elements: Json<N>[] = []
  enter(cursor)
  skipBlanks(cursor)
  if (leaves(cursor, CLOSE_ARRAY)) return elements
  for (;;) {
    elements.push(readValue(cursor, numbers))
    skipBlanks(cursor)
    if (leaves(cursor, CLOSE_ARRAY)) return elements
    expect(cursor, COMMA)
  }
}

function enter(cursor: Cursor): void {
  cursor.at++
  cursor.depth++
  if (cursor.depth > MAX_DEPTH)
    throw malformed(cursor, cursor.at, `nested deeper than ${MAX_DEPTH}`)
}

function leaves(cursor: Cursor, close: number): boolean {
  if (cursor.text.charCodeAt(cursor.at) !== close) return false
  cursor.at++
  cursor.depth--
  return true
}

function expect(cursor: Cursor, code: number): void {
  if (cursor.text.charCodeAt(cursor.at) !== code)
    throw malformed(cursor, cursor.at, `expected ${String.fromCharCode(code)}`)
  cursor.at++
}

/** Jackson's limit, which leaves out leading zeros, sign, point and the letter of an exponent. */
const MAX_DIGITS = 1000

function readNumber<N>(cursor: Cursor, numbers: Numbers<N>): N {
  const from = cursor.at
  const end = numberEnd(cursor.text, from)
  if (end === 0) throw malformed(cursor, from, 'malformed number')
  cursor.at = end
  const text = cursor.text.slice(from, end)
  if (text.length > MAX_DIGITS && digitsOf(text) > MAX_DIGITS)
    throw malformed(cursor, from, 'number too long')
  if (!isReal(text)) return numbers.integer(text)
  if (!hasScale(text)) throw malformed(cursor, from, 'exponent out of range')
  return numbers.real(text)
}

const digitsOf = (text: string): number =>
  text.replace(/^-?0*(?=\d)/, '').replace(/[^\d]/g, '').length

const isReal = (text: string): boolean => /[.eE]/.test(text)

/** A BigDecimal's exponent and scale have 32 bits. */
function hasScale(text: string): boolean {
  const [number = '', exponent] = text.split(/e/i)
  if (exponent === undefined) return true
  const point = number.indexOf('.')
  const scale = (point < 0 ? 0 : number.length - point - 1) - Number(exponent)
  return isInt32(Number(exponent)) && isInt32(scale)
}

const isInt32 = (number: number): boolean => number >= -(2 ** 31) && number < 2 ** 31

/** Where the number that begins here ends; 0 when it is none. */
export function numberEnd(text: string, from: number): number {
  const start = text.charCodeAt(from) === MINUS ? from + 1 : from
  let at = digitsEnd(text, start)
  if (at === start) return 0
  if (text.charCodeAt(at) === 46) {
    const fraction = at + 1
    at = digitsEnd(text, fraction)
    if (at === fraction) return 0
  }
  if ((text.charCodeAt(at) | 32) !== 101) return at
  const sign = text.charCodeAt(at + 1)
  const exponent = sign === 43 || sign === MINUS ? at + 2 : at + 1
  at = digitsEnd(text, exponent)
  return at === exponent ? 0 : at
}

function digitsEnd(text: string, from: number): number {
  let at = from
  while (isDigit(text.charCodeAt(at))) at++
  return at
}

/** Begins at the opening quote. */
export function readString(cursor: Cursor): string {
  const { text } = cursor
  const from = cursor.at + 1
  let at = from
  let isAscii = true
  let code = text.charCodeAt(at)
  while (code !== QUOTE) {
    if (code === BACKSLASH) return readEscapedString(cursor, from)
    // NaN, past the end, is not above 31 either.
    if (!(code > 31)) throw malformed(cursor, at, 'unfinished string or control character in it')
    if (code > 126) isAscii = false
    code = text.charCodeAt(++at)
  }
  cursor.at = at + 1
  return isAscii ? text.slice(from, at) : rawText(cursor, from, at)
}

function readEscapedString(cursor: Cursor, from: number): string {
  const { text } = cursor
  let result = ''
  let start = from
  for (;;) {
    const at = specialFrom(text, start)
    if (at > start) result += rawText(cursor, start, at)
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      cursor.at = at + 1
      return result
    }
    const short = code === BACKSLASH ? SHORT[text.charAt(at + 1)] : undefined
    result += short ?? escapedUnit(cursor, at)
    start = at + (short === undefined ? 6 : 2)
  }
}

function escapedUnit(cursor: Cursor, at: number): string {
  const unit = cursor.text.slice(at, at + 6)
  if (!/^\\u[0-9a-fA-F]{4}$/.test(unit))
    throw malformed(cursor, at, 'malformed or unfinished string')
  return String.fromCharCode(Number.parseInt(unit.slice(2), 16))
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

function specialFrom(text: string, from: number): number {
  let at = from
  for (;;) {
    const code = text.charCodeAt(at)
    if (code === QUOTE || code === BACKSLASH || !(code > 31)) return at
    at++
  }
}

function rawText(cursor: Cursor, from: number, to: number): string {
  const text = decodeUtf8(cursor.bytes, cursor.base + from, cursor.base + to)
  if (text === undefined) throw malformed(cursor, from, 'malformed UTF-8 in string')
  return text
}
