import type { KafkaEventHeader, KafkaEventRecord } from '../data/kafka-event.ts'
import type { FetchedRecord } from './decode-records.ts'

/** A record as Lambda's Kafka event has it. */
export const eventRecordOf = (
  { key, value, headers, ...record }: FetchedRecord,
  { topic, partition }: { readonly topic: string; readonly partition: number },
): KafkaEventRecord => ({
  topic,
  partition,
  offset: record.offset,
  timestamp: record.timestamp,
  timestampType: record.timestampType,
  key: base64Of(key),
  value: base64Of(value),
  headers: headers.length === 0 ? NO_HEADERS : headers.map(eventHeaderOf),
})

const base64Of = (bytes: Buffer | null): string | null =>
  bytes === null ? null : bytes.toString('base64')

const NO_HEADERS: readonly never[] = []

const eventHeaderOf = ({ key, value }: FetchedRecord['headers'][number]): KafkaEventHeader => ({
  [key]: value && [...value],
})
