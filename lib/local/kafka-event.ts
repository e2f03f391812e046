import type { KafkaEvent, KafkaEventRecord } from '../data/kafka-event.ts'
import type { FetchedRecord } from '../kafka/decode-records.ts'
import { eventRecordOf } from '../kafka/event-record.ts'

export type EventLimits = {
  readonly records: number
  /** of the event as JSON; Lambda takes 6 MB */
  readonly bytes: number
}

export type EventSource = {
  /** of an MSK cluster */
  readonly eventSourceArn?: string
  readonly bootstrapServers: string
  readonly topic: string
  readonly partition: number
}

/** An event and the offset to commit when it was taken. */
export type Batch = {
  readonly event: KafkaEvent
  readonly nextOffset: number
  /** of the event as JSON, at most */
  readonly bytes: number
}

/** Cuts a partition's records into events, in order. A record that is too large alone gets an event of its own all the same. */
export function* kafkaEvents(
  records: Iterable<FetchedRecord>,
  source: EventSource,
  limits: EventLimits,
): Iterable<Batch> {
  const emptyBytes = bytesOf(eventOf([], source))
  const fixedBytes = FRAME_BYTES + source.topic.length + String(source.partition).length
  let batch: KafkaEventRecord[] = []
  let bytes = emptyBytes
  const take = (): Batch => {
    const taken = {
      event: eventOf(batch, source),
      nextOffset: (batch.at(-1)?.offset ?? -1) + 1,
      bytes,
    }
    batch = []
    bytes = emptyBytes
    return taken
  }
  for (const record of records) {
    const size = fixedBytes + sizeOf(record)
    const isFull = batch.length === limits.records || bytes + size > limits.bytes
    if (isFull && batch.length > 0) yield take()
    batch.push(eventRecordOf(record, source))
    bytes += size
  }
  if (batch.length > 0) yield take()
}

/** The part of an event of one partition from an offset on; the same event when that is all of it. */
export function eventFrom(event: KafkaEvent, offset: number): KafkaEvent {
  const [[key, records] = ['', []]] = Object.entries(event.records)
  const rest = records.filter((record) => record.offset >= offset)
  return rest.length === records.length ? event : { ...event, records: { [key]: rest } }
}

const eventOf = (
  records: readonly KafkaEventRecord[],
  { eventSourceArn, bootstrapServers, topic, partition }: EventSource,
): KafkaEvent => ({
  ...(eventSourceArn === undefined
    ? { eventSource: 'SelfManagedKafka' }
    : { eventSource: 'aws:kafka', eventSourceArn }),
  bootstrapServers,
  records: { [`${topic}-${partition}`]: records },
})

// ---- sizes as JSON: a few bytes too many rather than one too few ----

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/** All of a record but topic, partition, times, key, value and headers, with the comma after it. */
const FRAME_BYTES = bytesOf({
  topic: '',
  partition: '',
  offset: '',
  timestamp: '',
  timestampType: 'LOG_APPEND_TIME',
  key: '',
  value: '',
  headers: [],
})

const sizeOf = ({ offset, timestamp, key, value, headers }: FetchedRecord): number =>
  String(offset).length +
  String(timestamp).length +
  base64Size(key) +
  base64Size(value) +
  headers.reduce((size, header) => size + headerSize(header), 0)

const base64Size = (bytes: Buffer | null): number =>
  bytes === null ? 'null'.length : Math.ceil(bytes.length / 3) * 4

/** Braces, colon, brackets and comma; a byte takes three digits and a comma at most. */
const headerSize = ({ key, value }: FetchedRecord['headers'][number]): number =>
  bytesOf(key) + 6 + (value === null ? 'null'.length : 4 * value.length)
