import type { Kafka } from 'kafkajs'

export type Found = {
  readonly partition: number
  readonly offset: number
  readonly key: string
  readonly value: string
}

/** Everything that stands in a topic, in the order of each partition. */
export async function topicContent(kafka: Kafka, topic: string): Promise<Found[]> {
  const admin = kafka.admin()
  await admin.connect()
  const ends = await admin.fetchTopicOffsets(topic)
  await admin.disconnect()
  const missing = new Map(
    ends
      .filter(({ low, high }) => Number(high) > Number(low))
      .map(({ partition, high }) => [partition, Number(high)]),
  )
  if (missing.size === 0) return []

  const found: Found[] = []
  const consumer = kafka.consumer({
    groupId: `content-${topic}-${process.pid}-${Math.random()}`,
    maxBytesPerPartition: 8_000_000,
  })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        autoCommit: false,
        eachBatch: async ({ batch, heartbeat }) => {
          for (const { offset, key, value } of batch.messages)
            found.push({
              partition: batch.partition,
              offset: Number(offset),
              key: key?.toString() ?? '',
              value: value?.toString() ?? '',
            })
          if (Number(batch.lastOffset()) + 1 >= (missing.get(batch.partition) ?? 0))
            missing.delete(batch.partition)
          if (missing.size === 0) resolve()
          await heartbeat()
        },
      })
      .catch(reject)
  })
  await consumer.disconnect()
  return found
}

/** The id in a record of the example source, as its payload has it. */
export const idOf = ({ value }: Found): number =>
  Number(/"payload":\{"id":(\d+)/.exec(value)?.[1] ?? Number.NaN)
