import { kafkaCluster } from '../../lib/kafka/cluster.ts'
import { decodeRecords, type FetchedRecord, offsetAfter } from '../../lib/kafka/decode-records.ts'
import { fetchRequest } from '../../lib/kafka/fetch-request.ts'
import { broker, silentLog } from '../kafka/kafka-fixture.ts'

/** All records of partition 0, byte by byte, headers in their order. */
export async function rawTopic(topic: string): Promise<FetchedRecord[]> {
  const cluster = kafkaCluster({ brokers: broker().split(',') }, 'raw-topic', silentLog())
  try {
    const { topics } = await cluster.metadata([topic], 'leave')
    const leader = await cluster.broker(topics[0]?.partitions[0]?.leader ?? -1)
    const found: FetchedRecord[] = []
    for (let offset = 0; ; ) {
      const limits = { maxWaitMs: 200, maxBytes: 8_000_000, maxBytesPerPartition: 8_000_000 }
      const wish = { topic, partitions: [{ partition: 0, offset }], ...limits }
      const [answer] = await leader.request(fetchRequest(wish))
      if (!answer || answer.bytes.length === 0) return found
      found.push(...decodeRecords(answer.bytes, offset, answer.aborted))
      offset = offsetAfter(answer.bytes, offset)
    }
  } finally {
    cluster.close()
  }
}

/** Headers as pairs, texts. */
export const headersOf = ({ headers }: FetchedRecord): (readonly [string, string | null])[] =>
  headers.map(({ key, value }) => [key, value === null ? null : value.toString()])
