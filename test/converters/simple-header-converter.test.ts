import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simpleHeaderConverter } from '../../lib/converters/simple-header-converter.ts'
import { answerOf, type ConverterCase, casesOf, configured } from '../vectors/cases.ts'
import { essenceOf } from '../vectors/compare.ts'
import { testRecordedConverter } from '../vectors/converter-vectors.ts'
import { below, pick, type Random, randomOf } from '../vectors/generate.ts'

testRecordedConverter('SimpleHeaderConverter', simpleHeaderConverter)

// Recorded from org.apache.kafka:connect-api:4.3.1 on JDK 17: texts and values at random, a few of each kind of answer. Left out are
// doubles of more than 16 digits, which JDK 17 writes longer than later ones do.
test('answers as Kafka Connect to texts and values at random', () => {
  const cases = casesOf<ConverterCase>('parity-headers')

  const wrong = cases
    .map((one) => ({ ...one, answer: answerOf(simpleHeaderConverter, one) }))
    .filter(({ answer, expected }) => essenceOf(answer, expected) !== essenceOf(expected, expected))

  assert.ok(cases.length > 700)
  assert.deepEqual(wrong, [])
})

const header = configured(simpleHeaderConverter, {}, 'header')

const PIECES = '[ ] { } : , " \\ null true 1 -2.5 1e400 2019-08-23 14:34:54.346Z a'.split(' ')

const bytesFrom = (random: Random): Buffer =>
  random() < 0.5
    ? Buffer.from(Array.from({ length: below(random, 20) }, () => below(random, 256)))
    : Buffer.from(Array.from({ length: below(random, 40) }, () => pick(random, PIECES)).join(''))

test('whatever the bytes, a header is read', () => {
  for (let seed = 0; seed < 20_000; seed++) {
    const bytes = bytesFrom(randomOf(seed))

    assert.doesNotThrow(() => header.toConnect('t', bytes), `seed ${seed}`)
  }
})

test('what is nested too deep for a Java stack stays bytes', () => {
  const bytes = Buffer.from('['.repeat(100_000))

  assert.deepEqual(header.toConnect('t', bytes), { schema: { type: 'bytes' }, value: bytes })
})

test('a lone surrogate is written as a question mark', () => {
  assert.equal(header.fromConnect('t', { type: 'string' }, 'a\ud800')?.toString(), 'a?')
})
