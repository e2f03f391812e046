import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byteArrayConverter } from '../../lib/converters/byte-array-converter.ts'
import { answerOf, type ConverterCase, casesOf, configured } from '../vectors/cases.ts'
import { essenceOf } from '../vectors/compare.ts'

for (const one of casesOf<ConverterCase>('ByteArrayConverter'))
  test(`answers as Kafka Connect: ${one.id}`, () => {
    const answer = answerOf(byteArrayConverter, one)

    assert.equal(essenceOf(answer, one.expected), essenceOf(one.expected, one.expected))
  })

test('bytes pass as they are, without a copy', () => {
  const bytes = Buffer.from([0, 255])
  const converter = configured(byteArrayConverter)

  assert.equal(converter.fromConnect('t', null, bytes), bytes)
  assert.equal(converter.toConnect('t', bytes).value, bytes)
})
