/** What stands in a masked field's place, by the Java class of what was there. */
import { parseDecimal } from '../data/decimal.ts'
import { javaClass } from '../data/java-class.ts'
import { asciiDigits } from '../data/parse-number.ts'
import type { Schema } from '../data/schema.ts'
import { Decimal, Instant, Sized, type Value } from '../data/value.ts'
import { DataError } from '../errors.ts'
import { toFloat64, toInt64 } from './cast/java-numbers.ts'

/** null stays null. @throws DataError for a value that cannot be masked, or not so. */
export type Mask = (value: Value, schema: Schema | null) => Value

/** Without a replacement it is the blank of the value's type: 0, false, the empty text. */
export function maskOf(replacement: string | null): Mask {
  const make = replacement === null ? blankOf : (found: string) => replaced(found, replacement)
  const made = new Map<string, Value>()
  return (value, schema) => {
    if (value === null) return null
    const found = javaClass(value, schema)
    const known = made.get(found)
    if (known !== undefined) return plain(known, schema)
    const mask = make(found)
    made.set(found, mask)
    return plain(mask, schema)
  }
}

/** A number that its schema tells the width of, or a double that no schema speaks against, goes without its own. */
function plain(value: Value, schema: Schema | null): Value {
  if (!(value instanceof Sized)) return value
  return value.type === (schema?.type ?? 'float64') ? value.value : value
}

const BLANKS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['java.lang.Boolean', false],
  ['java.lang.Byte', new Sized('int8', 0)],
  ['java.lang.Short', new Sized('int16', 0)],
  ['java.lang.Integer', new Sized('int32', 0)],
  ['java.lang.Long', 0n],
  ['java.lang.Float', new Sized('float32', 0)],
  ['java.lang.Double', new Sized('float64', 0)],
  ['java.math.BigInteger', 0n],
  ['java.math.BigDecimal', new Decimal(0n, 0)],
  ['java.util.Date', new Instant(0)],
  ['java.lang.String', ''],
  ['java.util.ArrayList', []],
  ['java.util.HashMap', new Map()],
])

function blankOf(found: string): Value {
  const blank = BLANKS.get(found)
  if (blank === undefined) throw new DataError(`Cannot mask value of type: class ${found}`)
  return blank
}

/** undefined: the text is no such number. Integers wrap, as Java's narrowing has it. */
const PARSERS: ReadonlyMap<string, (text: string) => Value | undefined> = new Map([
  ['java.lang.Byte', (text: string) => integer('int8', text)],
  ['java.lang.Short', (text: string) => integer('int16', text)],
  ['java.lang.Integer', (text: string) => integer('int32', text)],
  ['java.lang.Long', long],
  ['java.lang.Float', (text: string) => real('float32', text)],
  ['java.lang.Double', (text: string) => real('float64', text)],
  ['java.math.BigDecimal', decimalOf],
  [
    'java.math.BigInteger',
    (text: string) => (/^[+-]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : undefined),
  ],
])

/** Their texts are read by the class itself, which Kafka Connect words in another way. */
const BIG = new Set(['java.math.BigDecimal', 'java.math.BigInteger'])

function replaced(found: string, text: string): Value {
  if (found === 'java.lang.String') return text
  const parse = PARSERS.get(found)
  if (parse === undefined)
    throw new DataError(`Cannot mask value of type class ${found} with custom replacement.`)
  const value = parse(asciiDigits(text))
  if (value !== undefined) return value
  const target = BIG.has(found) ? 'number' : 'a number'
  throw new DataError(`Unable to convert ${text} (class java.lang.String) to ${target}`)
}

const BITS = { int8: 8, int16: 16, int32: 32 }

function integer(type: keyof typeof BITS, text: string): Value | undefined {
  const value = long(text)
  return value === undefined ? undefined : new Sized(type, Number(BigInt.asIntN(BITS[type], value)))
}

function long(text: string): bigint | undefined {
  const decimal = decimalOf(text)
  return decimal && toInt64(decimal)
}

function real(type: 'float32' | 'float64', text: string): Value | undefined {
  const decimal = decimalOf(text)
  if (decimal === undefined) return undefined
  const value = toFloat64(decimal)
  return new Sized(type, type === 'float32' ? Math.fround(value) : value)
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const [MIN_INT32, MAX_INT32] = [-(2 ** 31), 2 ** 31 - 1]
const hasRoom = (number: number): boolean => number >= MIN_INT32 && number <= MAX_INT32

/** `new BigDecimal(text)`, of which exponent and scale have 32 bits. */
function decimalOf(text: string): Decimal | undefined {
  if (!DECIMAL.test(text)) return undefined
  const exponent = Number(text.toLowerCase().split('e')[1] ?? 0)
  if (!hasRoom(exponent)) return undefined
  const decimal = parseDecimal(text)
  return hasRoom(decimal.scale) ? decimal : undefined
}
