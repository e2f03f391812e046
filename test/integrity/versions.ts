import { setTimeout as sleep } from 'node:timers/promises'
import type { Kafka } from 'kafkajs'

const KEYS = 50
const AT_ONCE = 100
const EVERY_MS = 50
const SCHEMA =
  '{"type":"struct","fields":[{"type":"int64","optional":false,"field":"version"}],"optional":false}'

/** Ever higher versions of the same few keys into a topic, until told to end. */
export async function beginVersions(kafka: Kafka, topic: string) {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  const last = new Map<string, number>()
  let version = 0
  let round = 0
  let isOver = false
  const produce = async () => {
    const messages = Array.from({ length: AT_ONCE }, () => {
      version++
      const key = `${round}-${version % KEYS}`
      last.set(key, version)
      return {
        key: `{"schema":{"type":"string","optional":false},"payload":"${key}"}`,
        value: `{"schema":${SCHEMA},"payload":{"version":${version}}}`,
      }
    })
    await producer.send({ topic, messages })
  }
  const work = async () => {
    while (!isOver) {
      await produce()
      await sleep(EVERY_MS)
    }
  }
  const working = work()
  return {
    /** What the keys have now is their last. */
    nextKeys() {
      round++
    },
    /** The last version of each key. */
    async end(): Promise<ReadonlyMap<string, number>> {
      isOver = true
      await working
      // Once more does no harm.
      await producer.disconnect()
      return last
    },
  }
}
