import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KafkaRecord } from '../../lib/data/record.ts'
import { crc32c } from '../../lib/kafka/crc32c.ts'
import { decodeRecords, offsetAfter } from '../../lib/kafka/decode-records.ts'
import { bytesAlone, bytesAtMost, encodeBatch } from '../../lib/kafka/encode-records.ts'

type Sent = Pick<KafkaRecord, 'key' | 'value' | 'headers' | 'timestamp'>

const sent = (of: Partial<Sent>): Sent => ({
  key: null,
  value: null,
  headers: [],
  timestamp: null,
  ...of,
})
const head = { producerId: 7n, producerEpoch: 3, sequence: 41, now: 1_700_000_000_000 }

const examples: readonly { readonly title: string; readonly records: readonly Sent[] }[] = [
  { title: 'key and value', records: [sent({ key: Buffer.from('k'), value: Buffer.from('v') })] },
  { title: 'null and empty', records: [sent({}), sent({ key: Buffer.alloc(0) })] },
  {
    title: 'timestamps that go up and down, before 1970 and far ahead',
    records: [5, -7, 0, 8_640_000_000_000_000, null].map((timestamp) => sent({ timestamp })),
  },
  {
    title: 'headers: repeated, empty, null, not ASCII',
    records: [
      sent({
        headers: [
          { key: 'b', value: Buffer.from([200, 0]) },
          { key: 'a', value: null },
          { key: 'b', value: Buffer.alloc(0) },
          { key: '7', value: Buffer.from('ü') },
          { key: 'größe', value: Buffer.from('x') },
        ],
      }),
    ],
  },
  {
    title: 'lengths around the steps of a varint',
    records: [62, 63, 64, 65, 8_190, 8_191, 8_192, 70_000].map((length) =>
      sent({ value: Buffer.alloc(length, 'x') }),
    ),
  },
  {
    title: 'many records',
    records: Array.from({ length: 300 }, (_, at) => sent({ timestamp: at })),
  },
]

for (const { title, records } of examples) {
  test(`${title}: what is encoded can be decoded`, () => {
    const batch = encodeBatch(records, head)

    const decoded = [...decodeRecords(batch, 0, [])]

    assert.deepEqual(
      decoded,
      records.map((record, offset) => ({
        offset,
        timestampType: 'CREATE_TIME',
        ...record,
        timestamp: record.timestamp ?? head.now,
      })),
    )
    assert.equal(offsetAfter(batch, 0), records.length)
  })

  test(`${title}: sizes are told before`, () => {
    const atMost = records.reduce((sum, record) => sum + bytesAtMost(record), 61)

    assert.ok(encodeBatch(records, head).length <= atMost)
    for (const record of records)
      assert.equal(encodeBatch([record], head).length, bytesAlone(record))
  })
}

test('the head of a batch is as KIP-98 says', () => {
  const records = [sent({ timestamp: 5 }), sent({ timestamp: 9 }), sent({ timestamp: 7 })]

  const batch = encodeBatch(records, head)

  assert.equal(batch.readBigInt64BE(0), 0n, 'base offset')
  assert.equal(batch.readInt32BE(8), batch.length - 12, 'length')
  assert.equal(batch[16], 2, 'magic')
  assert.equal(batch.readUInt32BE(17), crc32c(batch.subarray(21)), 'checksum')
  assert.equal(batch.readInt16BE(21), 0, 'attributes')
  assert.equal(batch.readInt32BE(23), 2, 'last offset')
  assert.equal(batch.readBigInt64BE(27), 5n, 'first timestamp')
  assert.equal(batch.readBigInt64BE(35), 9n, 'max timestamp')
  assert.equal(batch.readBigInt64BE(43), 7n, 'producer id')
  assert.equal(batch.readInt16BE(51), 3, 'producer epoch')
  assert.equal(batch.readInt32BE(53), 41, 'sequence')
  assert.equal(batch.readInt32BE(57), 3, 'records')
})

// The first is the check value of the CRC catalogue, the others are of RFC 3720, B.4.
for (const [title, bytes, crc] of [
  ['123456789', Buffer.from('123456789'), 0xe3069283],
  ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
  ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['0 to 31', Buffer.from(Array.from({ length: 32 }, (_, at) => at)), 0x46dd794e],
] as const)
  test(`the CRC-32C of ${title} is the one that is published`, () => {
    assert.equal(crc32c(bytes), crc)
  })
