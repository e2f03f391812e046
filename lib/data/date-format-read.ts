import {
  type DateField,
  type DateFields,
  epochMsOf,
  FIELD,
  noFields,
  setField,
} from './date-format-fields.ts'
import { sameLetters } from './date-format-letters.ts'
import {
  ERAS,
  HALF_DAYS,
  MONTHS,
  SHORT_MONTHS,
  SHORT_WEEKDAYS,
  WEEKDAYS,
} from './date-format-names.ts'
import { isDigit, readInteger } from './date-format-number.ts'
import type { DatePart } from './date-format-pattern.ts'
import { readIsoOffset, readZone } from './date-format-read-zone.ts'
import { type Zone, zoneFinder } from './date-format-zones.ts'
import { calendarFields, gregorianDay } from './java-calendar.ts'

/** Where reading has come to. */
export type Reading = {
  readonly text: string
  readonly fields: DateFields
  readonly findZone: ReturnType<typeof zoneFinder>
  /** a name in the text may change it */
  zone: Zone
  /** a year of two digits is the first of the 100 years, or the last */
  yearIsAmbiguous: boolean
}

/** Reads on from `start`; answers where it ended, undefined when the text does not suit. */
type Read = (reading: Reading, start: number) => number | undefined

export type FoundTime = { readonly epochMs: number | undefined; readonly zone: Zone }

const MS_PER_DAY = 86_400_000
/** How far back two digits of a year may reach. */
const YEARS_BACK = 80

export function dateReader(
  parts: readonly DatePart[],
  nowMs: number,
): (text: string, zone: Zone) => FoundTime {
  const centuryStart = yearsBefore(nowMs)
  const reads = parts.map((part, index) => readOf(part, parts[index + 1], centuryStart.year))
  const findZone = zoneFinder()
  return (text, zone) => {
    const reading: Reading = { text, fields: noFields(), findZone, zone, yearIsAmbiguous: false }
    let at: number | undefined = 0
    for (const read of reads) {
      at = read(reading, at)
      if (at === undefined) return { epochMs: undefined, zone: reading.zone }
    }
    return { epochMs: timeOf(reading, centuryStart.epochMs), zone: reading.zone }
  }
}

function yearsBefore(nowMs: number) {
  const { year, month, day } = calendarFields(nowMs)
  const start = { year: year - YEARS_BACK, month, day }
  // 29 February is the 28th in a common year.
  const isPast =
    gregorianDay({ ...start, day: 1 }) + day > gregorianDay({ ...start, month: month + 1, day: 1 })
  const date = isPast && month === 2 ? { ...start, day: 28 } : start
  const sinceMidnight = nowMs - Math.floor(nowMs / MS_PER_DAY) * MS_PER_DAY
  return { year: date.year, epochMs: gregorianDay(date) * MS_PER_DAY + sinceMidnight }
}

/** Invalid eras and the like do not occur: names give valid ones, and numbers may be whatever they are. */
function timeOf({ fields, zone, yearIsAmbiguous }: Reading, centuryStartMs: number): number {
  const epochMs = epochMsOf(fields, zone)
  if (!yearIsAmbiguous || epochMs >= centuryStartMs) return epochMs
  const { values } = fields
  values[FIELD.year] = (values[FIELD.year] ?? 0) + 100
  values[FIELD.weekYear] = (values[FIELD.weekYear] ?? 0) + 100
  return epochMsOf(fields, zone)
}

function readOf(part: DatePart, next: DatePart | undefined, firstYear: number): Read {
  if ('literal' in part) return readLiteral(part.literal)
  const { letter, count } = part
  // Digits that follow each other without a delimiter are told apart by their count.
  const width = next !== undefined && isNumber(next) ? count : undefined
  return readLetter({ letter, count, width, firstYear })
}

const readLiteral =
  (literal: string): Read =>
  ({ text }, start) =>
    text.startsWith(literal, start) ? start + literal.length : undefined

const [TAB, BLANK] = [0x09, 0x20]

function skipBlanks(text: string, start: number): number {
  let at = start
  for (;;) {
    const code = text.charCodeAt(at)
    if (code !== BLANK && code !== TAB) return at
    at++
  }
}

