import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  byPartition,
  chunksOf,
  recordWriter,
  type Write,
} from '../../../lib/connectors/example-sink/commands.ts'
import type { SinkRecord } from '../../../lib/data/record.ts'
import type { Schema } from '../../../lib/data/schema.ts'

const ROW: Schema = {
  type: 'struct',
  name: 'row',
  fields: [{ name: 'id', schema: { type: 'int64' } }],
}

const record = (given: Partial<SinkRecord> = {}): SinkRecord => ({
  topic: 't',
  partition: 0,
  offset: 0,
  originalTopic: 't',
  originalPartition: 0,
  timestamp: null,
  timestampType: 'CREATE_TIME',
  headers: [],
  keySchema: { type: 'string' },
  key: 'k',
  valueSchema: ROW,
  value: { id: 1n },
  ...given,
})

describe('a record is written', () => {
  const writeOf = recordWriter()

  test('as JSON under topic and key', () => {
    assert.deepEqual(writeOf(record()), { key: 't_k', json: '{"id":1}' })
  })

  test('with a key that may be null by its schema', () => {
    assert.equal(writeOf(record({ keySchema: { type: 'string', optional: true } })).key, 't_k')
  })

  test('as a deletion when its value is null, whatever its schema', () => {
    assert.deepEqual(writeOf(record({ value: null, valueSchema: null })), {
      key: 't_k',
      json: null,
    })
    assert.deepEqual(writeOf(record({ value: null })), { key: 't_k', json: null })
  })
})

describe('a record that cannot be written is refused', () => {
  const refused: readonly [string, Partial<SinkRecord>, string][] = [
    ['without a key', { key: null }, 'key is null; it must be a STRING'],
    ['without key and value', { key: null, value: null }, 'key is null; it must be a STRING'],
    [
      'with a number for a key',
      { key: 1n, keySchema: { type: 'int64' } },
      'key is of type INT64; it must be a STRING',
    ],
    [
      'with a key without a schema',
      { keySchema: null },
      'key is without a schema; it must be a STRING',
    ],
    [
      'with text for a value',
      { value: 'x', valueSchema: { type: 'string' } },
      'value is of type STRING; it must be a STRUCT',
    ],
    [
      'with a value without a schema',
      { value: { id: 1n }, valueSchema: null },
      'value is without a schema; it must be a STRUCT',
    ],
  ]
  for (const [title, given, message] of refused)
    test(title, () => {
      assert.throws(() => recordWriter()(record(given)), {
        name: 'DataException',
        message: `The record's ${message} to be written to Redis`,
      })
    })
})

test('records are parted by the topic partition they were read from, those of each in their order', () => {
  const records = [
    record({ offset: 1 }),
    record({ partition: 1, originalPartition: 1, offset: 7 }),
    record({ topic: 'routed', partition: 5, offset: 2 }),
    record({ originalTopic: 'u', offset: 3 }),
    record({ offset: 4 }),
  ]

  assert.deepEqual(
    byPartition(records).map(({ topic, partition, records }) => [
      topic,
      partition,
      records.map(({ offset }) => offset),
    ]),
    [
      ['t', 0, [1, 2, 4]],
      ['t', 1, [7]],
      ['u', 0, [3]],
    ],
  )
})

describe('writes go out in their order', () => {
  const set = (key: string, json = '{}'): Write => ({ key, json })
  const remove = (key: string): Write => ({ key, json: null })
  const chunks = (writes: readonly Write[]) => [...chunksOf(writes)]

  test('as runs of MSET and of DEL', () => {
    assert.deepEqual(
      chunks([
        set('a', '1'),
        set('b', '2'),
        remove('a'),
        remove('c'),
        set('a', '3'),
        set('a', '4'),
      ]),
      [
        [
          ['MSET', 'a', '1', 'b', '2'],
          ['DEL', 'a', 'c'],
          ['MSET', 'a', '3', 'a', '4'],
        ],
      ],
    )
  })

  test('nothing makes no chunk', () => assert.deepEqual(chunks([]), []))

  test('500 keys a chunk', () => {
    const keys = chunks(Array.from({ length: 1001 }, (_, at) => set(`k${at}`))).map(
      (chunk) => chunk.flat().length,
    )

    assert.deepEqual(keys, [1001, 1001, 3])
  })

  test('256 KiB a chunk, and a larger write alone', () => {
    // Together with its key of one letter.
    const text = (kib: number) => 'x'.repeat(kib * 1024 - 1)
    const writes = [
      set('a', text(200)),
      set('b', text(56)),
      set('c', text(1)),
      set('d', text(300)),
      remove('e'),
    ]

    const keys = chunks(writes).map((chunk) =>
      chunk.flat().filter((argument) => argument.length === 1),
    )

    assert.deepEqual(keys, [['a', 'b'], ['c'], ['d'], ['e']])
  })
})
