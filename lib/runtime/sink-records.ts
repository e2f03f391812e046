/** A sink's records on their way from Kafka's bytes to its task: key, value, headers, transforms. */
import type { KafkaEvent, KafkaEventHeader, KafkaEventRecord } from '../data/kafka-event.ts'
import { type Header, NO_HEADERS, type SinkRecord } from '../data/record.ts'
import type { SchemaAndValue } from '../data/schema.ts'
import { ConnectError } from '../errors.ts'
import type { Converters, PlacedConverter } from './converters.ts'
import type { Consumed } from './dead-letters.ts'
import type { Passage, Step } from './passage.ts'
import type { Told } from './tolerance.ts'
import type { TransformStep } from './transforms.ts'

export type SinkWay = {
  readonly consumed: KafkaEventRecord
  key: SchemaAndValue
  value: SchemaAndValue
  /** once its headers are converted, too */
  record: SinkRecord | undefined
}

const NOTHING: SchemaAndValue = { schema: null, value: null }

export function sinkPassage(
  { key, value, header }: Converters,
  transforms: readonly TransformStep[],
): Passage<KafkaEventRecord, SinkWay, SinkRecord> {
  const keys = key.converter
  const values = value.converter
  const headers = headerReader(header)
  const steps: Step<SinkWay>[] = [
    {
      stage: 'KEY_CONVERTER',
      className: key.className,
      run(way) {
        way.key = keys.toConnect(way.consumed.topic, bytesOf(way.consumed.key))
        return true
      },
    },
    {
      stage: 'VALUE_CONVERTER',
      className: value.className,
      run(way) {
        way.value = values.toConnect(way.consumed.topic, bytesOf(way.consumed.value))
        return true
      },
    },
    {
      stage: 'HEADER_CONVERTER',
      className: header.className,
      run(way) {
        way.record = recordOf(way, headers(way.consumed))
        return true
      },
    },
    ...transforms.map(transformStep),
  ]
  return {
    begin: (consumed) => ({ consumed, key: NOTHING, value: NOTHING, record: undefined }),
    steps,
    finish: ({ record }) => record as SinkRecord, // it has passed the header converter
    told: toldOf,
  }
}

const transformStep = (transform: TransformStep): Step<SinkWay> => ({
  stage: 'TRANSFORMATION',
  className: transform.className,
  run(way) {
    const next = transform.apply(way.record as SinkRecord) // the header converter stands before
    if (next === null) return false
    way.record = next
    return true
  },
})

const recordOf = (
  { consumed: { topic, partition, offset, timestamp, timestampType }, key, value }: SinkWay,
  headers: readonly Header[],
): SinkRecord => ({
  topic,
  partition,
  offset,
  originalTopic: topic,
  originalPartition: partition,
  timestampType,
  timestamp: timestamp === NO_TIMESTAMP ? null : timestamp,
  keySchema: key.schema,
  key: key.value,
  valueSchema: value.schema,
  value: value.value,
  headers,
})

const NO_TIMESTAMP = -1

const headerReader =
  ({ converter }: PlacedConverter) =>
  ({ topic, headers }: KafkaEventRecord): readonly Header[] =>
    headers.length === 0
      ? NO_HEADERS
      : headers.flatMap(headerBytes).map(({ key, value }) => ({
          key,
          ...converter.toConnect(topic, value),
        }))

const bytesOf = (base64: string | null | undefined): Buffer | null =>
  base64 === null || base64 === undefined ? null : Buffer.from(base64, 'base64')

const headerBytes = (header: KafkaEventHeader): Consumed['headers'][number][] =>
  // Bytes above 127 may come signed.
  Object.entries(header).map(([key, bytes]) => ({
    key,
    value: bytes && Buffer.from(bytes.map((byte) => byte & 0xff)),
  }))

/** All records of an event, those of each topic partition in offset order. @throws ConnectError for a time that Kafka Connect takes for no record. */
export function consumedOf(event: KafkaEvent): readonly KafkaEventRecord[] {
  const records = Object.values(event.records).flat()
  const untimely = records.find(({ timestamp }) => timestamp < NO_TIMESTAMP)
  if (untimely === undefined) return records
  throw new ConnectError(`Invalid record timestamp ${untimely.timestamp}`)
}

/** As it stood in Kafka. */
export const consumedBytes = (record: KafkaEventRecord): Consumed => ({
  topic: record.topic,
  partition: record.partition,
  offset: record.offset,
  key: bytesOf(record.key),
  value: bytesOf(record.value),
  timestamp: record.timestamp === NO_TIMESTAMP ? null : record.timestamp,
  headers: record.headers.flatMap(headerBytes),
})

/** Kafka's names of timestamp types. */
const TIMESTAMP_TYPES = { CREATE_TIME: 'CreateTime', LOG_APPEND_TIME: 'LogAppendTime' } as const

export const toldOf = ({
  topic,
  partition,
  offset,
  timestamp,
  timestampType,
}: Pick<SinkRecord, 'topic' | 'partition' | 'offset' | 'timestamp' | 'timestampType'>): Told => ({
  place: { topic, partition, offset },
  details: () =>
    `, where consumed record is {topic='${topic}', partition=${partition}, offset=${offset}, timestamp=${timestamp ?? NO_TIMESTAMP}, timestampType=${TIMESTAMP_TYPES[timestampType]}}`,
})
