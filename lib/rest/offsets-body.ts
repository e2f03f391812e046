/** What PATCH /connectors/{c}/offsets asks for, checked as Kafka Connect checks it. */

import { doubleText } from '../data/float-text.ts'
import type { OffsetChange, OffsetMap, TopicOffsetChange } from '../data/record.ts'
import { ConfigError, DataError } from '../errors.ts'
import { readOffsets } from './json-body.ts'
import { isObject, type Json, JsonNumber } from './json-shapes.ts'

type Sent = Readonly<Record<string, Json>>
export type SentOffset = { readonly partition: Sent | null; readonly offset: Sent | null }

const OFFSET = 'org.apache.kafka.connect.runtime.rest.entities.ConnectorOffset'

/** @throws DataError for what is no such body; ConfigError when there is nothing in it. */
export function sentOffsets(body: string | undefined): SentOffset[] {
  const sent = readOffsets(body)
  if (sent === null)
    throw new DataError(`Cannot invoke "${OFFSET}s.offsets()" because "offsets" is null`)
  if (!sent.offsets || sent.offsets.length === 0)
    throw new ConfigError('Partitions / offsets need to be provided for an alter offsets request')
  return sent.offsets.map((one) => {
    if (one) return { partition: one.partition ?? null, offset: one.offset ?? null }
    throw new DataError(`Cannot invoke "${OFFSET}.partition()" because "offset" is null`)
  })
}

/** Of a source: integers are bigint, as they will be read. @throws DataError with the text of OffsetUtils.validateFormat. */
export const sourceChanges = (sent: readonly SentOffset[]): OffsetChange[] =>
  sent.flatMap(({ partition, offset }) => {
    if (partition) return [{ partition: offsetMap(partition), offset: offset && offsetMap(offset) }]
    // Nothing is stored without a partition, so there is nothing to forget.
    if (offset === null) return []
    throw new ConfigError('The partition for a source connector offset cannot be null or missing')
  })

const offsetMap = (sent: Sent): OffsetMap =>
  Object.fromEntries(Object.entries(sent).map(([field, json]) => [field, primitive(field, json)]))

const MAX_INT64 = 2n ** 63n - 1n

function primitive(field: string, json: Json): OffsetMap[string] {
  if (json === null || typeof json === 'string' || typeof json === 'boolean') return json
  if (!(json instanceof JsonNumber))
    throw notPrimitive(field, Array.isArray(json) ? 'ARRAY' : 'MAP')
  if (!isInteger(json)) return Number(json.text)
  const integer = BigInt(json.text)
  if (isInt64(integer)) return integer
  throw notPrimitive(field, 'class java.math.BigInteger')
}

const notPrimitive = (field: string, kind: string): DataError =>
  new DataError(
    `Offsets may only contain primitive types as values, but field ${field} contains ${kind}`,
  )

/** Of a sink; of the same partition the last one counts. @throws ConfigError with the text of SinkUtils.parseSinkConnectorOffsets. */
export function sinkChanges(sent: readonly SentOffset[]): TopicOffsetChange[] {
  const byPartition = new Map<string, TopicOffsetChange>()
  for (const one of sent) {
    const change = sinkChange(one)
    byPartition.set(`${change.partition} ${change.topic}`, change)
  }
  return [...byPartition.values()]
}

function sinkChange({ partition: place, offset }: SentOffset): TopicOffsetChange {
  if (!place)
    throw new ConfigError('The partition for a sink connector offset cannot be null or missing')
  const { kafka_topic: topic, kafka_partition: partition } = place
  if (topic === undefined || partition === undefined)
    throw new ConfigError(
      "The partition for a sink connector offset must contain the keys 'kafka_topic' and 'kafka_partition'",
    )
  if (topic === null)
    throw new ConfigError('Kafka topic names must be valid strings and may not be null')
  if (partition === null)
    throw new ConfigError('Kafka partitions must be valid numbers and may not be null')
  const number = integerIn(textOf(partition))
  if (number === undefined || BigInt.asIntN(32, number) !== number)
    throw new ConfigError(
      `Failed to parse the following Kafka partition value in the provided offsets: '${textOf(partition)}'. Partition values for sink connectors need to be integers.`,
    )
  return {
    topic: textOf(topic),
    partition: Number(number),
    offset: offset && sinkOffset(offset),
  }
}

function sinkOffset({ kafka_offset: sent }: Sent): bigint {
  if (sent === undefined)
    throw new ConfigError(
      "The offset for a sink connector should either be null or contain the key 'kafka_offset'",
    )
  const offset = integerIn(textOf(sent))
  if (offset !== undefined && isInt64(offset)) return offset
  throw new ConfigError(
    `Failed to parse the following Kafka offset value in the provided offsets: '${textOf(sent)}'. Offset values for sink connectors need to be integers.`,
  )
}

/** Digits, perhaps with a sign. */
const integerIn = (text: string): bigint | undefined =>
  /^[+-]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined

const isInteger = ({ text }: JsonNumber): boolean => /^-?\d+$/.test(text)
const isInt64 = (value: bigint): boolean => value <= MAX_INT64 && value >= -MAX_INT64 - 1n

/** As Java's String.valueOf prints it. */
function textOf(json: Json): string {
  if (json instanceof JsonNumber)
    return isInteger(json) ? String(BigInt(json.text)) : doubleText(Number(json.text))
  if (Array.isArray(json)) return `[${json.map(textOf).join(', ')}]`
  if (!isObject(json)) return String(json)
  const members = Object.entries(json).map(([name, member]) => `${name}=${textOf(member)}`)
  return `{${members.join(', ')}}`
}
