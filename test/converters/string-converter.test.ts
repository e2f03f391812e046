import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stringConverter } from '../../lib/converters/string-converter.ts'
import { answerOf, type ConverterCase, casesOf, configured } from '../vectors/cases.ts'
import { essenceOf } from '../vectors/compare.ts'
import { testRecordedConverter } from '../vectors/converter-vectors.ts'

testRecordedConverter('StringConverter', stringConverter)

// Recorded from org.apache.kafka:connect-runtime:4.3.1 on JDK 17: dates, decimals, and malformed bytes in each encoding.
test('answers as Kafka Connect to values and bytes at random', () => {
  const cases = casesOf<ConverterCase>('parity-converters').filter(
    ({ class: name }) => name === 'StringConverter',
  )

  const wrong = cases.filter((one) => {
    const answer = answerOf(stringConverter, one)
    return essenceOf(answer, one.expected) !== essenceOf(one.expected, one.expected)
  })

  assert.ok(cases.length > 500)
  assert.deepEqual(
    wrong.map((one) => ({ ...one, answer: answerOf(stringConverter, one) })),
    [],
  )
})

test('bytes print as an array does in Java, never their content', () => {
  const bytes = configured(stringConverter).fromConnect('t', null, Buffer.from('secret'))

  assert.match(bytes?.toString() ?? '', /^\[B@[0-9a-f]+$/)
})
