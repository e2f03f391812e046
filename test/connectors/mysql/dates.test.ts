import assert from 'node:assert/strict'
import { test } from 'node:test'
import { timeOfDayMs, wallMsOf, zeroDate } from '../../../lib/connectors/mysql/dates.ts'

const walls = [
  { text: '1970-01-01', want: 0 },
  { text: '2024-02-29', want: Date.UTC(2024, 1, 29) },
  { text: '2024-02-29 23:59:59', want: Date.UTC(2024, 1, 29, 23, 59, 59) },
  { text: '2024-02-29 23:59:59.5', want: Date.UTC(2024, 1, 29, 23, 59, 59, 500) },
  { text: '2024-02-29 23:59:59.123999', want: Date.UTC(2024, 1, 29, 23, 59, 59, 123) },
  { text: '1969-12-31 23:59:59.999', want: -1 },
  { text: '0001-01-01', want: -62_135_596_800_000 },
  { text: '0099-12-31 00:00:00', want: Date.parse('0099-12-31T00:00:00Z') },
  { text: '9999-12-31 23:59:59.999999', want: 253_402_300_799_999 },
  { text: '0000-00-00', want: undefined },
  { text: '0000-00-00 00:00:00', want: undefined },
  { text: '2024-00-15', want: undefined },
  { text: '2024-02-00 00:00:00', want: undefined },
]

for (const { text, want } of walls)
  test(`${text} is ${want === undefined ? 'a zero date' : `${want} ms`}`, () => {
    assert.equal(wallMsOf(text), want)
  })

test('a day that no month has is no date', () => {
  assert.throws(() => wallMsOf('2023-02-29'), { message: '2023-02-29 is no date of the calendar' })
  assert.throws(() => wallMsOf('today'), { message: 'today is no date' })
})

test('a zero date is null, the first day of the calendar, or refused', () => {
  assert.equal(zeroDate('0000-00-00', 'CONVERT_TO_NULL'), null)
  assert.equal(zeroDate('0000-00-00', 'ROUND'), Date.parse('0001-01-01T00:00:00Z'))
  assert.throws(() => zeroDate('0000-00-00', 'EXCEPTION'), {
    name: 'DataException',
    message: /0000-00-00 is a zero date.*zeroDateTimeBehavior/,
  })
})

test('a time of day is its milliseconds; a duration is refused', () => {
  assert.equal(timeOfDayMs('00:00:00'), 0)
  assert.equal(timeOfDayMs('23:59:59.999999'), 86_399_999)
  assert.equal(timeOfDayMs('12:34:56.7'), 45_296_700)
  for (const duration of ['-00:00:01', '24:00:00', '838:59:59', '-838:59:59'])
    assert.throws(() => timeOfDayMs(duration), { message: `${duration} is no time of day` })
})
