import { DataError } from '../errors.ts'
import type { Schema } from './schema.ts'
import { type Decimal, Instant } from './value.ts'

/** Logical types are known by their schema's name alone. */
export const DECIMAL = 'org.apache.kafka.connect.data.Decimal'
export const DATE = 'org.apache.kafka.connect.data.Date'
export const TIME = 'org.apache.kafka.connect.data.Time'
export const TIMESTAMP = 'org.apache.kafka.connect.data.Timestamp'

export const DATE_SCHEMA: Schema = { type: 'int32', name: DATE, version: 1 }
export const TIME_SCHEMA: Schema = { type: 'int32', name: TIME, version: 1 }
export const TIMESTAMP_SCHEMA: Schema = { type: 'int64', name: TIMESTAMP, version: 1 }

export const decimalSchema = (scale: number): Schema => ({
  type: 'bytes',
  name: DECIMAL,
  version: 1,
  parameters: { scale: String(scale) },
})

export const MS_PER_DAY = 86_400_000

/** Days since 1970. @throws DataError for a time of day other than midnight. */
export function daysOf({ epochMs }: Instant): number {
  if (epochMs % MS_PER_DAY !== 0)
    throw new DataError(
      'Kafka Connect Date type should not have any time fields set to non-zero values.',
    )
  return epochMs / MS_PER_DAY
}

export const dateOfDays = (days: number): Instant => new Instant(days * MS_PER_DAY)

/** Milliseconds since midnight. @throws DataError outside of 1970-01-01. */
export function msOfDay({ epochMs }: Instant): number {
  if (epochMs < 0 || epochMs > MS_PER_DAY)
    throw new DataError(
      'Kafka Connect Time type should not have any date fields set to non-zero values.',
    )
  return epochMs
}

/** @throws DataError outside of one day. */
export function timeOfMs(ms: number): Instant {
  if (ms < 0 || ms > MS_PER_DAY)
    throw new DataError(
      'Time values must use number of milliseconds greater than 0 and less than 86400000',
    )
  return new Instant(ms)
}

/** @throws DataError where a number does not hold the milliseconds exactly: beyond 285,000 years. */
export const timestampOfMs = (ms: bigint): Instant => {
  if (Number.isSafeInteger(Number(ms))) return new Instant(Number(ms))
  throw outOfRange(ms)
}

/** Milliseconds since 1970. @throws DataError when they are no whole number. */
export function msOf({ epochMs }: Instant): number {
  if (Number.isSafeInteger(epochMs)) return epochMs
  throw outOfRange(epochMs)
}

const outOfRange = (ms: number | bigint): DataError =>
  new DataError(`Timestamp ${ms} is out of range: at most ${Number.MAX_SAFE_INTEGER} ms from 1970`)

/** The scale that a Decimal schema tells. @throws DataError when it tells none. */
export function scaleOf(schema: Schema): number {
  const scale = readScale(schema)
  if (scale !== undefined) return scale
  throw new DataError(
    schema.parameters?.['scale'] === undefined
      ? 'Invalid Decimal schema: scale parameter not found.'
      : 'Invalid scale parameter found in Decimal schema: ',
  )
}

/** undefined when the schema has no scale of 32 bits. */
export function readScale({ parameters }: Schema): number | undefined {
  const text = parameters?.['scale'] ?? ''
  const scale = Number(text)
  return /^[+-]?\d+$/.test(text) && scale === (scale | 0) ? scale : undefined
}

/** The number without its point. @throws DataError when its scale is another than the schema's. */
export function unscaledOf(schema: Schema, { unscaled, scale }: Decimal): bigint {
  const schemaScale = scaleOf(schema)
  if (scale !== schemaScale)
    throw new DataError(
      `Decimal value has mismatching scale for given Decimal schema. Schema has scale ${schemaScale}, value has scale ${scale}.`,
    )
  return unscaled
}
