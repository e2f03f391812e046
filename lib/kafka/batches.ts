import { partitionOf } from '../data/murmur2.ts'
import type { KafkaRecord } from '../data/record.ts'
import { ConnectError } from '../errors.ts'
import { BATCH_OVERHEAD_BYTES, bytesAlone, bytesAtMost } from './encode-records.ts'
import type { TargetTopic } from './target-topics.ts'

/** Records of one partition that go to the broker as one. */
export type Batch = {
  readonly topic: string
  readonly partition: number
  readonly records: readonly KafkaRecord[]
}

/** What one request takes. */
const LIMIT = { records: 2_000, bytes: 1_000_000 }

/**
 * The records in requests of a batch a partition: cut by number, by bytes, and by what the topic takes at once.
 * @throws ConnectError for a record that is larger than its topic takes, or for a partition that there is not.
 */
export function batchesOf(
  records: readonly KafkaRecord[],
  topicOf: (name: string) => TargetTopic,
  random: () => number,
): (readonly Batch[])[] {
  const requests: (readonly Batch[])[] = []
  let open = openRequest(random)
  for (const record of records) {
    const topic = topicOf(record.topic)
    const bytes = bytesAtMost(record)
    if (!hasRoom(open, record, topic, bytes)) {
      requests.push(batchesIn(open))
      open = openRequest(random)
    }
    add(open, record, topic, bytes)
  }
  return open.count === 0 ? requests : [...requests, batchesIn(open)]
}

type OpenBatch = { readonly records: KafkaRecord[]; bytes: number }

type OpenRequest = {
  count: number
  bytes: number
  /** Records without a key stay together for the length of a request, as with Kafka's own producer. */
  readonly keyless: number
  /** by partition */
  readonly topics: Map<TargetTopic, OpenBatch[]>
}

const openRequest = (random: () => number): OpenRequest => ({
  count: 0,
  bytes: 0,
  keyless: random(),
  topics: new Map(),
})

function hasRoom(
  open: OpenRequest,
  record: KafkaRecord,
  topic: TargetTopic,
  bytes: number,
): boolean {
  if (open.count === 0) return true
  if (open.count === LIMIT.records || open.bytes + bytes > LIMIT.bytes) return false
  const batch = open.topics.get(topic)?.[partitionFor(record, topic, open.keyless)]
  return !batch || batch.bytes + bytes <= topic.maxBytes
}

function add(open: OpenRequest, record: KafkaRecord, topic: TargetTopic, bytes: number): void {
  const partition = partitionFor(record, topic, open.keyless)
  const ofTopic = open.topics.get(topic) ?? []
  const batch = ofTopic[partition] ?? { records: [], bytes: BATCH_OVERHEAD_BYTES }
  // An estimate is good enough to begin another batch, not to refuse a record.
  if (batch.bytes + bytes > topic.maxBytes && bytesAlone(record) > topic.maxBytes)
    throw new ConnectError(
      `A record for topic ${topic.name} takes ${bytesAlone(record)} bytes, and the topic's max.message.bytes allows ${topic.maxBytes}`,
    )
  batch.records.push(record)
  batch.bytes += bytes
  ofTopic[partition] = batch
  open.topics.set(topic, ofTopic)
  open.count++
  open.bytes += bytes
}

function partitionFor(record: KafkaRecord, topic: TargetTopic, keyless: number): number {
  const { partitions } = topic
  if (record.partition !== null) {
    if (record.partition >= 0 && record.partition < partitions) return record.partition
    throw new ConnectError(
      `Invalid partition given with record: ${record.partition} is not in the range [0...${partitions}) of topic ${topic.name}.`,
    )
  }
  if (partitions === 1) return 0
  return record.key ? partitionOf(record.key, partitions) : Math.floor(keyless * partitions)
}

const batchesIn = ({ topics }: OpenRequest): Batch[] =>
  [...topics].flatMap(([{ name }, batches]) =>
    Object.entries(batches).map(([partition, { records }]) => ({
      topic: name,
      partition: Number(partition),
      records,
    })),
  )
