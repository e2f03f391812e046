/** Kafka. */
import type { KafkaEventRecord } from '../data/kafka-event.ts'
import type { KafkaRecord } from '../data/record.ts'

/** One call outstanding at a time. Idempotent: a repeated send after a lost reply doubles nothing. */
export type Producer = {
  /**
   * Resolves once all in-sync replicas have every record; cuts by count and bytes; order is kept per topic partition.
   * `mayStillSend` is asked before each request: when false nothing more is sent and FencedError is thrown.
   * @throws RetriableError when the producer must be rebuilt and the records sent again; ConnectError when the broker refuses them (the message names topic and cause).
   */
  send(records: readonly KafkaRecord[], mayStillSend: () => boolean): Promise<void>
  /** No send outlives it. Never throws. */
  disconnect(): Promise<void>
}

export type Producers = {
  /** Connects a new one. @throws RetriableError when no broker answers. */
  connect(clientId: string): Promise<Producer>
}

export type TopicPartition = { readonly topic: string; readonly partition: number }

export type Topics = {
  /** Those of the names that exist, with their number of partitions. Creates none. */
  existing(names: readonly string[]): Promise<Map<string, number>>
  /**
   * Up to `max` records of a partition that exists, from this offset or, left out, its beginning; read committed, and by no group.
   * Fewer where they are large, none where there are no more by now. @throws RetriableError when no broker answers, ConnectError when they refuse.
   */
  read(
    from: TopicPartition & { readonly offset?: number },
    max: number,
  ): Promise<KafkaEventRecord[]>
  /** Creates the topic unless it is there already. @throws RetriableError when no broker answers; ConnectError, with the cause, when the brokers refuse it. */
  ensure(
    topic: string,
    settings: { readonly partitions: number; readonly replicationFactor: number },
  ): Promise<void>
}

export type GroupOffset = {
  readonly topic: string
  readonly partition: number
  readonly committed: number | null
  /** Where the log begins and ends. */
  readonly start: number
  readonly end: number
}

export type CommittedOffset = TopicPartition & { readonly offset: bigint }

/** Changes are taken while the group has no members. They may be repeated: what was done already changes nothing. */
export type Groups = {
  /** Committed offset, log start and log end of every partition of the topics. */
  offsets(group: string, topics: readonly string[]): Promise<GroupOffset[]>
  /** All that the group has committed, of whatever topic; nothing for a group that nobody knows. */
  committed(group: string): Promise<CommittedOffset[]>
  /** @throws ConflictError while the group has members; RetriableError when no broker answers. One that nobody knows has none. */
  requireEmpty(group: string): Promise<void>
  /** @throws ConflictError while the group has members; ConnectError naming what the brokers refuse, such as a topic that does not exist; RetriableError when none answers. */
  commit(group: string, offsets: readonly CommittedOffset[]): Promise<void>
  /** Takes the committed offsets away. A group that nobody knows has none. @throws as `commit` */
  forget(group: string, partitions: readonly TopicPartition[]): Promise<void>
  /** Removes the group with all its offsets; one that nobody knows is removed already. @throws as `commit` */
  remove(group: string): Promise<void>
}
