import { ConnectError } from '../errors.ts'
import { crc32c } from './crc32c.ts'
import { decompressed } from './decompress.ts'
import { type Cursor, readVarint } from './varint.ts'

/** A record as a consumer gets it. Its bytes are views on the batch it came in. */
export type FetchedRecord = {
  readonly offset: number
  /** ms since 1970, -1 for none */
  readonly timestamp: number
  readonly timestampType: 'CREATE_TIME' | 'LOG_APPEND_TIME'
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly { readonly key: string; readonly value: Buffer | null }[]
}

export type AbortedTransaction = { readonly producerId: number; readonly firstOffset: number }

const HEAD_BYTES = 61
const CODEC = 0b111
const LOG_APPEND_TIME = 0b1000
const TRANSACTIONAL = 0b10000
const CONTROL = 0b100000
const NO_HEADERS: readonly never[] = []

/** The offset that follows the last whole batch; `from` when there is none. */
export function offsetAfter(bytes: Buffer, from: number): number {
  let next = from
  for (const batch of batchesIn(bytes)) next = lastOffsetOf(batch) + 1
  return Math.max(next, from)
}

/** How many records the whole batches say they hold. */
export function recordCount(bytes: Buffer): number {
  let count = 0
  for (const batch of batchesIn(bytes)) count += batch.readInt32BE(57)
  return count
}

/**
 * The records of all whole batches, from offset `from`, without those of aborted transactions.
 * @throws ConnectError when the bytes are damaged or in a form that is not known.
 */
export function* decodeRecords(
  bytes: Buffer,
  from: number,
  aborted: readonly AbortedTransaction[],
): Iterable<FetchedRecord> {
  const toCome = aborted.toSorted((one, other) => one.firstOffset - other.firstOffset)
  const abortedProducers = new Set<number>()
  for (const batch of batchesIn(bytes)) {
    const lastOffset = lastOffsetOf(batch)
    while (toCome[0] && toCome[0].firstOffset <= lastOffset)
      abortedProducers.add(toCome.shift()?.producerId ?? -1)
    const attributes = batch.readInt16BE(21)
    const producerId = Number(batch.readBigInt64BE(43))
    const isAborted = (attributes & TRANSACTIONAL) !== 0 && abortedProducers.has(producerId)
    if (attributes & CONTROL) {
      if (isAborted && isAbortMarker(batch)) abortedProducers.delete(producerId)
    } else if (!isAborted && lastOffset >= from) yield* recordsIn(batch, from)
  }
}

/** Batches of format 2, whole ones only: a fetch may end within one. */
function* batchesIn(bytes: Buffer): Iterable<Buffer> {
  let at = 0
  while (at + HEAD_BYTES <= bytes.length) {
    const end = at + 12 + bytes.readInt32BE(at + 8)
    if (end > bytes.length) return
    const batch = bytes.subarray(at, end)
    if (batch[16] !== 2)
      throw new ConnectError(
        `Records at offset ${batch.readBigInt64BE(0)} are in message format ${batch[16]}, of Kafka before 0.11`,
      )
    yield batch
    at = end
  }
}

const offsetOf = (batch: Buffer): number => Number(batch.readBigInt64BE(0))
const lastOffsetOf = (batch: Buffer): number => offsetOf(batch) + batch.readInt32BE(23)

/** A control record's key is two numbers of 16 bits: a version, and 0 for abort. */
function isAbortMarker(batch: Buffer): boolean {
  const cursor = { bytes: batch, at: HEAD_BYTES }
  readVarint(cursor) // length
  cursor.at++ // attributes
  readVarint(cursor) // time
  readVarint(cursor) // offset
  readVarint(cursor) // length of the key
  return batch.readInt16BE(cursor.at + 2) === 0
}

function* recordsIn(batch: Buffer, from: number): Iterable<FetchedRecord> {
  const baseOffset = offsetOf(batch)
  if (crc32c(batch.subarray(21)) !== batch.readUInt32BE(17))
    throw new ConnectError(`Records at offset ${baseOffset} do not match their checksum`)
  const attributes = batch.readInt16BE(21)
  const isAppendTime = (attributes & LOG_APPEND_TIME) !== 0
  const timestampType = isAppendTime ? 'LOG_APPEND_TIME' : 'CREATE_TIME'
  const baseTimestamp = Number(batch.readBigInt64BE(27))
  const maxTimestamp = Number(batch.readBigInt64BE(35))
  const bytes = contentOf(batch, attributes & CODEC)
  const cursor = { bytes, at: 0 }
  for (let left = batch.readInt32BE(57); left > 0; left--) {
    const end = readVarint(cursor) + cursor.at
    cursor.at++ // attributes: none are defined
    const timestamp = readVarint(cursor) + baseTimestamp
    const offset = readVarint(cursor) + baseOffset
    if (offset >= from)
      yield {
        offset,
        timestamp: isAppendTime ? maxTimestamp : timestamp,
        timestampType,
        key: readBytes(bytes, cursor),
        value: readBytes(bytes, cursor),
        headers: readHeaders(bytes, cursor),
      }
    cursor.at = end
  }
}

function contentOf(batch: Buffer, codec: number): Buffer {
  try {
    return decompressed(codec, batch.subarray(HEAD_BYTES))
  } catch (cause) {
    throw new ConnectError(`decompressing records at offset ${offsetOf(batch)}`, { cause })
  }
}

function readBytes(bytes: Buffer, cursor: Cursor): Buffer | null {
  const length = readVarint(cursor)
  if (length < 0) return null
  cursor.at += length
  return bytes.subarray(cursor.at - length, cursor.at)
}

function readHeaders(bytes: Buffer, cursor: Cursor): FetchedRecord['headers'] {
  const count = readVarint(cursor)
  if (count === 0) return NO_HEADERS
  return Array.from({ length: count }, () => ({
    key: readBytes(bytes, cursor)?.toString() ?? '',
    value: readBytes(bytes, cursor),
  }))
}
