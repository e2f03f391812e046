import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  calendarDate,
  calendarPlace,
  FIRST_GREGORIAN_DAY,
  gregorianDay,
  julianDay,
} from '../../lib/data/java-calendar.ts'
import { below, randomOf } from '../vectors/generate.ts'

test('a day has one date, and the date that day', () => {
  const random = randomOf(1582)
  for (let count = 0; count < 5000; count++) {
    const day = below(random, 4_000_000) - 2_000_000

    const date = calendarDate(day)

    const back = day < FIRST_GREGORIAN_DAY ? julianDay(date) : gregorianDay(date)
    assert.equal(back, day)
  }
})

test('ten days are left out in October 1582', () => {
  const [last, first] = [FIRST_GREGORIAN_DAY - 1, FIRST_GREGORIAN_DAY].map(calendarDate)

  assert.deepEqual(last, { year: 1582, month: 10, day: 4 })
  assert.deepEqual(first, { year: 1582, month: 10, day: 15 })
  assert.equal(calendarPlace(FIRST_GREGORIAN_DAY).dayOfYear, 278)
})

test('the last days of a year may belong to the first week of the next', () => {
  const place = calendarPlace(gregorianDay({ year: 2025, month: 12, day: 31 }))

  assert.deepEqual(place, {
    dayOfYear: 365,
    weekOfYear: 1,
    weekYear: 2026,
    weekOfMonth: 5,
    weekdayInMonth: 5,
  })
})
