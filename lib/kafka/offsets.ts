import { RetriableError } from '../errors.ts'
import type { KafkaCluster } from './cluster.ts'
import { brokerError } from './kafka-errors.ts'
import type { TopicMetadata } from './metadata.ts'

/** Offsets by partition number and topic, as `partitionKey` writes them. */
export type Offsets = ReadonlyMap<string, number>

export const partitionKey = (topic: string, partition: number): string => `${partition} ${topic}`

const READ_UNCOMMITTED = 0
// As ListOffsets takes them for a timestamp.
const LOG_OFFSETS = { earliest: -2, end: -1 } as const

/** A place in a log: its first record, its end, or the first record since a time in ms since 1970. */
export type LogPlace = keyof typeof LOG_OFFSETS | { readonly since: number }

/** What the group has committed; nothing for a partition where it has not. */
export async function committedOffsets(
  cluster: KafkaCluster,
  groupId: string,
  topics: readonly TopicMetadata[],
): Promise<Offsets> {
  const coordinator = await cluster.coordinator(groupId)
  const { responses } = await coordinator.ask((broker) =>
    broker.offsetFetch({
      groupId,
      topics: topics.map(({ name, partitions }) => ({
        topic: name,
        partitions: partitions.map(({ id }) => ({ partition: id })),
      })),
    }),
  )
  return offsetsIn(responses)
}

/** Where the log of each partition begins, ends, or had come to at a time; nothing for one without a record since then. */
export async function logOffsets(
  cluster: KafkaCluster,
  topics: readonly TopicMetadata[],
  place: LogPlace,
): Promise<Offsets> {
  const all = topics.flatMap(({ name: topic, partitions }) =>
    partitions.map((partition) => ({ topic, ...partition })),
  )
  const leaderless = all.find(({ leader }) => leader < 0)
  if (leaderless)
    throw new RetriableError(
      `${leaderless.topic}-${leaderless.id}: ${brokerError(leaderless.error).message}`,
    )
  const found = new Map<string, number>()
  for (const [leader, partitions] of Map.groupBy(all, (partition) => partition.leader)) {
    const { responses } = await (await cluster.broker(leader)).ask((broker) =>
      broker.listOffsets({
        isolationLevel: READ_UNCOMMITTED,
        topics: [...Map.groupBy(partitions, ({ topic }) => topic)].map(([topic, ofTopic]) => ({
          topic,
          partitions: ofTopic.map(({ id }) => ({
            partition: id,
            timestamp: typeof place === 'string' ? LOG_OFFSETS[place] : place.since,
          })),
        })),
      }),
    )
    for (const [key, offset] of offsetsIn(responses)) found.set(key, offset)
  }
  return found
}

function offsetsIn(
  topics: readonly {
    readonly topic: string
    readonly partitions: readonly { readonly partition: number; readonly offset: string }[]
  }[],
): Offsets {
  const offsets = topics.flatMap(({ topic, partitions }) =>
    partitions.map(
      ({ partition, offset }) => [partitionKey(topic, partition), Number(offset)] as const,
    ),
  )
  // -1: none.
  return new Map(offsets.filter(([, offset]) => offset >= 0))
}