/** As Java tells them; it takes ISO 8601's offset and names for none. */
const isNumber = (part: DatePart): boolean =>
  'letter' in part &&
  ('yYdkHmsSDFwWhKu'.includes(part.letter) || ('ML'.includes(part.letter) && part.count <= 2))

type Lettered = {
  readonly letter: string
  readonly count: number
  /** how many characters there are for it, where that counts */
  readonly width: number | undefined
  /** of the 100 that two digits of a year may mean */
  readonly firstYear: number
}

function readLetter(lettered: Lettered): Read {
  const { letter, count, width } = lettered
  const number = NUMBERS[letter]
  if (number) return readNumber(width, number)
  switch (letter) {
    case 'y':
      return readYear('year', lettered)
    case 'Y':
      return readYear('weekYear', lettered)
    case 'G':
      return readName('era', ERAS)
    case 'a':
      return readName('halfDay', HALF_DAYS)
    case 'E':
      return readName('weekday', WEEKDAYS, SHORT_WEEKDAYS)
    case 'X':
      return (reading, start) => readIsoOffset(reading, skipBlanks(reading.text, start), count)
    case 'z':
    case 'Z':
      return (reading, start) => readZone(reading, start, skipBlanks(reading.text, start))
    default:
      return count > 2
        ? readName('month', MONTHS, SHORT_MONTHS)
        : readNumber(width, { field: 'month', of: (month) => month - 1 })
  }
}

type NumberField = { readonly field: DateField; readonly of: (value: number) => number }

const asItIs = (field: DateField): NumberField => ({ field, of: (value) => value })

const NUMBERS: Readonly<Record<string, NumberField>> = {
  d: asItIs('day'),
  k: { field: 'hour', of: (value) => (value === 24 ? 0 : value) },
  H: asItIs('hour'),
  m: asItIs('minute'),
  s: asItIs('second'),
  S: asItIs('ms'),
  D: asItIs('dayOfYear'),
  F: asItIs('weekdayInMonth'),
  w: asItIs('weekOfYear'),
  W: asItIs('weekOfMonth'),
  h: { field: 'hourOfHalfDay', of: (value) => (value === 12 ? 0 : value) },
  K: asItIs('hourOfHalfDay'),
  u: { field: 'weekday', of: (value) => (value >= 1 && value <= 7 ? value % 7 : value - 1) },
}

function integerAt({ text }: Reading, start: number, width: number | undefined) {
  if (width === undefined) return readInteger(text, skipBlanks(text, start), text.length)
  // The width counts blanks too.
  const limit = start + width
  return limit > text.length ? undefined : readInteger(text, skipBlanks(text, start), limit)
}

function readNumber(width: number | undefined, { field, of }: NumberField): Read {
  const index = FIELD[field]
  return (reading, start) => {
    const found = integerAt(reading, start, width)
    if (found) setField(reading.fields, index, of(found.value))
    return found?.end
  }
}

const readYear =
  (field: DateField, { count, width, firstYear }: Lettered): Read =>
  (reading, start) => {
    const found = integerAt(reading, start, width)
    if (!found) return undefined
    const isShort =
      count <= 2 && isTwoDigits(reading.text, skipBlanks(reading.text, start), found.end)
    if (isShort) reading.yearIsAmbiguous = found.value === firstYear % 100
    setField(reading.fields, FIELD[field], isShort ? fullYear(found.value, firstYear) : found.value)
    return found.end
  }

const isTwoDigits = (text: string, start: number, end: number): boolean =>
  end - start === 2 && isDigit(text.charAt(start)) && isDigit(text.charAt(start + 1))

const fullYear = (year: number, firstYear: number): number =>
  year + Math.floor(firstYear / 100) * 100 + (year < firstYear % 100 ? 100 : 0)

/** Names are given in lists, their index is the value; the longest that suits of the first list counts. Blanks before a name are not skipped. */
const readName =
  (field: DateField, ...lists: readonly (readonly string[])[]): Read =>
  ({ text, fields }, start) => {
    for (const names of lists) {
      const index = names.findIndex((name) => sameLetters(text, start, name))
      const name = names[index]
      if (name === undefined) continue
      setField(fields, FIELD[field], index)
      return start + name.length
    }
    return undefined
  }
