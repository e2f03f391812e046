import type { Log } from '../ports.ts'
import { unlessAborted } from '../runtime/unless-aborted.ts'
import { type KafkaCluster, REQUEST_TIMEOUT_MS } from './cluster.ts'
import {
  type AbortedTransaction,
  decodeRecords,
  type FetchedRecord,
  offsetAfter,
  recordCount,
} from './decode-records.ts'
import { type Fetched, fetchRequest } from './fetch-request.ts'
import { brokerError, kafkaError } from './kafka-errors.ts'
import type { TopicMetadata } from './metadata.ts'
import {
  committedOffsets,
  type LogPlace,
  logOffsets,
  type Offsets,
  partitionKey,
} from './offsets.ts'

/** What one fetch brought of a partition, as bytes until it is its turn. */
export type Chunk = {
  readonly partition: number
  /** Decoded one by one, once. @throws ConnectError when they cannot be read */
  readonly records: Iterable<FetchedRecord>
  /** of its batches, the control records among them */
  readonly recordCount: number
  readonly byteLength: number
  /** where the partition goes on after it */
  readonly nextOffset: number
}

export type Feeds = {
  /** Fetches ahead, one chunk a partition, until the signal is aborted. @throws what a broker answered, or that none did. */
  run(): Promise<void>
  /** The next chunk of a partition; undefined once the signal is aborted. */
  take(partition: number): Promise<Chunk | undefined>
}

export type FetchSettings = {
  /** how long a broker waits for a first byte */
  readonly maxWaitMs: number
  readonly maxBytesPerPartition: number
  /** where a partition begins that the group has no offset of; its beginning by default */
  readonly beginAt?: LogPlace
}

/** With more than this in memory nothing is fetched. */
const MAX_BYTES_AHEAD = 16_000_000
/** While some partitions have a chunk waiting, the others' fetch ends soon: it does not stand in the way of their next one. */
const SHORT_WAIT_MS = 20
const OFFSET_OUT_OF_RANGE = 1

type Feed = {
  readonly partition: number
  readonly leader: number
  position: number
  chunk?: {
    readonly bytes: Buffer
    readonly aborted: readonly AbortedTransaction[]
    readonly from: number
  }
}

/** From the group's committed offsets on, or from where it is to begin. A partition without a leader is left out. */
export async function feedsOf(of: {
  readonly cluster: KafkaCluster
  readonly groupId: string
  readonly topic: TopicMetadata
  readonly partitions: readonly number[]
  readonly settings: FetchSettings
  readonly signal: AbortSignal
  readonly log: Log
}): Promise<Feeds> {
  const { cluster, groupId, topic, settings, signal, log } = of
  const own = {
    ...topic,
    partitions: topic.partitions.filter(
      ({ id, leader }) => of.partitions.includes(id) && leader >= 0,
    ),
  }
  const committed = await committedOffsets(cluster, groupId, [own])
  const begin = await beginnings(cluster, own, settings.beginAt ?? 'earliest')
  const feeds = own.partitions.map(({ id, leader }): Feed => {
    const key = partitionKey(topic.name, id)
    return { partition: id, leader, position: committed.get(key) ?? begin.get(key) ?? 0 }
  })
  const changes = changesUntil(signal)

  async function fetchFrom(leader: number, led: readonly Feed[]): Promise<void> {
    while (!signal.aborted) {
      const wanted = bytesAhead(feeds) < MAX_BYTES_AHEAD ? led.filter(({ chunk }) => !chunk) : []
      if (wanted.length === 0) await changes.next()
      else await fetch(leader, wanted, wanted.length === led.length)
    }
  }

  async function fetch(leader: number, wanted: readonly Feed[], isAll: boolean): Promise<void> {
    const maxWaitMs = isAll ? settings.maxWaitMs : Math.min(SHORT_WAIT_MS, settings.maxWaitMs)
    const request = fetchRequest({
      topic: topic.name,
      partitions: wanted.map(({ partition, position }) => ({ partition, offset: position })),
      maxWaitMs,
      maxBytes: MAX_BYTES_AHEAD / 2,
      maxBytesPerPartition: settings.maxBytesPerPartition,
    })
    const broker = await cluster.broker(leader)
    const fetching = broker.request(request, maxWaitMs + REQUEST_TIMEOUT_MS)
    const answers = await unlessAborted(fetching, signal)
    for (const answer of answers ?? []) await receive(answer)
    changes.happened()
  }

  async function receive({ partition, error, bytes, aborted }: Fetched): Promise<void> {
    const feed = feeds.find((one) => one.partition === partition)
    if (!feed) return
    const name = `${topic.name}-${partition}`
    if (error === OFFSET_OUT_OF_RANGE) {
      const all = await logOffsets(cluster, [own], 'earliest')
      const from = all.get(partitionKey(topic.name, partition)) ?? 0
      log.warn(`Offset ${feed.position} of ${name} is not there: reading goes on at ${from}`)
      feed.position = from
    } else if (error !== 0) throw kafkaError(`reading ${name}`, brokerError(error))
    else {
      const from = feed.position
      feed.position = offsetAfter(bytes, from)
      if (feed.position > from) feed.chunk = { bytes, aborted, from }
    }
  }

  return {
    async run() {
      const byLeader = Map.groupBy(feeds, ({ leader }) => leader)
      await Promise.all([...byLeader].map(([leader, led]) => fetchFrom(leader, led)))
    },
    async take(partition) {
      const feed = feeds.find((one) => one.partition === partition)
      while (feed && !signal.aborted) {
        const { chunk, position: nextOffset } = feed
        if (chunk) {
          delete feed.chunk
          changes.happened()
          const { bytes, from, aborted } = chunk
          return {
            partition,
            nextOffset,
            records: decodeRecords(bytes, from, aborted),
            recordCount: recordCount(bytes),
            byteLength: bytes.length,
          }
        }
        await changes.next()
      }
      return undefined
    },
  }
}

async function beginnings(
  cluster: KafkaCluster,
  topic: TopicMetadata,
  place: LogPlace,
): Promise<Offsets> {
  const found = await logOffsets(cluster, [topic], place)
  if (typeof place === 'string') return found
  // Without a record since that time, what comes from now on is meant.
  return new Map([...(await logOffsets(cluster, [topic], 'end')), ...found])
}

const bytesAhead = (feeds: readonly Feed[]): number =>
  feeds.reduce((sum, { chunk }) => sum + (chunk?.bytes.length ?? 0), 0)

/** What waits for a change goes on when the signal is aborted, too. */
function changesUntil(signal: AbortSignal) {
  let change = Promise.withResolvers<void>()
  const happened = (): void => {
    change.resolve()
    change = Promise.withResolvers()
  }
  signal.addEventListener('abort', happened, { once: true })
  return { next: () => change.promise, happened }
}
