import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calendarFields } from '../../lib/data/java-calendar.ts'
import { javaText } from '../../lib/data/java-text.ts'
import type { Schema } from '../../lib/data/schema.ts'
import { Decimal, Instant, Sized, structSchema, type Value } from '../../lib/data/value.ts'

const POINT: Schema = {
  type: 'struct',
  fields: [
    { name: 'x', schema: { type: 'int32' } },
    { name: 'y', schema: { type: 'float32', optional: true } },
    { name: 'tags', schema: { type: 'array', values: { type: 'string' } } },
  ],
}

const TEXTS: readonly { value: Value; schema?: Schema; text: string }[] = [
  { value: null, text: 'null' },
  { value: 1, text: '1.0' },
  { value: 1, schema: { type: 'int32' }, text: '1' },
  { value: 0.1, schema: { type: 'float32' }, text: '0.1' },
  { value: 5n, text: '5' },
  { value: new Sized('int8', -1), text: '-1' },
  { value: new Sized('float32', 1e10), text: '1.0E10' },
  { value: new Decimal(110n, 2), text: '1.10' },
  { value: ['a', 1n, null], text: '[a, 1, null]' },
  {
    value: new Map<Value, Value>([
      ['k', 1],
      ['z', []],
    ]),
    text: '{k=1.0, z=[]}',
  },
  { value: { x: 1, y: null, tags: ['a', 'b'] }, schema: POINT, text: 'Struct{x=1,tags=[a, b]}' },
  { value: { x: 1, y: 0.5, [structSchema]: POINT } as Value, text: 'Struct{x=1,y=0.5}' },
  { value: { b: 1n, a: 2n }, text: '{b=1, a=2}' },
  { value: new Instant(0), text: 'Thu Jan 01 00:00:00 UTC 1970' },
  { value: new Instant(1_700_000_000_123), text: 'Tue Nov 14 22:13:20 UTC 2023' },
  { value: new Instant(-1), text: 'Wed Dec 31 23:59:59 UTC 1969' },
  { value: new Instant(-12_219_292_800_000), text: 'Fri Oct 15 00:00:00 UTC 1582' },
  { value: new Instant(-12_219_292_800_001), text: 'Thu Oct 04 23:59:59 UTC 1582' },
  { value: new Instant(-62_135_769_600_001), text: 'Fri Dec 31 23:59:59 UTC 1' },
]

for (const { value, schema = null, text } of TEXTS)
  test(`Java's text is ${text}`, () => {
    assert.equal(javaText(value, schema), text)
  })

test('days since 1582 are those of the Gregorian calendar', () => {
  for (let day = -140_000; day < 100_000; day += 7) {
    const date = new Date(day * 86_400_000 + 45_296_789)

    const {
      year,
      month,
      day: dayOfMonth,
      weekday,
      hour,
      minute,
      second,
      ms,
    } = calendarFields(+date)

    assert.equal(
      new Date(Date.UTC(year, month - 1, dayOfMonth, hour, minute, second, ms)).getTime(),
      +date,
    )
    assert.equal(weekday, date.getUTCDay())
  }
})

test('1500 has a leap day, since it lies in the Julian calendar', () => {
  const { year, month, day } = calendarFields(-14_825_894_400_000)

  assert.deepEqual({ year, month, day }, { year: 1500, month: 2, day: 29 })
})
