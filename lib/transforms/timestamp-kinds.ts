/** The forms that a point in time may have, and the way from each to each: over milliseconds since 1970, exact in 64 bits. */
import type { DateFormat } from '../data/date-format.ts'
import { javaClass, schemaText } from '../data/java-class.ts'
import {
  DATE,
  DATE_SCHEMA,
  TIME,
  TIME_SCHEMA,
  TIMESTAMP,
  TIMESTAMP_SCHEMA,
  timestampOfMs,
} from '../data/logical-types.ts'
import type { Schema } from '../data/schema.ts'
import { Instant, type Value } from '../data/value.ts'
import { ConnectError, DataError } from '../errors.ts'
import { optionalIf } from './schema-builder.ts'

export const TARGETS = ['string', 'unix', 'Date', 'Time', 'Timestamp'] as const
export const PRECISIONS = ['nanoseconds', 'microseconds', 'milliseconds', 'seconds'] as const

type Kind = (typeof TARGETS)[number]

/** null stays null. @throws DataError for a value that is no time of the expected kind. */
export type Convert = (value: Value) => Value

export type Conversion = {
  readonly target: string
  /** with the text it was made of */
  readonly format: (DateFormat & { readonly pattern: string }) | undefined
  readonly precision: string
}

const SCHEMAS: Readonly<Record<string, Schema>> = {
  string: { type: 'string' },
  unix: { type: 'int64' },
  Date: DATE_SCHEMA,
  Time: TIME_SCHEMA,
  Timestamp: TIMESTAMP_SCHEMA,
}

export const targetSchema = (target: string, optional: boolean | undefined): Schema => ({
  // The targets are those above.
  ...(SCHEMAS[target] as Schema),
  ...optionalIf(optional),
})

/** Gives what converts values of a schema; null: each by its own class. @throws ConnectError for a schema of no time. */
export function converting(conversion: Conversion): (schema: Schema | null) => Convert {
  const write = WRITES[conversion.target as Kind](conversion)
  return (schema) => {
    const kind = schema && kindOf(schema)
    return (value) => {
      if (value === null) return null
      const ms = READS[kind ?? inferredKind(value)](value, conversion, schema)
      return write(ms)
    }
  }
}

function kindOf(schema: Schema): Kind {
  if (schema.name === TIMESTAMP) return 'Timestamp'
  if (schema.name === DATE) return 'Date'
  if (schema.name === TIME) return 'Time'
  if (schema.type === 'string') return 'string'
  if (schema.type === 'int64') return 'unix'
  throw new ConnectError(
    `Schema ${schemaText(schema)} does not correspond to a known timestamp type format`,
  )
}

/** Without a schema Date, Time and Timestamp are the same. */
function inferredKind(value: Exclude<Value, null>): Kind {
  if (value instanceof Instant) return 'Timestamp'
  const found = javaClass(value, null)
  if (found === 'java.lang.Long') return 'unix'
  if (found === 'java.lang.String') return 'string'
  throw new DataError(`TimestampConverter does not support class ${found} objects as timestamps`)
}

type Read = (value: Exclude<Value, null>, conversion: Conversion, schema: Schema | null) => bigint

const READS: Readonly<Record<Kind, Read>> = {
  string: readText,
  unix: readUnix,
  Date: readInstant('Date'),
  Time: readInstant('Time'),
  Timestamp: readInstant('Timestamp'),
}

const misfit = (expected: string, value: Exclude<Value, null>, schema: Schema | null): DataError =>
  new DataError(`Expected ${expected}, but found class ${javaClass(value, schema)}`)

function readText(...[value, { format }, schema]: Parameters<Read>): bigint {
  if (typeof value !== 'string') throw misfit('string timestamp to be a String', value, schema)
  // Java ends in a NullPointerException, whose words these are.
  if (format === undefined)
    throw new ConnectError(
      'Cannot invoke "java.text.SimpleDateFormat.parse(String)" because "config.format" is null',
    )
  const time = format.parse(value)
  if (time) return BigInt(time.epochMs)
  throw new DataError(
    `Could not parse timestamp: value (${value}) does not match pattern (${format.pattern})`,
  )
}

function readUnix(...[value, { precision }, schema]: Parameters<Read>): bigint {
  if (typeof value !== 'bigint' || BigInt.asIntN(64, value) !== value)
    throw misfit('Unix timestamp to be a Long', value, schema)
  const { factor, divisor } = UNITS[precision] ?? MILLISECONDS
  return saturated(value * factor) / divisor
}

function readInstant(name: string): Read {
  return (value, _, schema) => {
    if (value instanceof Instant) return BigInt(value.epochMs)
    throw misfit(`${name} to be a java.util.Date`, value, schema)
  }
}

type Unit = {
  /** milliseconds in one */
  readonly factor: bigint
  /** how many there are in a millisecond */
  readonly divisor: bigint
}

const MILLISECONDS: Unit = { factor: 1n, divisor: 1n }

const UNITS: Readonly<Record<string, Unit>> = {
  seconds: { factor: 1000n, divisor: 1n },
  milliseconds: MILLISECONDS,
  microseconds: { factor: 1n, divisor: 1000n },
  nanoseconds: { factor: 1n, divisor: 1_000_000n },
}

const LONG_MAX = 2n ** 63n - 1n

/** As java.util.concurrent.TimeUnit does with what is too much for 64 bits. */
function saturated(value: bigint): bigint {
  if (value > LONG_MAX) return LONG_MAX
  return value < -LONG_MAX - 1n ? -LONG_MAX - 1n : value
}

const MS_PER_DAY = 86_400_000n

const msOfDay = (ms: bigint): bigint => ((ms % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY

const WRITES: Readonly<Record<Kind, (conversion: Conversion) => (ms: bigint) => Value>> = {
  string: ({ format }) => writeText(format),
  unix: ({ precision }) => {
    const { factor, divisor } = UNITS[precision] ?? MILLISECONDS
    return (ms) => saturated(ms * divisor) / factor
  },
  Date: () => (ms) => timestampOfMs(ms - msOfDay(ms)),
  Time: () => (ms) => new Instant(Number(msOfDay(ms))),
  Timestamp: () => timestampOfMs,
}

function writeText(format: Conversion['format']): (ms: bigint) => Value {
  if (format)
    return (ms) => format.format(Number.isSafeInteger(Number(ms)) ? new Instant(Number(ms)) : ms)
  throw new DataError('Text cannot be written without a format')
}
