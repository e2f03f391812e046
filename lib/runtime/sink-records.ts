import type { KafkaEvent, KafkaEventRecord } from '../data/kafka-event.ts'
import type { Header, SinkRecord } from '../data/record.ts'
import { OPTIONAL_BYTES } from '../data/schema.ts'
import type { Converters } from './converters.ts'
import type { Stage, Tolerance } from './tolerance.ts'

/**
 * An event's records, those of each topic partition in offset order. What cannot be converted goes to `tolerance`.
 * Headers stay bytes: there is no header converter yet.
 */
export function sinkRecords(
  event: KafkaEvent,
  converters: Converters,
  tolerance: Tolerance,
): SinkRecord[] {
  const records: SinkRecord[] = []
  for (const partition of Object.values(event.records)) {
    for (const record of partition) {
      const converted = convert(record, converters, tolerance)
      if (converted) records.push(converted)
    }
  }
  return records
}

function convert(
  record: KafkaEventRecord,
  { key: keys, value: values }: Converters,
  tolerance: Tolerance,
) {
  const { topic, partition, offset, timestampType } = record
  let stage: Stage = 'KEY_CONVERTER'
  try {
    const key = keys.toConnect(topic, bytesOf(record.key))
    stage = 'VALUE_CONVERTER'
    const value = values.toConnect(topic, bytesOf(record.value))
    return {
      topic,
      partition,
      offset,
      originalTopic: topic,
      originalPartition: partition,
      timestampType,
      timestamp: record.timestamp === -1 ? null : record.timestamp,
      keySchema: key.schema,
      key: key.value,
      valueSchema: value.schema,
      value: value.value,
      headers: record.headers.length === 0 ? NONE : record.headers.flatMap(headersOf),
    } satisfies SinkRecord
  } catch (error) {
    tolerance(stage, error, { topic, partition, offset })
    return undefined
  }
}

const NONE: readonly Header[] = []

const bytesOf = (base64: string | null | undefined): Buffer | null =>
  base64 === null || base64 === undefined ? null : Buffer.from(base64, 'base64')

const headersOf = (header: KafkaEventRecord['headers'][number]): Header[] =>
  // Bytes above 127 may come signed.
  Object.entries(header).map(([key, bytes]) => ({
    key,
    schema: OPTIONAL_BYTES,
    value: bytes && Buffer.from(bytes.map((byte) => byte & 0xff)),
  }))
