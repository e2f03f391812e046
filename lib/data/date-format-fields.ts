import type { Zone } from './date-format-zones.ts'
import {
  FIRST_GREGORIAN_DAY,
  gregorianDay,
  julianDay,
  sundayBefore,
  weekdayOf,
} from './java-calendar.ts'

/** Where each field stands in the lists of DateFields. */
export const FIELD = {
  era: 0,
  year: 1,
  weekYear: 2,
  month: 3,
  weekOfYear: 4,
  weekOfMonth: 5,
  day: 6,
  dayOfYear: 7,
  weekday: 8,
  weekdayInMonth: 9,
  halfDay: 10,
  hourOfHalfDay: 11,
  hour: 12,
  minute: 13,
  second: 14,
  ms: 15,
  zoneOffset: 16,
  daylightOffset: 17,
} as const

export type DateField = keyof typeof FIELD

/** What a text said: each field's value, and how late it came. Months and weekdays count from 0; nothing need be within its range. */
export type DateFields = {
  readonly values: (number | undefined)[]
  readonly stamps: (number | undefined)[]
  said: number
}

const NONE: readonly undefined[] = Object.keys(FIELD).map(() => undefined)

export const noFields = (): DateFields => ({ values: NONE.slice(), stamps: NONE.slice(), said: 0 })

export function setField(fields: DateFields, field: number, value: number): void {
  fields.values[field] = value
  fields.stamps[field] = ++fields.said
}

type Named = { readonly [F in DateField]: number | undefined }

const named = (list: readonly (number | undefined)[]): Named => ({
  era: list[0],
  year: list[1],
  weekYear: list[2],
  month: list[3],
  weekOfYear: list[4],
  weekOfMonth: list[5],
  day: list[6],
  dayOfYear: list[7],
  weekday: list[8],
  weekdayInMonth: list[9],
  halfDay: list[10],
  hourOfHalfDay: list[11],
  hour: list[12],
  minute: list[13],
  second: list[14],
  ms: list[15],
  zoneOffset: list[16],
  daylightOffset: list[17],
})

const MS_PER_DAY = 86_400_000

type Said = { readonly values: Named; readonly stamps: Named }

/** Milliseconds since 1970, found as java.util.GregorianCalendar does; where fields contradict each other, the latest count. */
export function epochMsOf(fields: DateFields, zone: Zone): number {
  const said: Said = { values: named(fields.values), stamps: named(fields.stamps) }
  const { values } = said
  const time = timeOfDay(said)
  const carriedDays = Math.floor(time / MS_PER_DAY)
  const day = dayOf(said, carriedDays)
  const wall = { day, ms: time - carriedDays * MS_PER_DAY }
  const found = zone.offsetOfWall(day * MS_PER_DAY + wall.ms)
  const offset =
    (values.zoneOffset ?? found.standardMs) + (values.daylightOffset ?? found.daylightMs)
  const epochMs = day * MS_PER_DAY + wall.ms - offset
  // Java's long wraps around.
  return Number.isSafeInteger(epochMs)
    ? epochMs
    : Number(BigInt.asIntN(64, BigInt(day) * BigInt(MS_PER_DAY) + BigInt(wall.ms - offset)))
}

function timeOfDay({ values, stamps }: Said): number {
  const { hour = 0, hourOfHalfDay = 0, halfDay = 0, minute = 0, second = 0, ms = 0 } = values
  const byHalfDay = both(stamps.hourOfHalfDay, stamps.halfDay)
  const isHour = stamps.hour !== undefined && stamps.hour >= byHalfDay
  const hours = isHour ? hour : hourOfHalfDay + 12 * halfDay
  return ((hours * 60 + minute) * 60 + second) * 1000 + ms
}

/** When the later of two was said; 0 when one of them was not. */
const both = (one = 0, other = 0): number => (one === 0 || other === 0 ? 0 : Math.max(one, other))

const EPOCH_YEAR = 1970
const CUTOVER_YEAR = 1582

function dayOf(said: Said, carriedDays: number): number {
  const { values, stamps } = said
  if ((stamps.weekYear ?? 0) > (stamps.year ?? 0)) return dayOfWeekDate(values) + carriedDays
  const year = values.year ?? EPOCH_YEAR
  const counted = values.era === 0 ? 1 - year : year
  const way = waysToSay(said)
  const gregorian = () => dayInYear(values, way, counted, gregorianDay) + carriedDays
  const julian = () => dayInYear(values, way, counted, julianDay) + carriedDays
  return inItsCalendar(counted, way, gregorian, julian)
}

/** A date before the change of calendars is a Julian one. In its year, days and weeks count from the Julian new year. */
function inItsCalendar(
  year: number,
  way: Way,
  gregorian: () => number,
  julian: () => number,
): number {
  if (year < CUTOVER_YEAR) return julian()
  const isCounted = way === 'dayOfYear' || way === 'weekOfYear'
  const day = gregorian()
  const isJulian = day < FIRST_GREGORIAN_DAY || (year === CUTOVER_YEAR && isCounted)
  return isJulian ? julian() : day
}

