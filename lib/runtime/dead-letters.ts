/** Dead letters: records that are given up, as they are put into the topic that the connector names for them. */
import { javaTrim, parseConfig, type RawConfig } from '../config/config-def.ts'
import { sourceDeadLetterConfig } from '../config/source-config.ts'
import { javaText } from '../data/java-text.ts'
import type { KafkaRecord, OffsetMap, SourceRecord } from '../data/record.ts'
import {
  ConnectError,
  errorClassOf,
  isRetriable,
  messageOf,
  RetriableError,
  traceOf,
} from '../errors.ts'
import type { TaskEvent, Topics } from '../ports.ts'
import type { PlacedConverter } from './converters.ts'
import type { Trouble } from './tolerance.ts'

export type DeadLetterQueue = {
  readonly topic: string
  readonly replicationFactor: number
  readonly hasContextHeaders: boolean
}

/** A record of a sink as it was read: its place and its bytes. */
export type Consumed = KafkaRecord & {
  readonly partition: number
  readonly offset: number | bigint
}

/** Undefined where the configuration names none. A sink's keys are the same as a source's. */
export function deadLetterQueueOf(config: RawConfig): DeadLetterQueue | undefined {
  const parsed = parseConfig(sourceDeadLetterConfig, config)
  const topic = javaTrim(parsed['errors.deadletterqueue.topic.name'])
  if (topic === '') return undefined
  return {
    topic,
    replicationFactor: parsed['errors.deadletterqueue.topic.replication.factor'],
    hasContextHeaders: parsed['errors.deadletterqueue.context.headers.enable'],
  }
}

/** Makes the topic where it is missing. @throws RetriableError, ConnectError with Kafka Connect's text and the brokers' words. */
export async function ensureQueue(
  { topic, replicationFactor }: DeadLetterQueue,
  topics: Topics,
): Promise<void> {
  try {
    await topics.ensure(topic, { partitions: 1, replicationFactor })
  } catch (cause) {
    const Kind = isRetriable(cause) ? RetriableError : ConnectError
    const text = `Could not initialize dead letter queue with topic=${topic}`
    throw new Kind(`${text}: ${messageOf(cause)}`, { cause })
  }
}

/** The very bytes that were read, whatever was made of them since. Its partition is for the key to decide. */
export function sinkLetter(
  queue: DeadLetterQueue,
  task: TaskEvent,
  { consumed, trouble }: { readonly consumed: Consumed; readonly trouble: Trouble },
): KafkaRecord {
  const { topic, partition, offset, key, value, timestamp, headers } = consumed
  const place = { topic, partition: String(partition), offset: String(offset) }
  const context = queue.hasContextHeaders ? contextHeaders(task, place, trouble) : []
  return {
    topic: queue.topic,
    partition: null,
    key,
    value,
    timestamp,
    headers: [...headers, ...context],
  }
}

/** What cannot be converted has no bytes: the letter tells by JSON where the record is found again, and what is wrong with it. */
export function sourceLetter(
  queue: DeadLetterQueue,
  task: TaskEvent,
  {
    record,
    trouble,
    keys,
  }: {
    readonly record: SourceRecord
    readonly trouble: Trouble
    readonly keys: PlacedConverter
  },
): KafkaRecord {
  return {
    topic: queue.topic,
    partition: null,
    key: keyBytesOf(record, keys),
    value: Buffer.from(sourceStory(task, record, trouble)),
    timestamp: record.timestamp,
    headers: queue.hasContextHeaders ? contextHeaders(task, { topic: record.topic }, trouble) : [],
  }
}

function keyBytesOf(record: SourceRecord, { converter }: PlacedConverter): Buffer | null {
  try {
    return converter.fromConnect(record.topic, record.keySchema, record.key)
  } catch {
    return null
  }
}

function sourceStory(
  { connector, task }: TaskEvent,
  { topic, sourcePartition, sourceOffset, key, keySchema }: SourceRecord,
  { stage, className, error }: Trouble,
): string {
  const members = {
    connector: JSON.stringify(connector),
    task: String(task),
    topic: JSON.stringify(topic),
    sourcePartition: offsetJson(sourcePartition),
    sourceOffset: offsetJson(sourceOffset),
    key: key === null ? 'null' : JSON.stringify(javaText(key, keySchema)),
    stage: JSON.stringify(stage),
    class: JSON.stringify(className),
    error: JSON.stringify({ class: errorClassOf(error), message: messageOf(error) }),
  }
  return object(Object.entries(members))
}

/** Every digit of it. */
export const offsetJson = (map: OffsetMap): string =>
  object(
    Object.entries(map).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? String(value) : JSON.stringify(value),
    ]),
  )

const object = (members: readonly (readonly [name: string, json: string])[]): string =>
  `{${members.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`

/** In the order of Kafka Connect's DeadLetterQueueReporter. */
function contextHeaders(
  { connector, task }: TaskEvent,
  place: Readonly<Record<string, string>>,
  { stage, className, error }: Trouble,
): KafkaRecord['headers'] {
  const message = messageOf(error)
  const values: Readonly<Record<string, string | null>> = {
    ...place,
    'connector.name': connector,
    'task.id': String(task),
    stage,
    'class.name': className,
    'exception.class.name': errorClassOf(error),
    // Java's exceptions without a message have null for one.
    'exception.message': message === '' ? null : message,
    'exception.stacktrace': traceOf(error),
  }
  return Object.entries(values).map(([name, value]) => ({
    key: `__connect.errors.${name}`,
    value: value === null ? null : Buffer.from(value),
  }))
}
