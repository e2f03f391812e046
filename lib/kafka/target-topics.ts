import { ConnectError, RetriableError } from '../errors.ts'
import type { KafkaCluster } from './cluster.ts'
import { brokerError, isRefusal, kafkaError } from './kafka-errors.ts'
import type { TopicMetadata } from './metadata.ts'
import { retrying } from './retrying.ts'

/** A topic as a producer needs it. */
export type TargetTopic = {
  readonly name: string
  readonly partitions: number
  /** by partition */
  readonly leaders: readonly number[]
  /** largest batch that it takes */
  readonly maxBytes: number
}

export type TargetTopics = {
  /** Creates it where brokers do so by themselves, and waits until each partition has a leader. */
  get(topic: string): Promise<TargetTopic>
  /** As it was last seen. */
  known(topic: string): TargetTopic
  /** Looks again who leads the topics. */
  refresh(topics: readonly string[]): Promise<void>
}

/** metadata.max.age.ms of Kafka's clients: by then new partitions are used. */
const MAX_AGE_MS = 300_000
/** Kafka's default of message.max.bytes, for topics whose configuration we may not read. */
const DEFAULT_MAX_BYTES = 1_048_588
const TOPIC = 2

export function targetTopics(
  cluster: KafkaCluster,
  within: { readonly ms: number; readonly signal: AbortSignal },
): TargetTopics {
  const found = new Map<string, { readonly topic: TargetTopic; readonly at: number }>()

  async function look(name: string): Promise<TargetTopic> {
    const [metadata] = (await cluster.metadata([name], 'create')).topics
    if (!metadata) throw new RetriableError(`Kafka tells nothing of topic ${name}`)
    const maxBytes = found.get(name)?.topic.maxBytes ?? (await maxBytesOf(cluster, name))
    const topic = {
      name,
      partitions: metadata.partitions.length,
      leaders: leadersOf(metadata),
      maxBytes,
    }
    found.set(name, { topic, at: performance.now() })
    return topic
  }

  return {
    async get(name) {
      const last = found.get(name)
      if (last && performance.now() - last.at < MAX_AGE_MS) return last.topic
      return retrying(`finding topic ${name}`, within, () => look(name))
    },
    known(name) {
      const last = found.get(name)
      if (last) return last.topic
      throw new ConnectError(`Topic ${name} was not looked up before it is written to`)
    },
    async refresh(names) {
      for (const name of names) await look(name)
    },
  }
}

/** @throws ConnectError when the topic is refused, RetriableError when it or a leader is not there yet. */
function leadersOf({ name, error, partitions }: TopicMetadata): number[] {
  if (error !== 0) throw kafkaError(`Topic ${name}`, brokerError(error))
  const leaderless = partitions.find((partition) => partition.leader < 0)
  if (leaderless) throw kafkaError(`${name}-${leaderless.id}`, brokerError(leaderless.error))
  return partitions.map(({ leader }) => leader)
}

async function maxBytesOf(cluster: KafkaCluster, name: string): Promise<number> {
  try {
    const { resources } = await (await cluster.any()).ask((broker) =>
      broker.describeConfigs({
        resources: [{ type: TOPIC, name, configNames: ['max.message.bytes'] }],
      }),
    )
    return Number(resources[0]?.configEntries[0]?.configValue ?? DEFAULT_MAX_BYTES)
  } catch (error) {
    if (isRefusal(error)) return DEFAULT_MAX_BYTES
    throw error
  }
}
