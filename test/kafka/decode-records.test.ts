import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ConnectError } from '../../lib/errors.ts'
import { crc32c } from '../../lib/kafka/crc32c.ts'
import {
  type AbortedTransaction,
  decodeRecords,
  offsetAfter,
} from '../../lib/kafka/decode-records.ts'
import { encodeBatch } from '../../lib/kafka/encode-records.ts'

type Fetch = {
  readonly from: number
  readonly aborted: readonly AbortedTransaction[]
  readonly bytes: string
}
type Fixture = {
  readonly compressed: Readonly<Record<string, { readonly records: Fetch; readonly large: Fetch }>>
  readonly transactions: Fetch
  readonly plain: Fetch
}

const fixture = new URL('../fixtures/kafka/record-batches.json', import.meta.url)
const { compressed, transactions, plain } = JSON.parse(readFileSync(fixture, 'utf8')) as Fixture

const decoded = ({ bytes, from, aborted }: Fetch) => [
  ...decodeRecords(Buffer.from(bytes, 'base64'), from, aborted),
]

for (const [codec, { records, large }] of Object.entries(compressed)) {
  test(`records compressed by ${codec} are read`, () => {
    const wanted = Array.from({ length: 40 }, (_, id) => ({
      offset: id,
      timestamp: 1_700_000_000_000 + id,
      timestampType: 'CREATE_TIME' as const,
      key: Buffer.from(`key-${id % 7}`),
      value: Buffer.from(
        JSON.stringify({
          id,
          name: 'anna bob carl '.repeat(1 + (id % 3)),
          note: Buffer.from(String(id * 7919)).toString('base64'),
        }),
      ),
      headers: [],
    }))

    assert.deepEqual(decoded(records), wanted)
  })

  test(`a record of many blocks compressed by ${codec} is read`, () => {
    const wanted = Array.from({ length: 5_000 }, (_, at) => `line ${at % 100} of ${at % 7}; `)

    assert.equal(decoded(large)[0]?.value?.toString(), wanted.join(''))
  })
}

test('of transactions only the committed records are given, and their ends are passed over', () => {
  const records = decoded(transactions)

  assert.deepEqual(
    records.map(({ offset, value }) => [offset, value?.toString() ?? null]),
    [
      [6, 'committed'],
      [7, null],
      [12, 'committed'],
      [13, null],
      [18, 'committed'],
      [19, null],
    ],
  )
  assert.equal(offsetAfter(Buffer.from(transactions.bytes, 'base64'), 2), 24)
})

test('a Java producer’s headers keep their order, repeated names, nulls and bytes', () => {
  assert.deepEqual(decoded(plain)[0]?.headers, [
    { key: 'a', value: Buffer.from('1') },
    { key: 'b', value: null },
    { key: 'a', value: Buffer.from([200, 0]) },
    { key: '7', value: Buffer.alloc(0) },
  ])
})

const batch = (values: readonly string[]) =>
  encodeBatch(
    values.map((value) => ({ key: null, value: Buffer.from(value), headers: [], timestamp: 1 })),
    { producerId: 1n, producerEpoch: 0, sequence: 0, now: 0 },
  )

test('records before the offset that was asked for are left out', () => {
  const records = [...decodeRecords(batch(['a', 'b', 'c']), 2, [])]

  assert.deepEqual(
    records.map(({ offset }) => offset),
    [2],
  )
})

test('a batch that the fetch has cut off waits for the next one', () => {
  const whole = batch(['a', 'b'])
  const bytes = Buffer.concat([whole, whole.subarray(0, whole.length - 1)])

  assert.equal([...decodeRecords(bytes, 0, [])].length, 2)
  assert.equal(offsetAfter(bytes, 0), 2)
  assert.equal(offsetAfter(whole.subarray(0, 50), 9), 9)
})

test('damaged records are an error that names their offset', () => {
  const bytes = batch(['a', 'b'])
  bytes[bytes.length - 2] = 0xff

  assert.throws(() => [...decodeRecords(bytes, 0, [])], {
    name: 'ConnectException',
    message: 'Records at offset 0 do not match their checksum',
  })
})

test('records of a message format before Kafka 0.11 are an error', () => {
  const bytes = batch(['a'])
  bytes[16] = 1

  assert.throws(() => [...decodeRecords(bytes, 0, [])], ConnectError)
})

test('records with the time of their arrival say so', () => {
  const bytes = batch(['a', 'b'])
  bytes.writeInt16BE(0b1000, 21)
  bytes.writeBigInt64BE(99n, 35)
  // As the broker does when it sets the time.
  bytes.writeUInt32BE(crc32c(bytes.subarray(21)), 17)

  const records = [...decodeRecords(bytes, 0, [])]

  assert.deepEqual(
    records.map(({ timestamp, timestampType }) => [timestamp, timestampType]),
    [
      [99, 'LOG_APPEND_TIME'],
      [99, 'LOG_APPEND_TIME'],
    ],
  )
})
