import type { KafkaCluster } from './cluster.ts'
import { decodeRecords, type FetchedRecord, offsetAfter } from './decode-records.ts'
import { fetchRequest } from './fetch-request.ts'
import { brokerError, kafkaError } from './kafka-errors.ts'
import type { TopicMetadata } from './metadata.ts'
import { logOffsets, partitionKey } from './offsets.ts'

export type PartitionRead = {
  readonly topic: string
  readonly partition: number
  /** undefined: from the beginning; one that is not there any more gives way to the first that is */
  readonly from: number | undefined
  readonly max: number
}

/** A broker gives one batch of records at least, however large it is. */
const MAX_BYTES = 1_000_000
/** No more is fetched then: `max` large records would fill the memory. */
const ENOUGH_BYTES = 8_000_000
/** What is there is there; only an open transaction would be waited for. */
const MAX_WAIT_MS = 50

/** The next records, read committed and by no group; fewer than asked for where they are large, none where there are no more by now. */
export async function readPartition(
  cluster: KafkaCluster,
  metadata: TopicMetadata,
  { topic, partition, from, max }: PartitionRead,
): Promise<FetchedRecord[]> {
  const own = { ...metadata, partitions: metadata.partitions.filter(({ id }) => id === partition) }
  const [first, end] = await Promise.all(
    (['earliest', 'end'] as const).map(async (which) => {
      const offsets = await logOffsets(cluster, [own], which)
      return offsets.get(partitionKey(topic, partition)) ?? 0
    }),
  )
  const leader = own.partitions[0]?.leader ?? NONE
  const records: FetchedRecord[] = []
  let position = Math.max(from ?? 0, first ?? 0)
  let fetchedBytes = 0
  while (records.length < max && position < (end ?? 0)) {
    if (records.length > 0 && fetchedBytes >= ENOUGH_BYTES) break
    const { bytes, aborted } = await fetchOne(cluster, leader, { topic, partition, position })
    fetchedBytes += bytes.length
    for (const record of decodeRecords(bytes, position, aborted)) {
      if (records.length === max) return records
      records.push(record)
    }
    const next = offsetAfter(bytes, position)
    if (next === position) break
    position = next
  }
  return records
}

const NONE = -1

async function fetchOne(
  cluster: KafkaCluster,
  leader: number,
  at: { readonly topic: string; readonly partition: number; readonly position: number },
) {
  const { topic, partition, position } = at
  const request = fetchRequest({
    topic,
    partitions: [{ partition, offset: position }],
    maxWaitMs: MAX_WAIT_MS,
    maxBytes: MAX_BYTES,
    maxBytesPerPartition: MAX_BYTES,
  })
  const [fetched] = await (await cluster.broker(leader)).request(request)
  if (fetched?.error === 0) return fetched
  throw kafkaError(`reading ${topic}-${partition}`, brokerError(fetched?.error ?? UNKNOWN))
}

const UNKNOWN = -1