/** Which fields tell the day in the year. */
type Way = 'day' | 'weekOfMonth' | 'weekdayInMonth' | 'dayOfYear' | 'weekOfYear'

/** Calendar.selectFields: the fields that were said last win, a week only together with a weekday. */
function waysToSay({ stamps }: Said): Way {
  const { weekday = 0, weekOfMonth = 0, weekdayInMonth = 0, weekOfYear = 0 } = stamps
  const [day, dayOfYear] = [stamps.day ?? 0, stamps.dayOfYear ?? 0]
  const inMonth = both(weekOfMonth, weekday)
  const ofMonth = both(weekdayInMonth, weekday)
  const inYear = both(weekOfYear, weekday)
  const best = Math.max(day, inMonth, ofMonth, dayOfYear, inYear)
  if (best === 0) return wayOfOne({ weekday, weekOfMonth, weekdayInMonth, weekOfYear })
  if (best === day) return 'day'
  const isInMonth = best === inMonth && weekOfMonth >= weekOfYear
  const isOfMonth = best === ofMonth && weekdayInMonth >= weekOfYear
  if (isInMonth || isOfMonth) {
    if (inMonth === ofMonth) return weekOfMonth >= weekdayInMonth ? 'weekOfMonth' : 'weekdayInMonth'
    return best === inMonth ? 'weekOfMonth' : 'weekdayInMonth'
  }
  return best === dayOfYear ? 'dayOfYear' : 'weekOfYear'
}

/** No combination is complete: one field alone may tell the day. */
function wayOfOne(stamps: {
  readonly weekday: number
  readonly weekOfMonth: number
  readonly weekdayInMonth: number
  readonly weekOfYear: number
}): Way {
  const { weekday, weekOfMonth, weekdayInMonth, weekOfYear } = stamps
  const ofMonth = Math.max(weekdayInMonth, weekday)
  const best = Math.max(weekOfMonth, ofMonth, weekOfYear)
  if (best === 0) return 'day'
  if (best === weekOfMonth) return 'weekOfMonth'
  return best === ofMonth && weekdayInMonth >= weekOfYear ? 'weekdayInMonth' : 'weekOfYear'
}

type Values = Named
type DayOfDate = typeof gregorianDay

function dayInYear(values: Values, way: Way, year: number, dayOfDate: DayOfDate): number {
  if (way === 'dayOfYear' || way === 'weekOfYear') {
    const first = dayOfDate({ year, month: 1, day: 1 })
    if (way === 'dayOfYear') return first + (values.dayOfYear ?? 0) - 1
    return dayInWeek(first, values.weekOfYear ?? 0, values.weekday)
  }
  const month = monthOf(year, values.month ?? 0)
  const first = dayOfDate({ ...month, day: 1 })
  if (way === 'day') return first + (values.day ?? 1) - 1
  return way === 'weekOfMonth'
    ? dayInWeek(first, values.weekOfMonth ?? 0, values.weekday)
    : nthWeekday(first, lengthOf(month), values)
}

const monthOf = (year: number, month: number) => ({
  year: year + Math.floor(month / 12),
  month: (((month % 12) + 12) % 12) + 1,
})

type Month = ReturnType<typeof monthOf>

const lengthOf = ({ year, month }: Month): number => {
  const dayOfDate = year >= CUTOVER_YEAR ? gregorianDay : julianDay
  const next = monthOf(year, month)
  return dayOfDate({ ...next, day: 1 }) - dayOfDate({ year, month, day: 1 })
}

/** Weeks count from the one that the first of a month or a year is in. */
function dayInWeek(first: number, week: number, weekday = 0): number {
  return weekdayOnOrBefore(sundayBefore(first) + 6, weekday) + 7 * (week - 1)
}

/** The second Tuesday, or counted from the month's end. */
function nthWeekday(first: number, length: number, values: Values): number {
  const { weekdayInMonth: nth = 1, weekday = 0 } = values
  const last = nth >= 0 ? 7 * nth : length + 7 * (nth + 1)
  return weekdayOnOrBefore(first + last - 1, weekday)
}

const weekdayOnOrBefore = (day: number, weekday: number): number =>
  day - ((((weekdayOf(day) - weekday) % 7) + 7) % 7)

/** The week of a week year, counted from the one with 1 January. */
function dayOfWeekDate({ era, weekYear = 0, weekOfYear = 1, weekday = 0 }: Values): number {
  const year = era === 0 ? 1 - weekYear : weekYear
  const dayOfDate = year > CUTOVER_YEAR ? gregorianDay : julianDay
  const first = sundayBefore(dayOfDate({ year, month: 1, day: 1 }))
  return first + 7 * (weekOfYear - 1) + daysInWeeks(weekday)
}

/** Java takes a weekday out of range for one of ISO 8601, whose Sunday is the seventh, and moves on by its weeks. */
function daysInWeeks(weekday: number): number {
  if (weekday >= 0 && weekday <= 6) return weekday
  const weeks = Math.floor(weekday / 7)
  const iso = weekday - 7 * weeks + 1
  return 7 * weeks + (iso % 7)
}
