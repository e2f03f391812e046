import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KafkaEventRecord } from '../../lib/data/kafka-event.ts'
import type { FetchedRecord } from '../../lib/kafka/decode-records.ts'
import { type EventLimits, kafkaEvents } from '../../lib/local/kafka-event.ts'

const source = { bootstrapServers: 'b-1:9092,b-2:9092', topic: 'my-topic-1', partition: 12 }
const LAMBDA: EventLimits = { records: 10_000, bytes: 6 * 1024 * 1024 }

const fetched = (of: Partial<FetchedRecord> = {}): FetchedRecord => ({
  offset: 15,
  timestamp: 1_545_084_650_987,
  timestampType: 'CREATE_TIME',
  key: Buffer.from('recordKey'),
  value: Buffer.from('{"key":"value"}'),
  headers: [],
  ...of,
})
const numbered = (count: number, of: Partial<FetchedRecord> = {}): FetchedRecord[] =>
  Array.from({ length: count }, (_, offset) => fetched({ offset, ...of }))
const eventsOf = (records: readonly FetchedRecord[], limits = LAMBDA) => [
  ...kafkaEvents(records, source, limits),
]
const recordOf = (of: Partial<FetchedRecord>): KafkaEventRecord | undefined =>
  eventsOf([fetched(of)])[0]?.event.records['my-topic-1-12']?.[0]

test('an event is as Lambda sends it for a self-managed cluster', () => {
  const headers = [{ key: 'headerKey', value: Buffer.from('headerValue') }]

  const [batch] = eventsOf([fetched({ headers })])

  assert.deepEqual(batch?.event, {
    eventSource: 'SelfManagedKafka',
    bootstrapServers: 'b-1:9092,b-2:9092',
    records: {
      'my-topic-1-12': [
        {
          topic: 'my-topic-1',
          partition: 12,
          offset: 15,
          timestamp: 1545084650987,
          timestampType: 'CREATE_TIME',
          key: 'cmVjb3JkS2V5',
          value: 'eyJrZXkiOiJ2YWx1ZSJ9',
          headers: [{ headerKey: [104, 101, 97, 100, 101, 114, 86, 97, 108, 117, 101] }],
        },
      ],
    },
  })
  assert.equal(batch?.nextOffset, 16)
})

const forms: readonly {
  readonly title: string
  readonly have: Partial<FetchedRecord>
  readonly want: Partial<KafkaEventRecord>
}[] = [
  { title: 'a null key is null', have: { key: null }, want: { key: null } },
  { title: 'a tombstone is null', have: { value: null }, want: { value: null } },
  {
    title: 'an empty value is an empty text',
    have: { value: Buffer.alloc(0) },
    want: { value: '' },
  },
  { title: 'an empty key is an empty text', have: { key: Buffer.alloc(0) }, want: { key: '' } },
  {
    title: 'bytes above 127 in a value',
    have: { value: Buffer.from([255, 0, 128]) },
    want: { value: '/wCA' },
  },
  {
    title: 'the time of arrival',
    have: { timestampType: 'LOG_APPEND_TIME', timestamp: 7 },
    want: { timestampType: 'LOG_APPEND_TIME', timestamp: 7 },
  },
  {
    title:
      'headers in order, with repeated names, numbers for names, bytes above 127, empty and null',
    have: {
      headers: [
        { key: 'b', value: Buffer.from([255, 0]) },
        { key: '7', value: Buffer.alloc(0) },
        { key: 'a', value: null },
        { key: 'b', value: Buffer.from('x') },
        { key: '__proto__', value: Buffer.from('y') },
      ],
    },
    want: {
      headers: [{ b: [255, 0] }, { '7': [] }, { a: null }, { b: [120] }, { ['__proto__']: [121] }],
    },
  },
]

for (const { title, have, want } of forms)
  test(title, () => {
    const record = recordOf(have)

    assert.deepEqual({ ...record, ...want }, record)
  })

test('an event has no more records than the mapping’s batch size', () => {
  const batches = eventsOf(numbered(25), { ...LAMBDA, records: 10 })

  assert.deepEqual(
    batches.map(({ event, nextOffset }) => [Object.values(event.records)[0]?.length, nextOffset]),
    [
      [10, 10],
      [10, 20],
      [5, 25],
    ],
  )
})

const large: readonly { readonly title: string; readonly records: readonly FetchedRecord[] }[] = [
  { title: 'values', records: numbered(300, { value: Buffer.alloc(1_000) }) },
  { title: 'keys', records: numbered(300, { key: Buffer.alloc(1_000), value: null }) },
  { title: 'records without any content', records: numbered(3_000, { key: null, value: null }) },
  {
    title: 'headers',
    records: numbered(300, {
      headers: [
        { key: 'ünïcode "quoted"', value: Buffer.alloc(200, 255) },
        { key: 'null', value: null },
      ],
    }),
  },
]

for (const { title, records } of large)
  test(`an event stays below the limit of bytes, and is filled: ${title}`, () => {
    const limit = 100_000

    const batches = eventsOf(records, { records: 10_000, bytes: limit })

    assert.ok(batches.length > 2)
    batches.forEach(({ event, bytes }, at) => {
      const actual = Buffer.byteLength(JSON.stringify(event))
      assert.ok(actual <= bytes && bytes <= limit, `${actual} of ${bytes}`)
      if (at < batches.length - 1) assert.ok(actual > 0.9 * limit, `only ${actual}`)
    })
    assert.deepEqual(
      batches.flatMap(({ event }) =>
        Object.values(event.records)
          .flat()
          .map(({ offset }) => offset),
      ),
      records.map(({ offset }) => offset),
    )
  })

test('a record that is too large alone has an event of its own', () => {
  const records = [
    fetched({ offset: 1 }),
    fetched({ offset: 2, value: Buffer.alloc(2_000) }),
    fetched({ offset: 3 }),
  ]

  const batches = eventsOf(records, { records: 10, bytes: 1_000 })

  assert.deepEqual(
    batches.map(({ nextOffset, bytes }) => [nextOffset, bytes > 1_000]),
    [
      [2, false],
      [3, true],
      [4, false],
    ],
  )
})

test('offsets with gaps are committed behind the last record', () => {
  const batches = eventsOf([fetched({ offset: 4 }), fetched({ offset: 9 })])

  assert.deepEqual(
    batches.map(({ nextOffset }) => nextOffset),
    [10],
  )
})

test('no records make no event', () => {
  assert.deepEqual(eventsOf([]), [])
})
