import { DATE, DECIMAL, dateOfDays, MS_PER_DAY, TIME, TIMESTAMP } from '../../data/logical-types.ts'
import type { Schema, SchemaType } from '../../data/schema.ts'
import { Instant, type Value } from '../../data/value.ts'
import { fromBase64 } from './base64.ts'
import { type DecodeSettings, decimalOfText, doubleOf, floatOf } from './convert.ts'
import { type Cursor, isDigit, numberEnd, readString } from './parse.ts'
import { quote } from './quote.ts'

/** Given back for whatever is not written as Kafka Connect itself writes it: the general reader decides then, from the beginning. */
export const IRREGULAR: unique symbol = Symbol('irregular')

/** Reads straight into values, with no tree between. What it gives is what the general reader would give. */
export type FastRead = (cursor: Cursor) => Value | typeof IRREGULAR

export function fastReader(schema: Schema, settings: DecodeSettings): FastRead {
  const read = presentReader(schema, settings)
  const fallback = settings.replaceNullWithDefault ? (schema.default ?? null) : null
  const nothing = fallback !== null || schema.optional ? fallback : IRREGULAR
  return (cursor) => {
    if (cursor.text.charCodeAt(cursor.at) !== 110) return read(cursor)
    return takes(cursor, 'null') ? nothing : IRREGULAR
  }
}

function presentReader(schema: Schema, settings: DecodeSettings): FastRead {
  if (schema.name !== undefined && LOGICAL_NAMES.has(schema.name))
    return LOGICAL.get(`${schema.name} ${schema.type}`)?.(schema) ?? irregular
  switch (schema.type) {
    case 'array':
      return arrayReader(schema, settings)
    case 'map':
      return schema.keys?.type === 'string' ? objectReader(schema, settings) : irregular
    case 'struct':
      return structReader(schema, settings)
    default:
      return PRIMITIVES[schema.type]
  }
}

const irregular: FastRead = () => IRREGULAR

function takes(cursor: Cursor, text: string): boolean {
  if (!cursor.text.startsWith(text, cursor.at)) return false
  cursor.at += text.length
  return true
}

function takesCode(cursor: Cursor, code: number): boolean {
  if (cursor.text.charCodeAt(cursor.at) !== code) return false
  cursor.at++
  return true
}

const QUOTE = 34
const COMMA = 44
const COLON = 58

const readText: FastRead = (cursor) =>
  cursor.text.charCodeAt(cursor.at) === QUOTE ? readString(cursor) : IRREGULAR

/** As many digits as a double holds exactly. */
const EXACT_DIGITS = 15
const INT64_DIGITS = 19

/** NaN, which no integer is, when it is none or too long. */
function readExact(cursor: Cursor): number {
  const { text } = cursor
  const isNegative = text.charCodeAt(cursor.at) === 45
  const from = isNegative ? cursor.at + 1 : cursor.at
  let at = from
  let number = 0
  for (let code = text.charCodeAt(at); isDigit(code); code = text.charCodeAt(++at))
    number = number * 10 + code - 48
  if (at === from || at - from > EXACT_DIGITS) return Number.NaN
  cursor.at = at
  return isNegative ? 0 - number : number
}

const integerReader =
  (limit: number): FastRead =>
  (cursor) => {
    const number = readExact(cursor)
    return number >= -limit && number < limit ? number : IRREGULAR
  }

const readLong: FastRead = (cursor) => {
  const number = readExact(cursor)
  if (!Number.isNaN(number)) return BigInt(number)
  const { text, at } = cursor
  const end = numberEnd(text, at)
  const digits = text.slice(at, end)
  if (end - at > INT64_DIGITS || !/^-?\d+$/.test(digits)) return IRREGULAR
  cursor.at = end
  return BigInt.asIntN(64, BigInt(digits))
}

/** A longer one may be over Jackson's limit. */
const PLAIN_REAL = /^-?\d{1,40}(?:\.\d{1,40})?(?:[eE][+-]?\d{1,3})?$/

function realReader(numberOf: (text: string) => number): FastRead {
  return (cursor) => {
    const end = numberEnd(cursor.text, cursor.at)
    const text = cursor.text.slice(cursor.at, end)
    if (!PLAIN_REAL.test(text)) return IRREGULAR
    cursor.at = end
    return numberOf(text)
  }
}

