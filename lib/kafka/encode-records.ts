import type { KafkaRecord } from '../data/record.ts'
import { crc32c } from './crc32c.ts'
import { sizeOfVarint, writeVarint } from './varint.ts'

export type BatchHead = {
  readonly producerId: bigint
  readonly producerEpoch: number
  /** of the first record */
  readonly sequence: number
  /** ms since 1970, for records without a timestamp */
  readonly now: number
}

type Sent = Pick<KafkaRecord, 'key' | 'value' | 'headers' | 'timestamp'>

/** What a batch has besides its records. */
export const BATCH_OVERHEAD_BYTES = 61
/** Length, attributes, time and offset of a record are at most as large as this. */
const RECORD_OVERHEAD_BYTES = 5 + 1 + 9 + 5

/** How large a batch grows by the record, at most. */
export const bytesAtMost = (record: Sent): number => RECORD_OVERHEAD_BYTES + sizeOfContent(record)

/** How large the batch is that holds this record alone. */
export function bytesAlone(record: Sent): number {
  const body = 3 + sizeOfContent(record)
  return BATCH_OVERHEAD_BYTES + sizeOfVarint(body) + body
}

/** A batch of Kafka's message format 2 (KIP-98), uncompressed. */
export function encodeBatch(records: readonly Sent[], head: BatchHead): Buffer {
  const firstTimestamp = records[0]?.timestamp ?? head.now
  const batch = Buffer.allocUnsafe(
    records.reduce((bytes, record) => bytes + bytesAtMost(record), BATCH_OVERHEAD_BYTES),
  )
  let maxTimestamp = firstTimestamp
  let at = BATCH_OVERHEAD_BYTES
  records.forEach((record, index) => {
    const timestamp = record.timestamp ?? head.now
    if (timestamp > maxTimestamp) maxTimestamp = timestamp
    at = writeRecord(record, timestamp - firstTimestamp, index, batch, at)
  })
  const encoded = batch.subarray(0, at)
  writeHead(encoded, records.length, { ...head, firstTimestamp, maxTimestamp })
  return encoded
}

function writeHead(
  batch: Buffer,
  count: number,
  head: BatchHead & { readonly firstTimestamp: number; readonly maxTimestamp: number },
): void {
  batch.writeBigInt64BE(0n, 0) // base offset: the broker's to give
  batch.writeInt32BE(batch.length - 12, 8)
  batch.writeInt32BE(-1, 12) // partition leader epoch
  batch.writeInt8(2, 16) // format
  batch.writeInt16BE(0, 21) // attributes: not compressed, create time, not transactional
  batch.writeInt32BE(count - 1, 23)
  batch.writeBigInt64BE(BigInt(head.firstTimestamp), 27)
  batch.writeBigInt64BE(BigInt(head.maxTimestamp), 35)
  batch.writeBigInt64BE(head.producerId, 43)
  batch.writeInt16BE(head.producerEpoch, 51)
  batch.writeInt32BE(head.sequence, 53)
  batch.writeInt32BE(count, 57)
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17)
}

function writeRecord(
  record: Sent,
  timestampDelta: number,
  offsetDelta: number,
  into: Buffer,
  position: number,
): number {
  const body = 1 + sizeOfVarint(timestampDelta) + sizeOfVarint(offsetDelta) + sizeOfContent(record)
  let at = writeVarint(body, into, position)
  into[at++] = 0 // attributes: none are defined
  at = writeVarint(timestampDelta, into, at)
  at = writeVarint(offsetDelta, into, at)
  at = writeBytes(record.key, into, at)
  at = writeBytes(record.value, into, at)
  at = writeVarint(record.headers.length, into, at)
  for (const { key, value } of record.headers) {
    at = writeVarint(Buffer.byteLength(key), into, at)
    at += into.write(key, at)
    at = writeBytes(value, into, at)
  }
  return at
}

function writeBytes(bytes: Buffer | null, into: Buffer, position: number): number {
  if (bytes === null) return writeVarint(-1, into, position)
  const at = writeVarint(bytes.length, into, position)
  into.set(bytes, at)
  return at + bytes.length
}

function sizeOfContent({ key, value, headers }: Sent): number {
  let size = sizeOfBytes(key) + sizeOfBytes(value) + sizeOfVarint(headers.length)
  for (const header of headers) {
    const length = Buffer.byteLength(header.key)
    size += sizeOfVarint(length) + length + sizeOfBytes(header.value)
  }
  return size
}

const sizeOfBytes = (bytes: Buffer | null): number =>
  bytes === null ? 1 : sizeOfVarint(bytes.length) + bytes.length
