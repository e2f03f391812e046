import { parseDecimal } from '../../data/decimal.ts'
import {
  DATE_SCHEMA,
  decimalSchema,
  TIME_SCHEMA,
  TIMESTAMP_SCHEMA,
} from '../../data/logical-types.ts'
import type { Schema } from '../../data/schema.ts'
import { Instant, type Value } from '../../data/value.ts'
import { ConnectError, DataError } from '../../errors.ts'
import { timeOfDayMs, wallMsOf, zeroDate } from './dates.ts'
import type { ZeroDates } from './jdbc-parameters.ts'
import type { InstantOf } from './time-zone.ts'

/** A column as a result set describes it. */
export type Column = {
  readonly name: string
  readonly columnType: number
  /** 63 = bytes */
  readonly characterSet: number
  readonly columnLength: number
  readonly flags: number
  readonly decimals: number
}

/** What the driver gives for a value that is not null. */
export type Driven = string | number | Buffer

/** How a column's values are read and what they are then; without `read` they stand as the driver gives them. */
export type Mapping = {
  readonly schema: Schema
  /** null only where the settings make it of a value: a zero date. @throws DataError with the reason. */
  readonly read?: (value: Driven) => Value
  /** `read` may give null for a column that is NOT NULL */
  readonly givesNull?: boolean
}

/** Settings of the URL that change how values are read. */
export type Reading = {
  readonly zeroDates: ZeroDates
  readonly tinyInt1isBit: boolean
  /** for a DATETIME; a TIMESTAMP comes in UTC, the session's zone */
  readonly instantOf: InstantOf
}

export type ColumnType = (column: Column, reading: Reading) => Mapping

/** MySQL's types as the protocol numbers them. */
export const TYPES = {
  TINY: 1,
  SHORT: 2,
  LONG: 3,
  FLOAT: 4,
  DOUBLE: 5,
  TIMESTAMP: 7,
  LONGLONG: 8,
  INT24: 9,
  DATE: 10,
  TIME: 11,
  DATETIME: 12,
  YEAR: 13,
  VARCHAR: 15,
  BIT: 16,
  VECTOR: 242,
  JSON: 245,
  DECIMAL: 246,
  ENUM: 247,
  SET: 248,
  TINY_BLOB: 249,
  MEDIUM_BLOB: 250,
  LONG_BLOB: 251,
  BLOB: 252,
  VAR_STRING: 253,
  STRING: 254,
  GEOMETRY: 255,
} as const

const FLAGS = { NOT_NULL: 1, PRIMARY_KEY: 2, UNIQUE_KEY: 4, MULTIPLE_KEY: 8, UNSIGNED: 32 }
const BINARY = 63

const has = ({ flags }: Column, flag: number): boolean => (flags & flag) !== 0
export const isNullable = (column: Column): boolean => !has(column, FLAGS.NOT_NULL)
export const isUnsigned = (column: Column): boolean => has(column, FLAGS.UNSIGNED)
export const isPrimary = (column: Column): boolean => has(column, FLAGS.PRIMARY_KEY)
/** Alone in a unique index. */
export const isUnique = (column: Column): boolean => has(column, FLAGS.UNIQUE_KEY)
export const isIndexed = (column: Column): boolean =>
  has(column, FLAGS.PRIMARY_KEY | FLAGS.UNIQUE_KEY | FLAGS.MULTIPLE_KEY)

const INTEGERS: ReadonlySet<number> = new Set([
  TYPES.TINY,
  TYPES.SHORT,
  TYPES.INT24,
  TYPES.LONG,
  TYPES.LONGLONG,
])
export const isInteger = ({ columnType }: Column): boolean => INTEGERS.has(columnType)

/** Types that the driver takes apart into points and numbers unless it is asked for their bytes. */
const TAKEN_APART: ReadonlySet<number> = new Set([TYPES.GEOMETRY, TYPES.VECTOR])
export const isTakenApart = ({ columnType }: Column): boolean => TAKEN_APART.has(columnType)

export const sameColumns = (some: readonly Column[], others: readonly Column[]): boolean =>
  some.length === others.length && some.every((column, at) => sameColumn(column, others[at]))

const sameColumn = (one: Column, other: Column | undefined): boolean =>
  one.name === other?.name &&
  one.columnType === other.columnType &&
  one.flags === other.flags &&
  one.columnLength === other.columnLength &&
  one.decimals === other.decimals &&
  one.characterSet === other.characterSet

/** The column's schema, optional where the column may be null, and how its values are read. @throws ConnectError for a type that is not in the map. */
export function mappingOf(
  column: Column,
  types: ReadonlyMap<number, ColumnType>,
  reading: Reading,
): Mapping {
  const type = types.get(column.columnType)
  if (!type)
    throw new ConnectError(
      `Column ${column.name} is of a type that is not supported (protocol type ${column.columnType})`,
    )
  const mapping = type(column, reading)
  return isNullable(column) || mapping.givesNull
    ? { ...mapping, schema: { ...mapping.schema, optional: true } }
    : mapping
}

const INT8: Mapping = { schema: { type: 'int8' } }
const INT16: Mapping = { schema: { type: 'int16' } }
export const INT32: Mapping = { schema: { type: 'int32' } }
const INT64: Mapping = {
  schema: { type: 'int64' },
  read: (value) => BigInt(value as number | string),
}
const UNSIGNED_INT64: Mapping = { ...INT64, read: (value) => int64(value as number | string) }
const TEXT: Mapping = { schema: { type: 'string' } }
const BYTES: Mapping = { schema: { type: 'bytes' } }

