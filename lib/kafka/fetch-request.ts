import type { AbortedTransaction } from './decode-records.ts'
import { int8, int32, int64, list, type Request, text } from './wire-format.ts'

export type FetchWish = {
  readonly topic: string
  readonly partitions: readonly { readonly partition: number; readonly offset: number }[]
  /** until the broker answers, though it has nothing */
  readonly maxWaitMs: number
  readonly maxBytes: number
  readonly maxBytesPerPartition: number
}

export type Fetched = {
  readonly partition: number
  /** a broker's error code, 0 for none */
  readonly error: number
  readonly aborted: readonly AbortedTransaction[]
  /** record batches, the last perhaps in part */
  readonly bytes: Buffer
}

const NOBODYS_REPLICA = -1
const READ_COMMITTED = 1
const NO_SESSION = [int32(0), int32(-1)]
const UNKNOWN = -1

/** Answered as soon as there is a byte. */
export const fetchRequest = (wish: FetchWish): Request<Fetched[]> => ({
  name: 'Fetch',
  apiKey: 1,
  version: 10,
  body: Buffer.concat([
    int32(NOBODYS_REPLICA),
    int32(wish.maxWaitMs),
    int32(1), // least bytes
    int32(wish.maxBytes),
    int8(READ_COMMITTED),
    ...NO_SESSION,
    int32(1), // topics
    text(wish.topic),
    ...list(wish.partitions, ({ partition, offset }) => [
      int32(partition),
      int32(UNKNOWN), // leader epoch
      int64(offset),
      int64(UNKNOWN), // log start, of followers
      int32(wish.maxBytesPerPartition),
    ]),
    int32(0), // topics to forget, of a session
  ]),
  read(answer) {
    answer.int32() // throttle time
    const error = answer.int16()
    answer.int32() // session
    if (error !== 0) return wish.partitions.map(({ partition }) => failed(partition, error))
    const topics = answer.list(() => {
      answer.text() // name
      return answer.list(() => {
        const head = { partition: answer.int32(), error: answer.int16() }
        answer.int64() // high watermark
        answer.int64() // last stable offset
        answer.int64() // log start
        const aborted = answer.list(() => ({
          producerId: answer.int64(),
          firstOffset: answer.int64(),
        }))
        return { ...head, aborted, bytes: answer.bytes() ?? NOTHING }
      })
    })
    return topics.flat()
  },
})

const NOTHING = Buffer.alloc(0)

const failed = (partition: number, error: number): Fetched => ({
  partition,
  error,
  aborted: [],
  bytes: NOTHING,
})
