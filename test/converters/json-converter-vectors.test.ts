import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonConverter } from '../../lib/converters/json-converter/index.ts'
import { answerOf, type ConverterCase, casesOf } from '../vectors/cases.ts'
import { essenceOf } from '../vectors/compare.ts'

for (const one of casesOf<ConverterCase>('JsonConverter'))
  test(`answers as Kafka Connect: ${one.id}`, () => {
    const answer = answerOf(jsonConverter, one)

    assert.equal(essenceOf(answer, one.expected), essenceOf(one.expected, one.expected))
  })

// Recorded from org.apache.kafka:connect-json:4.3.1 on JDK 17: hand-made edge cases, and messages changed at random.
test('answers as Kafka Connect to broken, odd and mutated messages', () => {
  const cases = casesOf<ConverterCase>('parity-converters').filter(
    ({ class: name }) => name === 'JsonConverter',
  )

  const wrong = cases.filter((one) => {
    const answer = answerOf(jsonConverter, one)
    return essenceOf(answer, one.expected) !== essenceOf(one.expected, one.expected)
  })

  assert.ok(cases.length > 1000)
  assert.deepEqual(
    wrong.map((one) => ({ ...one, answer: answerOf(jsonConverter, one) })),
    [],
  )
})
