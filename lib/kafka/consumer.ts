import { FencedError, RetriableError } from '../errors.ts'
import type { Clock, Log } from '../ports.ts'
import { unlessAborted } from '../runtime/unless-aborted.ts'
import type { KafkaSettings } from './client.ts'
import { type KafkaCluster, kafkaCluster } from './cluster.ts'
import { type Chunk, type FetchSettings, feedsOf } from './feeds.ts'
import { type Gathering, gathered } from './gathered.ts'
import {
  type Generation,
  type GroupSettings,
  joinGroup,
  leaveGroup,
  type Member,
} from './group-member.ts'
import { inTime } from './in-time.ts'
import { brokerError, kafkaError } from './kafka-errors.ts'
import type { TopicMetadata } from './metadata.ts'

export type Consumption = {
  readonly kafka: KafkaSettings
  readonly groupId: string
  readonly topic: string
  /** Handed from one consumption of the group to the next. */
  readonly member: Member
  readonly settings: GroupSettings & FetchSettings
  /** Chunks are made fuller by waiting for more; none: each goes at once. */
  readonly gathering?: Gathering
  /** Called whenever the group has dealt out its partitions. */
  readonly joined: () => void
  /**
   * Takes what a fetch brought of a partition and commits: one at a time for each partition. Ends soon once the claim is over.
   * What it throws ends the consumption.
   */
  readonly handle: (chunk: Chunk, claim: Claim) => Promise<void>
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly log: Log
}

/** The right to a partition in one generation of the group; over also when the consumption ends. */
export type Claim = Pick<Generation, 'commit' | 'remainingMs' | 'over'>

/** How often the topic is looked at for more partitions, or such that have a leader again. */
const LOOK_MS = 60_000

/**
 * Consumes a topic that exists as a member of a group, from the group's offsets or from the beginning, until the signal is aborted; then it leaves the group.
 * kafkajs' consumer commits under the generation of the moment, not of the delivery, so only its connections and requests are used.
 * @throws RetriableError when it should be begun anew, ConnectError when Kafka refuses.
 */
export async function consume(of: Consumption): Promise<void> {
  const { groupId, topic, member, signal, clock } = of
  const cluster = kafkaCluster(of.kafka, `connectless-${groupId}`, of.log)
  try {
    while (!signal.aborted) {
      const metadata = await metadataOf(cluster, topic)
      const membership = {
        cluster,
        groupId,
        topic,
        partitions: metadata.partitions.length,
        member,
        settings: of.settings,
        clock,
      }
      // Others may make us wait for as long as a rebalance may take.
      const joining = joinGroup(membership)
      const generation = await unlessAborted(joining, signal)
      if (!generation) return await joinedAfterAll(joining, of.settings)
      of.joined()
      await consumeGeneration(generation, metadata, cluster, of)
    }
  } finally {
    await leaveGroup(cluster, groupId, member)
    cluster.close()
  }
}

/**
 * Nobody can leave a group that it is still joining, and the group would miss a member that is gone until its session is over. It waits no longer
 * for another one that is dead. Never throws: what fails is no member.
 */
async function joinedAfterAll(
  joining: Promise<Generation>,
  { sessionTimeoutMs }: GroupSettings,
): Promise<void> {
  await inTime(joining, sessionTimeoutMs).catch(() => undefined)
}

async function consumeGeneration(
  generation: Generation,
  topic: TopicMetadata,
  cluster: KafkaCluster,
  { groupId, settings, gathering, handle, signal, clock, log }: Consumption,
): Promise<void> {
  const failed = new AbortController()
  const left = new AbortController()
  const working = AbortSignal.any([signal, generation.over, failed.signal])
  const alive = generation.stayAlive(left.signal)
  const { partitions } = generation

  async function work(take: () => Promise<Chunk | undefined>): Promise<void> {
    for (let chunk = await take(); chunk; chunk = await take())
      try {
        await handle(chunk, { ...generation, over: working })
      } catch (error) {
        // The partition went to another, who begins at the last offset committed.
        if (error instanceof FencedError) return
        throw error
      }
  }
  async function watchTopic(): Promise<void> {
    for (;;) {
      await clock.sleep(LOOK_MS, working)
      if (working.aborted) return
      const now = ledPartitions(await metadataOf(cluster, topic.name))
      if (now > ledPartitions(topic))
        throw new RetriableError(`Topic ${topic.name} has ${now} partitions to read now`)
    }
  }
  // The first to fail ends the others; all are waited for.
  const together = (tasks: readonly Promise<void>[]) =>
    Promise.allSettled(
      tasks.map((task) =>
        task.catch((error: unknown) => {
          failed.abort(error)
        }),
      ),
    )
  try {
    const feeds = await feedsOf({
      cluster,
      groupId,
      topic,
      partitions,
      settings,
      signal: working,
      log,
    })
    const takerOf = (partition: number): (() => Promise<Chunk | undefined>) => {
      const take = () => feeds.take(partition)
      return gathering ? gathered(take, gathering, clock) : take
    }
    await together([
      feeds.run(),
      watchTopic(),
      ...partitions.map((partition) => work(takerOf(partition))),
    ])
    if (failed.signal.aborted) throw failed.signal.reason
  } finally {
    generation.end()
    left.abort()
    await alive
  }
}

async function metadataOf(cluster: KafkaCluster, name: string): Promise<TopicMetadata> {
  const [topic] = (await cluster.metadata([name], 'leave')).topics
  if (topic?.error === 0) return topic
  throw kafkaError(`Topic ${name}`, brokerError(topic?.error ?? UNKNOWN_TOPIC))
}

const UNKNOWN_TOPIC = 3

const ledPartitions = ({ partitions }: TopicMetadata): number =>
  partitions.filter(({ leader }) => leader >= 0).length