/** The driver gives an integer that a number does not hold as its digits. @throws DataError beyond 64 bits with sign. */
export function int64(value: number | string | bigint): bigint {
  const integer = BigInt(value)
  if (BigInt.asIntN(64, integer) === integer) return integer
  throw new DataError(`${integer} is more than INT64 holds`)
}

const signed =
  (plain: Mapping, wide: Mapping): ColumnType =>
  (column) =>
    isUnsigned(column) ? wide : plain

const textOrBytes: ColumnType = ({ characterSet }) => (characterSet === BINARY ? BYTES : TEXT)

export const tinyint = signed(INT8, INT16)

/** DECIMAL(p,s): the length counts the point, and the sign where there is one. */
const decimal: ColumnType = (column) => {
  const { columnLength, decimals } = column
  const precision = columnLength - (decimals > 0 ? 1 : 0) - (isUnsigned(column) ? 0 : 1)
  const { parameters, ...schema } = decimalSchema(decimals)
  return {
    schema: {
      ...schema,
      parameters: { ...parameters, 'connect.decimal.precision': String(precision) },
    },
    read: (value) => parseDecimal(value as string),
  }
}

/** BIT(n) is n bits without a sign, in the narrowest integer that holds them. */
export const bits: ColumnType = ({ columnLength }) => {
  const type = BIT_TYPES.find(({ upTo }) => columnLength <= upTo)?.type ?? 'int64'
  const unsigned = (value: Driven) => BigInt(`0x${(value as Buffer).toString('hex')}`)
  return {
    schema: { type },
    read: type === 'int64' ? (value) => int64(unsigned(value)) : (value) => Number(unsigned(value)),
  }
}

const BIT_TYPES = [
  { upTo: 7, type: 'int8' },
  { upTo: 15, type: 'int16' },
  { upTo: 31, type: 'int32' },
] as const

/** A type that MySQL keeps as a day of the calendar. `fromMs` is given milliseconds since 1970 of its midnight. */
export const dayType =
  (schema: Schema, fromMs: (midnightMs: number) => Value): ColumnType =>
  (_, { zeroDates }) => ({
    schema,
    givesNull: zeroDates === 'CONVERT_TO_NULL',
    read: (value) => {
      const text = dayText(value as string | number)
      const ms = wallMsOf(text) ?? zeroDate(text, zeroDates)
      return ms === null ? null : fromMs(ms)
    },
  })

/** A YEAR comes as a number; it stands for its first day. 0 is the zero year. */
const dayText = (value: string | number): string => {
  if (typeof value === 'string') return value
  return value === 0 ? '0000-00-00' : `${String(value).padStart(4, '0')}-01-01`
}

const pointInTime =
  (isWallClock: boolean): ColumnType =>
  (_, { zeroDates, instantOf }) => ({
    schema: TIMESTAMP_SCHEMA,
    givesNull: zeroDates === 'CONVERT_TO_NULL',
    read: (value) => {
      const wallMs = wallMsOf(value as string)
      if (wallMs !== undefined) return new Instant(isWallClock ? instantOf(wallMs) : wallMs)
      const zeroMs = zeroDate(value as string, zeroDates)
      return zeroMs === null ? null : new Instant(zeroMs)
    },
  })

const date = dayType(DATE_SCHEMA, (midnightMs) => new Instant(midnightMs))

/** The types as the JDBC source maps them. `read` is given what the driver gives for the type, so its casts hold. */
export const JDBC_TYPES: ReadonlyMap<number, ColumnType> = new Map<number, ColumnType>([
  [TYPES.TINY, tinyint],
  [TYPES.SHORT, signed(INT16, INT32)],
  [TYPES.INT24, signed(INT32, INT64)],
  [TYPES.LONG, signed(INT32, INT64)],
  [TYPES.LONGLONG, signed(INT64, UNSIGNED_INT64)],
  [TYPES.FLOAT, () => ({ schema: { type: 'float32' } })],
  [TYPES.DOUBLE, () => ({ schema: { type: 'float64' } })],
  [TYPES.DECIMAL, decimal],
  [TYPES.BIT, bits],
  [TYPES.DATE, date],
  [TYPES.YEAR, date],
  [
    TYPES.TIME,
    () => ({ schema: TIME_SCHEMA, read: (value) => new Instant(timeOfDayMs(value as string)) }),
  ],
  [TYPES.DATETIME, pointInTime(true)],
  [TYPES.TIMESTAMP, pointInTime(false)],
  [TYPES.JSON, () => TEXT],
  [TYPES.GEOMETRY, () => BYTES],
  [TYPES.VECTOR, () => BYTES],
  ...[TYPES.VARCHAR, TYPES.VAR_STRING, TYPES.STRING, TYPES.ENUM, TYPES.SET].map(
    (type): [number, ColumnType] => [type, textOrBytes],
  ),
  ...[TYPES.TINY_BLOB, TYPES.BLOB, TYPES.MEDIUM_BLOB, TYPES.LONG_BLOB].map(
    (type): [number, ColumnType] => [type, textOrBytes],
  ),
])
