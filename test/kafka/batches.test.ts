import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partitionOf } from '../../lib/data/murmur2.ts'
import type { KafkaRecord } from '../../lib/data/record.ts'
import { batchesOf } from '../../lib/kafka/batches.ts'
import { encodeBatch } from '../../lib/kafka/encode-records.ts'
import type { TargetTopic } from '../../lib/kafka/target-topics.ts'
import { recordOf } from './kafka-fixture.ts'

const topic = (of: Partial<TargetTopic> = {}): TargetTopic => ({
  name: 't',
  partitions: 1,
  leaders: [],
  maxBytes: 1_048_588,
  ...of,
})
const cut = (records: readonly KafkaRecord[], of: Partial<TargetTopic> = {}, random = () => 0) => {
  const target = topic(of)
  return batchesOf(records, () => target, random)
}
const keyed = (count: number, bytes = 10): KafkaRecord[] =>
  Array.from({ length: count }, (_, at) =>
    recordOf('t', { key: Buffer.from(`k${at}`), value: Buffer.alloc(bytes, 'x') }),
  )
const sizes = (requests: ReturnType<typeof batchesOf>) =>
  requests.map((batches) => batches.map(({ records }) => records.length))

test('a request has at most 2000 records', () => {
  assert.deepEqual(sizes(cut(keyed(4_001))), [[2_000], [2_000], [1]])
})

test('a request stays below a megabyte', () => {
  const requests = cut(keyed(25, 99_000))

  assert.deepEqual(sizes(requests), [[10], [10], [5]])
})

test('a batch stays below what the topic takes', () => {
  const requests = cut(keyed(100, 300), { maxBytes: 1_000 })

  assert.ok(requests.length > 30 && requests.length < 60)
  for (const [batch] of requests) assert.ok(encodeBatch(batch?.records ?? [], head).length <= 1_000)
})

test('a record that is larger than a megabyte goes alone where the topic takes it', () => {
  const records = [...keyed(1), ...keyed(1, 3_000_000), ...keyed(1)]

  assert.deepEqual(sizes(cut(records, { maxBytes: 5_000_000 })), [[1], [1], [1]])
})

test('a record that the topic does not take is named, with its size and the limit', () => {
  assert.throws(() => cut([...keyed(3), ...keyed(1, 2_000)], { maxBytes: 1_000 }), {
    name: 'ConnectException',
    message: "A record for topic t takes 2072 bytes, and the topic's max.message.bytes allows 1000",
  })
})

test('keys decide on partitions as in Kafka’s own producer, and order is kept in each', () => {
  const records = keyed(500)

  const [batches = []] = cut(records, { partitions: 4 })

  assert.equal(batches.length, 4)
  for (const { partition, records: own } of batches)
    assert.deepEqual(
      own,
      records.filter(({ key }) => partitionOf(key ?? Buffer.alloc(0), 4) === partition),
    )
})

test('records without a key stay together for one request and go elsewhere with the next', () => {
  const draws = [0.3, 0.9]

  const requests = cut(
    Array.from({ length: 3_000 }, () => recordOf('t')),
    { partitions: 4 },
    () => draws.shift() ?? 0,
  )

  assert.deepEqual(
    requests.map((batches) => batches.map(({ partition }) => partition)),
    [[1], [3]],
  )
})

test('an empty key is a key', () => {
  const empty = Buffer.alloc(0)

  const [batches] = cut([recordOf('t', { key: empty })], { partitions: 7 }, () => 0)

  assert.equal(batches?.[0]?.partition, partitionOf(empty, 7))
})

for (const partition of [-1, 2])
  test(`partition ${partition} of two is refused`, () => {
    assert.throws(() => cut([recordOf('t', { partition })], { partitions: 2 }), {
      message: `Invalid partition given with record: ${partition} is not in the range [0...2) of topic t.`,
    })
  })

test('nothing makes no request', () => {
  assert.deepEqual(cut([]), [])
})

const head = { producerId: 1n, producerEpoch: 0, sequence: 0, now: 0 }
