/** A source's records on their way to Kafka's bytes: transforms, headers, key, value. */
import { schemaText } from '../data/java-class.ts'
import { javaText } from '../data/java-text.ts'
import { type KafkaRecord, NO_HEADERS, type OffsetMap, type SourceRecord } from '../data/record.ts'
import type { Schema } from '../data/schema.ts'
import { ConnectError } from '../errors.ts'
import type { StoredOffset } from '../ports.ts'
import type { Converters } from './converters.ts'
import type { Passage, Step } from './passage.ts'
import type { Told } from './tolerance.ts'
import type { TransformStep } from './transforms.ts'

export type SourceWay = {
  record: SourceRecord
  headers: KafkaRecord['headers']
  key: Buffer | null
  value: Buffer | null
}

/** Topics are those that the transforms have given. */
export function sourcePassage(
  { key, value, header }: Converters,
  transforms: readonly TransformStep[],
): Passage<SourceRecord, SourceWay, KafkaRecord> {
  const [keys, values, headers] = [key.converter, value.converter, header.converter]
  const steps: Step<SourceWay>[] = [
    ...transforms.map(transformStep),
    {
      stage: 'HEADER_CONVERTER',
      className: header.className,
      run(way) {
        const { record } = way
        if (record.headers.length > 0)
          way.headers = record.headers.map((one) => ({
            key: one.key,
            value: headers.fromConnect(record.topic, one.schema, one.value),
          }))
        return true
      },
    },
    {
      stage: 'KEY_CONVERTER',
      className: key.className,
      run(way) {
        const { record } = way
        way.key = keys.fromConnect(record.topic, record.keySchema, record.key)
        return true
      },
    },
    {
      stage: 'VALUE_CONVERTER',
      className: value.className,
      run(way) {
        const { record } = way
        way.value = values.fromConnect(record.topic, record.valueSchema, record.value)
        return true
      },
    },
  ]
  return {
    begin: (record) => ({ record, headers: NO_HEADERS, key: null, value: null }),
    steps,
    finish: ({ record: { topic, partition, timestamp }, key, value, headers: converted }) => ({
      topic,
      partition,
      key,
      value,
      timestamp: timestamp === null || timestamp >= 0 ? timestamp : noTime(timestamp),
      headers: converted,
    }),
    told: toldOf,
  }
}

const transformStep = (transform: TransformStep): Step<SourceWay> => ({
  stage: 'TRANSFORMATION',
  className: transform.className,
  run(way) {
    const next = transform.apply(way.record)
    if (next === null) return false
    way.record = next
    return true
  },
})

/** ConnectUtils.checkAndConvertTimestamp: -1 stands for none. */
function noTime(timestamp: number): null {
  if (timestamp === -1) return null
  throw new ConnectError(`Invalid record timestamp ${timestamp}`)
}

/**
 * The newest offset of each source partition. Records that were dropped or left out count too: their offset must move on, or they
 * would be polled again forever.
 */
export function newestOffsets(records: readonly SourceRecord[], count: number): StoredOffset[] {
  // By identity: a task gives the same partition object again and again. Where it does not, the later entry wins in the commit.
  const offsets = new Map<OffsetMap, OffsetMap>()
  for (let at = 0; at < count; at++) {
    const record = records[at] as SourceRecord // below their number
    offsets.set(record.sourcePartition, record.sourceOffset)
  }
  return [...offsets].map(([partition, offset]) => ({ partition, offset }))
}

const toldOf = (record: SourceRecord): Told => {
  const { topic, sourcePartition, sourceOffset } = record
  return {
    place: { topic, sourcePartition, sourceOffset },
    details: () => `, where source record is = ${sourceRecordText(record)}`,
  }
}

/** What Java's toString says of it. */
const sourceRecordText = (record: SourceRecord): string =>
  `SourceRecord{sourcePartition=${offsetText(record.sourcePartition)}, sourceOffset=${offsetText(record.sourceOffset)}} ` +
  `ConnectRecord{topic='${record.topic}', kafkaPartition=${record.partition}, ` +
  `key=${javaText(record.key, record.keySchema)}, keySchema=${schemaOrNull(record.keySchema)}, ` +
  `value=${javaText(record.value, record.valueSchema)}, valueSchema=${schemaOrNull(record.valueSchema)}, ` +
  `timestamp=${record.timestamp}, headers=ConnectHeaders(headers=${headersText(record)})}`

const offsetText = (map: OffsetMap): string =>
  `{${Object.entries(map)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')}}`

const headersText = ({ headers }: SourceRecord): string =>
  headers.length === 0
    ? ''
    : `[${headers
        .map(
          ({ key, schema, value }) =>
            `ConnectHeader(key=${key}, value=${javaText(value, schema)}, schema=${schemaOrNull(schema)})`,
        )
        .join(', ')}]`

const schemaOrNull = (schema: Schema | null): string => (schema ? schemaText(schema) : 'null')
