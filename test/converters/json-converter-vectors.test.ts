import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonConverter } from '../../lib/converters/json-converter/index.ts'
import { readData } from '../../lib/data/notation.ts'
import type { SchemaAndValue } from '../../lib/data/schema.ts'
import { answerOf, type ConverterCase, casesOf, configured } from '../vectors/cases.ts'
import { essenceOf } from '../vectors/compare.ts'
import { testRecordedConverter } from '../vectors/converter-vectors.ts'

testRecordedConverter('JsonConverter', jsonConverter)

test('a second message of the same schema is read as the first was, on the fast way', () => {
  const cases = [
    ...casesOf<ConverterCase>('JsonConverter'),
    ...casesOf<ConverterCase>('parity-converters'),
  ].filter(({ class: name, op }) => name === 'JsonConverter' && op === 'toConnectData')
  let read = 0
  for (const { id, config, data } of cases) {
    const bytes = readData(data ?? null)
    const first = outcomeOf(() => configured(jsonConverter, config).toConnect('topic', bytes))
    if ('refused' in first) continue
    const converter = configured(jsonConverter, config)
    converter.toConnect('topic', bytes)

    const second = outcomeOf(() => converter.toConnect('topic', bytes))

    assert.deepEqual(second, first, id)
    read++
  }
  assert.ok(read > 500)
})

function outcomeOf(read: () => SchemaAndValue): SchemaAndValue | { readonly refused: unknown } {
  try {
    return read()
  } catch (error) {
    return { refused: error }
  }
}

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
