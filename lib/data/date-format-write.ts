import {
  ERAS,
  HALF_DAYS,
  MONTHS,
  SHORT_MONTHS,
  SHORT_WEEKDAYS,
  WEEKDAYS,
} from './date-format-names.ts'
import type { DatePart } from './date-format-pattern.ts'
import { totalMs, UTC, type Zone, zoneName } from './date-format-zones.ts'
import { type CalendarFields, calendarFieldsAt, calendarPlace } from './java-calendar.ts'

const MS_PER_DAY = 86_400_000
const MS_PER_MINUTE = 60_000

type Shown = {
  readonly fields: CalendarFields
  readonly epochDay: number
  readonly zone: Zone
  readonly epochMs: number
}

type Write = (shown: Shown) => string

/** Writes milliseconds since 1970 as they read in a time zone. */
export function dateWriter(
  parts: readonly DatePart[],
): (epochMs: number | bigint, zone: Zone) => string {
  const writes = parts.map(writeOf)
  return (epochMs, zone) => {
    const shown = shownOf(epochMs, zone)
    let text = ''
    for (const write of writes) text += write(shown)
    return text
  }
}

function shownOf(epochMs: number | bigint, zone: Zone): Shown {
  const approximate = Number(epochMs)
  const offsetMs = zone === UTC ? 0 : totalMs(zone.offsetAt(approximate))
  const { epochDay, ms } = typeof epochMs === 'bigint' ? splitExactly(epochMs) : split(epochMs)
  const carried = split(ms + offsetMs)
  const day = epochDay + carried.epochDay
  return { fields: calendarFieldsAt(day, carried.ms), epochDay: day, zone, epochMs: approximate }
}

function split(epochMs: number) {
  const epochDay = Math.floor(epochMs / MS_PER_DAY)
  return { epochDay, ms: epochMs - epochDay * MS_PER_DAY }
}

function splitExactly(epochMs: bigint) {
  const day = BigInt(MS_PER_DAY)
  const ms = ((epochMs % day) + day) % day
  return { epochDay: Number((epochMs - ms) / day), ms: Number(ms) }
}

function writeOf(part: DatePart): Write {
  if ('literal' in part) return () => part.literal
  const { letter, count } = part
  const number = NUMBERS[letter]
  if (number) return (shown) => padded(number(shown), count)
  // Every letter that a pattern may have is in one of the two tables.
  return (TEXTS[letter] as (count: number) => Write)(count)
}

const NUMBERS: Readonly<Record<string, (shown: Shown) => number>> = {
  d: ({ fields }) => fields.day,
  k: ({ fields }) => fields.hour || 24,
  H: ({ fields }) => fields.hour,
  m: ({ fields }) => fields.minute,
  s: ({ fields }) => fields.second,
  S: ({ fields }) => fields.ms,
  D: ({ epochDay }) => calendarPlace(epochDay).dayOfYear,
  F: ({ epochDay }) => calendarPlace(epochDay).weekdayInMonth,
  w: ({ epochDay }) => calendarPlace(epochDay).weekOfYear,
  W: ({ epochDay }) => calendarPlace(epochDay).weekOfMonth,
  h: ({ fields }) => fields.hour % 12 || 12,
  K: ({ fields }) => fields.hour % 12,
  u: ({ fields }) => fields.weekday || 7,
}

const TEXTS: Readonly<Record<string, (count: number) => Write>> = {
  G: () => (shown) => ERAS[shown.fields.year > 0 ? 1 : 0] ?? '',
  y:
    (count) =>
    ({ fields: { year } }) =>
      yearText(year > 0 ? year : 1 - year, count),
  Y:
    (count) =>
    ({ epochDay }) =>
      yearText(calendarPlace(epochDay).weekYear, count),
  M: writeMonth,
  L: writeMonth,
  E:
    (count) =>
    ({ fields }) =>
      (count > 3 ? WEEKDAYS : SHORT_WEEKDAYS)[fields.weekday] ?? '',
  a: () => (shown) => HALF_DAYS[shown.fields.hour < 12 ? 0 : 1] ?? '',
  z:
    (count) =>
    ({ zone, epochMs }) =>
      zoneName(zone, epochMs, count > 3 ? 'long' : 'short'),
  Z: () => (shown) => offsetText(shown, ''),
  X: (count) => (shown) => isoOffsetText(shown, count),
}

function writeMonth(count: number): Write {
  if (count < 3) return ({ fields }) => padded(fields.month, count)
  const names = count > 3 ? MONTHS : SHORT_MONTHS
  return ({ fields }) => names[fields.month - 1] ?? ''
}

/** Two letters are two digits, whatever the year. */
function yearText(year: number, count: number): string {
  if (count !== 2) return padded(year, count)
  return `${year < 0 ? '-' : ''}${padded(Math.abs(year) % 100, 2)}`
}

const offsetMinutes = ({ zone, epochMs }: Shown): number =>
  Math.trunc(totalMs(zone.offsetAt(epochMs)) / MS_PER_MINUTE)

function offsetText(shown: Shown, colon: string): string {
  const minutes = offsetMinutes(shown)
  const size = Math.abs(minutes)
  const sign = minutes < 0 ? '-' : '+'
  return `${sign}${padded(Math.floor(size / 60), 2)}${colon}${padded(size % 60, 2)}`
}

function isoOffsetText(shown: Shown, count: number): string {
  if (offsetMinutes(shown) === 0) return 'Z'
  const text = offsetText(shown, count === 3 ? ':' : '')
  return count === 1 ? text.slice(0, 3) : text
}

/** NumberFormat pads to no more digits than a double has. */
const MOST_DIGITS = 309

const TWO_DIGITS = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'))

function padded(number: number, count: number): string {
  if (count === 2) {
    const text = TWO_DIGITS[number]
    if (text !== undefined) return text
  }
  return number < 0
    ? `-${padded(-number, count)}`
    : String(number).padStart(Math.min(count, MOST_DIGITS), '0')
}
