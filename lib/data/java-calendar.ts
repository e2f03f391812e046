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
const FIRST_GREGORIAN_DAY = -141_427

export function calendarFields(epochMs: number): CalendarFields {
  const epochDay = Math.floor(epochMs / MS_PER_DAY)
  const ms = epochMs - epochDay * MS_PER_DAY
  return {
    ...(epochDay < FIRST_GREGORIAN_DAY ? julianDate(epochDay) : gregorianDate(epochDay)),
    weekday: (((epochDay + 4) % 7) + 7) % 7,
    hour: Math.floor(ms / 3_600_000),
    minute: Math.floor(ms / 60_000) % 60,
    second: Math.floor(ms / 1000) % 60,
    ms: ms % 1000,
  }
}

type CalendarDate = Pick<CalendarFields, 'year' | 'month' | 'day'>

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
