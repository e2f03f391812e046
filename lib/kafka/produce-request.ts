import { int16, int32, list, NULL_TEXT, type Request, text } from './wire-format.ts'

export type PartitionBatch = {
  readonly topic: string
  readonly partition: number
  readonly bytes: Buffer
}

export type PartitionAnswer = {
  readonly topic: string
  readonly partition: number
  /** a broker's error code, 0 for none */
  readonly error: number
  /** what the broker says about it, if it does */
  readonly message?: string
}

export type Produced = {
  readonly partitions: readonly PartitionAnswer[]
  /** how long the broker asks to wait before the next request */
  readonly throttleMs: number
}

const API_KEY = 0
/** 7 is of Kafka 2.1; 8 tells why single records were refused. */
const VERSIONS = { lowest: 7, highest: 8 }
const ALL_REPLICAS = -1

/** One batch a partition at most. Answered when all in-sync replicas have them. */
export function produceRequest(
  batches: readonly PartitionBatch[],
  of: {
    readonly versions: Readonly<Record<number, { readonly maxVersion: number }>> | null
    readonly timeoutMs: number
    readonly beforeWrite: () => void
  },
): Request<Produced> {
  const known = of.versions?.[API_KEY]?.maxVersion ?? VERSIONS.lowest
  const version = Math.max(VERSIONS.lowest, Math.min(VERSIONS.highest, known))
  const topics = [...Map.groupBy(batches, ({ topic }) => topic)]
  return {
    name: 'Produce',
    apiKey: API_KEY,
    version,
    body: Buffer.concat([
      NULL_TEXT, // transactional id
      int16(ALL_REPLICAS),
      int32(of.timeoutMs),
      ...list(topics, ([topic, partitions]) => [
        text(topic),
        ...list(partitions, ({ partition, bytes }) => [
          int32(partition),
          int32(bytes.length),
          bytes,
        ]),
      ]),
    ]),
    beforeWrite: of.beforeWrite,
    read(answer) {
      const partitions = answer.list(() => {
        const topic = answer.text() ?? ''
        return answer.list((): PartitionAnswer => {
          const partition = { topic, partition: answer.int32(), error: answer.int16() }
          answer.int64() // base offset
          answer.int64() // append time
          answer.int64() // log start
          if (version < 8) return partition
          const ofRecords = answer.list(() => {
            answer.int32() // which record
            return answer.text()
          })
          const message = [answer.text(), ...ofRecords].filter((text) => text !== null).join(' ')
          return message === '' ? partition : { ...partition, message }
        })
      })
      return { partitions: partitions.flat(), throttleMs: answer.int32() }
    },
  }
}
