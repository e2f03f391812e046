import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { dateFormat } from '../../lib/data/date-format.ts'
import { Instant } from '../../lib/data/value.ts'

/** What java.text.SimpleDateFormat of JDK 17 answers, in UTC and en-US. */
type Recorded = { readonly pattern: string } & (
  | { readonly write: string; readonly text: string }
  /** `ms` null: the text does not match. `written`: what the same format makes of the time it has read. */
  | { readonly read: string; readonly ms: string | null; readonly written?: string }
  | { readonly error: string }
)

const recorded = readFileSync(
  new URL('../fixtures/java/date-format.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  // The file is ours.
  .map((line) => JSON.parse(line) as Recorded)

/** When they were recorded. */
const NOW = 1_795_486_330_000

test('there are hundreds of recorded answers of Java', () => assert.ok(recorded.length > 600))

for (const one of recorded)
  test(`${JSON.stringify(one)} as Java has it`, () => {
    if ('error' in one)
      return assert.throws(() => dateFormat(one.pattern, NOW), {
        name: 'IllegalArgumentException',
        message: one.error,
      })
    const format = dateFormat(one.pattern, NOW)
    if ('write' in one) return assert.equal(format.format(instant(one.write)), one.text)

    const time = format.parse(one.read)

    assert.equal(time?.epochMs, one.ms === null ? undefined : Number(one.ms))
    if (time && one.written !== undefined) assert.equal(format.format(time), one.written)
  })

const instant = (ms: string): Instant | bigint => {
  const time = new Instant(Number(ms))
  return Number.isSafeInteger(time.epochMs) ? time : BigInt(ms)
}

test('two digits of a year lie within 80 years before now and 20 after, to the millisecond', () => {
  const now = Date.UTC(2026, 10, 24, 12)
  const format = dateFormat('yy-MM-dd HH:mm', now)

  const years = ['46-11-24 11:59', '46-11-24 12:00', '47-01-01 00:00', '45-12-31 00:00'].map(
    (text) => new Date(format.parse(text)?.epochMs ?? 0).getUTCFullYear(),
  )

  assert.deepEqual(years, [2046, 1946, 1947, 2045])
})

test('every millisecond of a long is written', () => {
  const text = dateFormat('G yyyy-MM-dd HH:mm:ss.SSS').format(2n ** 63n - 1n)

  assert.equal(text, 'AD 292278994-08-17 07:12:55.807')
})

test('a time zone that a text names is the one that is written from then on', () => {
  const format = dateFormat('yyyy-MM-dd HH:mm z')

  const time = format.parse('2023-07-01 12:00 PDT')

  assert.equal(time?.epochMs, Date.UTC(2023, 6, 1, 19))
  assert.equal(format.format(new Instant(Date.UTC(2023, 0, 1))), '2022-12-31 16:00 PST')
})
