import { ConnectError } from '../errors.ts'
import type { Log, Topics } from '../ports.ts'
import type { KafkaSettings } from './client.ts'
import { kafkaCluster } from './cluster.ts'
import { createTopic } from './create-topic.ts'
import { eventRecordOf } from './event-record.ts'
import { brokerError, isRefusal, kafkaError } from './kafka-errors.ts'
import type { TopicMetadata } from './metadata.ts'
import { readPartition } from './read-partition.ts'
import { retrying } from './retrying.ts'

export type KafkaTopics = Topics & {
  clusterId(): Promise<string>
  close(): void
}

const TIMEOUT_MS = 5_000

/** Connects at the first call, and again whenever a connection is gone. */
export function kafkaTopics(settings: KafkaSettings, log: Log): KafkaTopics {
  const cluster = kafkaCluster(settings, 'connectless-topics', log)
  const metadata = (action: string, names: readonly string[]) =>
    retrying(action, { ms: TIMEOUT_MS }, () => cluster.metadata(names, 'leave'))
  const existing = async (names: readonly string[]): Promise<Map<string, number>> => {
    if (names.length === 0) return new Map()
    const { topics } = await metadata(`looking for topics ${names.join(', ')}`, names)
    return new Map(present(topics).map(({ name, partitions }) => [name, partitions.length]))
  }
  return {
    existing,
    async read({ topic, partition, offset: from }, max) {
      const found = await retrying(`reading ${topic}`, { ms: TIMEOUT_MS }, async () => {
        const [metadata] = present((await cluster.metadata([topic], 'leave')).topics)
        return metadata && readPartition(cluster, metadata, { topic, partition, from, max })
      })
      if (!found) throw new ConnectError(`Topic ${topic} does not exist`)
      return found.map((record) => eventRecordOf(record, { topic, partition }))
    },
    async ensure(topic, settings) {
      if ((await existing([topic])).has(topic)) return
      await retrying(`creating topic ${topic}`, { ms: TIMEOUT_MS }, () =>
        createTopic(cluster, topic, settings),
      )
    },
    clusterId: async () => (await metadata('asking for the id of the cluster', [])).clusterId,
    close: cluster.close,
  }
}

// INVALID_TOPIC_EXCEPTION: no topic can have such a name.
const MISSING = { UNKNOWN_TOPIC_OR_PARTITION: 3, INVALID_TOPIC_EXCEPTION: 17 }

/** The topics that exist. @throws ConnectError naming the one that we may not see. */
export function present(topics: readonly TopicMetadata[]): TopicMetadata[] {
  const found = topics.filter(({ error }) => !Object.values(MISSING).includes(error))
  const refused = found.find(({ error }) => isRefusal(brokerError(error)))
  if (refused) throw kafkaError(`looking for topic ${refused.name}`, brokerError(refused.error))
  return found
}
