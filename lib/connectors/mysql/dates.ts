import { MS_PER_DAY } from '../../data/logical-types.ts'
import { DataError } from '../../errors.ts'
import type { ZeroDates } from './jdbc-parameters.ts'

const DATE_TEXT = /^(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?$/

/** Milliseconds since 1970 of a DATE or DATETIME as if in UTC; undefined for a zero date. @throws DataError for a day that no month has. */
export function wallMsOf(text: string): number | undefined {
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = ''] =
    DATE_TEXT.exec(text) ?? []
  if (year === undefined || month === undefined || day === undefined)
    throw new DataError(`${text} is no date`)
  if (month === '00' || day === '00') return undefined
  const date = new Date(0)
  // Not Date.UTC, which takes the years 0 to 99 for those of the 20th century.
  const midnight = date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  if (date.getUTCDate() !== Number(day)) throw new DataError(`${text} is no date of the calendar`)
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second)
  return midnight + seconds * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3))
}

/** 0001-01-01, what Connector/J rounds a zero date to. */
const ROUNDED = -62_135_596_800_000

/** What stands for a zero date. @throws DataError when they are prohibited. */
export function zeroDate(text: string, zeroDates: ZeroDates): number | null {
  if (zeroDates === 'CONVERT_TO_NULL') return null
  if (zeroDates === 'ROUND') return ROUNDED
  throw new DataError(
    `${text} is a zero date, which is prohibited: zeroDateTimeBehavior in the URL may be CONVERT_TO_NULL or ROUND`,
  )
}

const TIME_TEXT = /^(-?)(\d{2,3}):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/

/** Milliseconds since midnight. @throws DataError for a TIME that is a duration: negative, or a day and more. */
export function timeOfDayMs(text: string): number {
  const [, sign, hours = '', minutes, seconds, fraction = ''] = TIME_TEXT.exec(text) ?? []
  const ms =
    ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 +
    Number(fraction.padEnd(3, '0').slice(0, 3))
  if (sign === '' && ms < MS_PER_DAY) return ms
  throw new DataError(`${text} is no time of day`)
}