const readBoolean: FastRead = (cursor) => {
  if (takes(cursor, 'true')) return true
  return takes(cursor, 'false') ? false : IRREGULAR
}

const readBytes: FastRead = (cursor) => {
  const text = readText(cursor)
  return typeof text === 'string' ? (fromBase64(text) ?? IRREGULAR) : IRREGULAR
}

const PRIMITIVES: Readonly<Record<Exclude<SchemaType, 'array' | 'map' | 'struct'>, FastRead>> = {
  int8: integerReader(2 ** 7),
  int16: integerReader(2 ** 15),
  int32: integerReader(2 ** 31),
  int64: readLong,
  float32: realReader(floatOf),
  float64: realReader(doubleOf),
  boolean: readBoolean,
  string: readText,
  bytes: readBytes,
}

function arrayReader({ values }: Schema, settings: DecodeSettings): FastRead {
  if (values === undefined) return irregular
  const read = fastReader(values, settings)
  return (cursor) => {
    const elements: Value[] = []
    if (takes(cursor, '[]')) return elements
    if (!takes(cursor, '[')) return IRREGULAR
    do {
      const element = read(cursor)
      if (element === IRREGULAR) return IRREGULAR
      elements.push(element)
    } while (takesCode(cursor, COMMA))
    return takes(cursor, ']') ? elements : IRREGULAR
  }
}

function objectReader({ values }: Schema, settings: DecodeSettings): FastRead {
  if (values === undefined) return irregular
  const read = fastReader(values, settings)
  return (cursor) => {
    const members = new Map<Value, Value>()
    if (takes(cursor, '{}')) return members
    if (!takes(cursor, '{')) return IRREGULAR
    do {
      const key = readText(cursor)
      if (key === IRREGULAR || !takesCode(cursor, COLON)) return IRREGULAR
      const value = read(cursor)
      if (value === IRREGULAR) return IRREGULAR
      members.set(key, value)
    } while (takesCode(cursor, COMMA))
    return takes(cursor, '}') ? members : IRREGULAR
  }
}

/** Every field, once, in the schema's order: else it is irregular. */
function structReader({ fields = [] }: Schema, settings: DecodeSettings): FastRead {
  const names = fields.map(({ name }) => name)
  if (names.length === 0) return irregular
  const leads = names.map((name, at) => bytesText(`${at === 0 ? '{' : ','}${quote(name)}:`))
  const reads = fields.map(({ schema }) => fastReader(schema, settings))
  const empty = Object.fromEntries(names.map((name) => [name, null]))
  return (cursor) => {
    // A copy has all members in place, `__proto__` as one like the others.
    const struct: Record<string, Value> = { ...empty }
    for (let at = 0; at < reads.length; at++) {
      if (!takes(cursor, leads[at] as string)) return IRREGULAR
      const value = (reads[at] as FastRead)(cursor)
      if (value === IRREGULAR) return IRREGULAR
      struct[names[at] as string] = value
    }
    return takes(cursor, '}') ? struct : IRREGULAR
  }
}

/** As a cursor's text has it: a character a byte. */
const bytesText = (text: string): string => Buffer.from(text).toString('latin1')

const LOGICAL_NAMES: ReadonlySet<string> = new Set([DATE, TIME, TIMESTAMP, DECIMAL])

const LOGICAL: ReadonlyMap<string, (schema: Schema) => FastRead> = new Map([
  [`${DATE} int32`, () => ofInteger(2 ** 31, dateOfDays)],
  [`${TIME} int32`, () => ofInteger(MS_PER_DAY, (ms) => (ms < 0 ? IRREGULAR : new Instant(ms)))],
  [`${TIMESTAMP} int64`, () => ofInteger(Number.MAX_SAFE_INTEGER, (ms) => new Instant(ms))],
  [`${DECIMAL} bytes`, decimalReader],
])

const ofInteger =
  (limit: number, instant: (number: number) => Instant | typeof IRREGULAR): FastRead =>
  (cursor) => {
    const number = readExact(cursor)
    return number >= -limit && number < limit ? instant(number) : IRREGULAR
  }

function decimalReader(schema: Schema): FastRead {
  return (cursor) => {
    const text = readText(cursor)
    return typeof text === 'string' ? (decimalOfText(schema, text) ?? IRREGULAR) : IRREGULAR
  }
}
