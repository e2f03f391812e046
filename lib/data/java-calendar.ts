/** A day and time in UTC by Java's GregorianCalendar: Julian before 15 October 1582. */
export type CalendarFields = {
  /** 0 is 1 BC */
  readonly year: number
  /** 1 to 12 */
  readonly month: number
  readonly day: number
  /** 0 is Sunday */
  readonly weekday: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly ms: number
}

const MS_PER_DAY = 86_400_000
/** 1582-10-15 */
export const FIRST_GREGORIAN_DAY = -141_427
const CUTOVER_YEAR = 1582
const CUTOVER_MONTH = 10

export function calendarFields(epochMs: number): CalendarFields {
  const epochDay = Math.floor(epochMs / MS_PER_DAY)
  return calendarFieldsAt(epochDay, epochMs - epochDay * MS_PER_DAY)
}

/** `ms` since midnight of a day since 1970. */
export function calendarFieldsAt(epochDay: number, ms: number): CalendarFields {
  const { year, month, day } = calendarDate(epochDay)
  return {
    year,
    month,
    day,
    weekday: weekdayOf(epochDay),
    hour: Math.floor(ms / 3_600_000),
    minute: Math.floor(ms / 60_000) % 60,
    second: Math.floor(ms / 1000) % 60,
    ms: ms % 1000,
  }
}

export type CalendarDate = Pick<CalendarFields, 'year' | 'month' | 'day'>

export const calendarDate = (epochDay: number): CalendarDate =>
  epochDay < FIRST_GREGORIAN_DAY ? julianDate(epochDay) : gregorianDate(epochDay)

/** 0 is Sunday */
export const weekdayOf = (epochDay: number): number => (((epochDay + 4) % 7) + 7) % 7

/** The Sunday on or before a day: with it a week begins in the United States. */
export const sundayBefore = (epochDay: number): number => epochDay - weekdayOf(epochDay)

/** Days from 1 March of year 0, so that a leap day comes last in its year. */
const GREGORIAN_MARCH_0 = -719_468
const JULIAN_MARCH_0 = -719_470
const DAYS_OF_4_YEARS = 1461
const DAYS_OF_100_YEARS = 36_524
const DAYS_OF_400_YEARS = 146_097

function gregorianDate(epochDay: number): CalendarDate {
  const days = epochDay - GREGORIAN_MARCH_0
  const era = Math.floor(days / DAYS_OF_400_YEARS)
  const dayOfEra = days - era * DAYS_OF_400_YEARS
  const century = Math.min(3, Math.floor(dayOfEra / DAYS_OF_100_YEARS))
  const { year, dayOfYear } = yearOf(dayOfEra - century * DAYS_OF_100_YEARS)
  return dateOf(era * 400 + century * 100 + year, dayOfYear)
}

function julianDate(epochDay: number): CalendarDate {
  const days = epochDay - JULIAN_MARCH_0
  const cycle = Math.floor(days / DAYS_OF_4_YEARS)
  const { year, dayOfYear } = yearOf(days - cycle * DAYS_OF_4_YEARS)
  return dateOf(cycle * 4 + year, dayOfYear)
}

function yearOf(days: number): { year: number; dayOfYear: number } {
  const cycle = Math.floor(days / DAYS_OF_4_YEARS)
  const rest = days - cycle * DAYS_OF_4_YEARS
  const year = Math.min(3, Math.floor(rest / 365))
  return { year: cycle * 4 + year, dayOfYear: rest - year * 365 }
}

/** `dayOfYear` counts from 1 March: months of 31, 30, 31, 30, 31 days, over and over. */
function dateOf(marchYear: number, dayOfYear: number): CalendarDate {
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return { year: month <= 2 ? marchYear + 1 : marchYear, month, day }
}

/** Days since 1970 of a date; `month` is 1 to 12, `day` whatever it is: it counts on from the first. */
export const gregorianDay = ({ year, month, day }: CalendarDate): number => {
  const marchYear = month <= 2 ? year - 1 : year
  const leapDays =
    Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  return GREGORIAN_MARCH_0 + marchYear * 365 + leapDays + marchDay(month) + day - 1
}

export const julianDay = ({ year, month, day }: CalendarDate): number => {
  const marchYear = month <= 2 ? year - 1 : year
  return JULIAN_MARCH_0 + marchYear * 365 + Math.floor(marchYear / 4) + marchDay(month) + day - 1
}

/** Days from 1 March to the first of a month. */
const marchDay = (month: number): number => Math.floor((153 * ((month + 9) % 12) + 2) / 5)

/** Where a date stands in its year and month. */
export type CalendarPlace = {
  /** from 1 */
  readonly dayOfYear: number
  /** from 1; weeks begin on Sunday, the first is the one with 1 January */
  readonly weekOfYear: number
  /** the year that the week belongs to */
  readonly weekYear: number
  /** from 1; the first is the one with the first of the month */
  readonly weekOfMonth: number
  /** 2 on the second Tuesday of a month */
  readonly weekdayInMonth: number
}

export function calendarPlace(epochDay: number): CalendarPlace {
  const { year, month } = calendarDate(epochDay)
  const [yearStart, monthStart] = [firstOfMonth(year, 1), firstOfMonth(year, month)]
  const inNextYear = epochDay >= sundayBefore(firstOfMonth(year + 1, 1))
  const toEnd = firstOfMonth(year + 1, 1) - epochDay
  // Before Christ GregorianCalendar.getWeekYear looks at the new year of the wrong year.
  const isNextWeekYear = toEnd <= weekdayOf(firstOfMonth(year > 0 ? year + 1 : -year, 1))
  return {
    dayOfYear: epochDay - yearStart + 1,
    weekOfYear: inNextYear ? 1 : Math.floor((epochDay - sundayBefore(yearStart)) / 7) + 1,
    weekYear: isNextWeekYear ? year + 1 : year,
    weekOfMonth: Math.floor((epochDay - sundayBefore(monthStart)) / 7) + 1,
    weekdayInMonth: Math.floor((epochDay - monthStart) / 7) + 1,
  }
}

function firstOfMonth(year: number, month: number): number {
  const isJulian = year < CUTOVER_YEAR || (year === CUTOVER_YEAR && month <= CUTOVER_MONTH)
  return isJulian ? julianDay({ year, month, day: 1 }) : gregorianDay({ year, month, day: 1 })
}
