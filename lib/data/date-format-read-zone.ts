import { FIELD, setField } from './date-format-fields.ts'
import { sameLetters } from './date-format-letters.ts'
import type { Reading } from './date-format-read.ts'

const MS_PER_MINUTE = 60_000

/** `Z`, or an offset of hours for one letter X, of hours and minutes for more; a colon for three. */
export function readIsoOffset(reading: Reading, at: number, count: number): number | undefined {
  const char = reading.text[at]
  if (char === 'Z') {
    setOffset(reading, 0)
    return at + 1
  }
  const sign = signOf(char)
  if (sign === 0) return undefined
  return readOffset(reading, at + 1, {
    sign,
    hoursHaveTwoDigits: true,
    hasMinutes: count > 1,
    hasColon: count === 3,
  })
}

/** `+0130`, `GMT`, `GMT+1:30`, or a name; blanks are skipped before a sign and a name, though not before `GMT`. */
export function readZone(reading: Reading, start: number, at: number): number | undefined {
  const { text } = reading
  const sign = signOf(text[at])
  if (sign !== 0)
    return readOffset(reading, at + 1, {
      sign,
      hoursHaveTwoDigits: true,
      hasMinutes: true,
      hasColon: false,
    })
  const isG = text[at] === 'G' || text[at] === 'g'
  if (!isG || !sameLetters(text, start, 'GMT')) return readZoneName(reading, at)
  const end = start + 'GMT'.length
  const signAfter = signOf(text[end])
  if (signAfter !== 0)
    return readOffset(reading, end + 1, {
      sign: signAfter,
      hoursHaveTwoDigits: false,
      hasMinutes: true,
      hasColon: true,
    })
  setOffset(reading, 0)
  return end
}

function readZoneName(reading: Reading, at: number): number | undefined {
  const found = reading.findZone(reading.text, at, reading.zone)
  if (!found) return undefined
  reading.zone = found.zone
  if (found.daylightMs !== undefined)
    setField(reading.fields, FIELD.daylightOffset, found.daylightMs)
  return found.end
}

type OffsetForm = {
  readonly sign: number
  readonly hoursHaveTwoDigits: boolean
  readonly hasMinutes: boolean
  readonly hasColon: boolean
}

const signOf = (char: string | undefined): number => (char === '+' ? 1 : char === '-' ? -1 : 0)

function readOffset(reading: Reading, start: number, form: OffsetForm): number | undefined {
  const hours = form.hoursHaveTwoDigits ? '\\d\\d' : '\\d\\d?'
  const minutes = form.hasMinutes ? `${form.hasColon ? ':' : ''}(\\d\\d)` : ''
  const pattern = new RegExp(`(${hours})${minutes}`, 'y')
  pattern.lastIndex = start
  const match = pattern.exec(reading.text)
  if (!match || Number(match[1]) > 23 || Number(match[2] ?? 0) > 59) return undefined
  setOffset(reading, form.sign * (Number(match[1]) * 60 + Number(match[2] ?? 0)))
  return start + match[0].length
}

function setOffset({ fields }: Reading, minutes: number): void {
  setField(fields, FIELD.zoneOffset, minutes * MS_PER_MINUTE)
  setField(fields, FIELD.daylightOffset, 0)
}
