import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SinkRecord } from '../../lib/data/record.ts'
import type { Schema } from '../../lib/data/schema.ts'
import { ConfigError } from '../../lib/errors.ts'
import { examples, insertField } from '../../lib/transforms/insert-field.ts'
import { testRecorded } from '../vectors/record-vectors.ts'
import { configured, recordOf, testExamples } from './examples.ts'

testExamples(insertField, examples)
testRecorded('transforms', ['InsertField'])

const [, onValue] = insertField

const STATIC = { 'static.field': 's', 'static.value': 'v' }
const FLAT: Schema = { type: 'struct', fields: [{ name: 'id', schema: { type: 'int32' } }] }

test('a sink record gets the topic and partition that it has now, and its own offset', () => {
  const { sourcePartition, sourceOffset, ...common } = recordOf({ value: new Map() })
  const record: SinkRecord = {
    ...common,
    topic: 'routed',
    partition: 2,
    offset: 77,
    originalTopic: 'orders',
    originalPartition: 1,
    timestampType: 'CREATE_TIME',
  }
  const transform = configured(onValue, { 'topic.field': 't', 'offset.field': 'o' })

  const changed = transform.apply(record)

  assert.deepEqual(
    changed?.value,
    new Map<string, unknown>([
      ['t', 'routed'],
      ['o', 77n],
    ]),
  )
})

test('a map that is a plain object becomes a Map, and stays as it was itself', () => {
  const value = { id: 7 }

  const changed = configured(onValue, STATIC).apply(recordOf({ value }))

  assert.deepEqual(changed?.value, new Map<string, unknown>(Object.entries({ id: 7, s: 'v' })))
  assert.deepEqual(value, { id: 7 })
})

test('records of one schema come out with one schema, made once', () => {
  const transform = configured(onValue, STATIC)
  const record = recordOf({ valueSchema: FLAT, value: { id: 7 } })

  const [one, other] = [transform.apply(record), transform.apply(record)]
  const alike = transform.apply({ ...record, valueSchema: structuredClone(FLAT) })

  assert.equal(one?.valueSchema, other?.valueSchema)
  assert.equal(one?.valueSchema, alike?.valueSchema)
})

test('a field named __proto__ is one like any other', () => {
  const fields = [{ name: '__proto__', schema: { type: 'string' } }] as const
  const record = recordOf({
    valueSchema: { type: 'struct', fields },
    value: Object.fromEntries([['__proto__', 'x']]),
  })

  const changed = configured(onValue, STATIC).apply(record)

  assert.deepEqual(Object.entries(Object(changed?.value)), [
    ['__proto__', 'x'],
    ['s', 'v'],
  ])
})

test('a fixed field without its text is refused, and named', () => {
  assert.throws(
    () => configured(onValue, { 'static.field': 'origin' }),
    new ConfigError(
      'Invalid value null for configuration static.value: No value specified for static field: origin',
    ),
  )
})
