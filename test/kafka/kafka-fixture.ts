import { randomBytes } from 'node:crypto'
import { type Admin, type ITopicConfig, Kafka, logLevel } from 'kafkajs'
import { addresses } from '../../infra/stack/addresses.ts'
import type { KafkaRecord } from '../../lib/data/record.ts'
import type { Log } from '../../lib/ports.ts'

export const broker = (): string => addresses().kafka['bootstrap.servers']

/** kafkajs' own clients, to look at what ours did. */
export const kafka = (): Kafka =>
  new Kafka({
    clientId: 'test',
    brokers: broker().split(','),
    logLevel: logLevel.NOTHING,
    retry: { retries: 10, initialRetryTime: 50 },
  })

export const newName = (what: string): string => `test-${what}-${randomBytes(5).toString('hex')}`

export async function asAdmin<T>(use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka().admin()
  await admin.connect()
  try {
    return await use(admin)
  } finally {
    await admin.disconnect()
  }
}

/** A topic of its own, removed by `await using`. */
export async function newTopic(
  of: { readonly partitions?: number; readonly config?: Readonly<Record<string, string>> } = {},
) {
  const name = newName('topic')
  const topic: ITopicConfig = {
    topic: name,
    numPartitions: of.partitions ?? 1,
    configEntries: Object.entries(of.config ?? {}).map(([key, value]) => ({ name: key, value })),
  }
  await asAdmin((admin) => admin.createTopics({ topics: [topic], waitForLeaders: true }))
  return {
    name,
    async [Symbol.asyncDispose]() {
      await asAdmin((admin) => admin.deleteTopics({ topics: [name] }))
    },
  }
}

export const recordOf = (topic: string, of: Partial<KafkaRecord> = {}): KafkaRecord => ({
  topic,
  partition: null,
  key: null,
  value: null,
  timestamp: null,
  headers: [],
  ...of,
})

/** Lines of a log, and nothing on the terminal. */
export function silentLog(): Log & { readonly lines: string[] } {
  const lines: string[] = []
  const line = (message: string) => void lines.push(message)
  return { info: line, warn: line, error: line, lines }
}

export type Stored = {
  readonly offset: number
  readonly key: string | null
  readonly value: string | null
  readonly timestamp: number
  readonly headers: Readonly<Record<string, unknown>>
}

/** All that is in a topic, by partition, read by kafkajs' own consumer. */
export async function contentOf(topic: string): Promise<Stored[][]> {
  const ends = await asAdmin((admin) => admin.fetchTopicOffsets(topic))
  const content: Stored[][] = ends.map(() => [])
  const total = ends.reduce((sum, { high }) => sum + Number(high), 0)
  const groupId = newName('reader')
  const consumer = kafka().consumer({ groupId, maxWaitTimeInMs: 50 })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  let read = 0
  await new Promise<void>((resolve, reject) => {
    if (total === 0) return resolve()
    consumer
      .run({
        autoCommit: false,
        async eachBatch({ batch }) {
          for (const message of batch.messages) {
            content[batch.partition]?.push({
              offset: Number(message.offset),
              key: message.key?.toString() ?? null,
              value: message.value?.toString() ?? null,
              timestamp: Number(message.timestamp),
              headers: message.headers ?? {},
            })
            read++
          }
          if (read >= total) resolve()
        },
      })
      .catch(reject)
  })
  await consumer.disconnect()
  await asAdmin((admin) => admin.deleteGroups([groupId]))
  return content
}
