import { messageOf } from '../errors.ts'
import type { Ports } from '../ports.ts'

/** Records a connector's active topics: each is written once, and again after a reset. What it cannot write never stops the task. */
export type TopicTracker = {
  /** Takes note and writes what is new in the background. `reset`: of the connector's row as it was last seen. */
  saw(records: readonly { readonly topic: string }[], reset?: number): void
  /** Resolves when nothing is being written any more; what could not be is tried again when more is seen. Never rejects. */
  written(): Promise<void>
}

/** After a write that failed. */
const PAUSE_MS = 1_000

export function topicTracker(
  connector: string,
  { activeTopics, clock, log, worker }: Pick<Ports, 'activeTopics' | 'clock' | 'log' | 'worker'>,
): TopicTracker {
  const known = new Set<string>()
  const fresh = new Set<string>()
  let current = 0
  let writing: Promise<void> | undefined
  let pausedUntil = Number.NEGATIVE_INFINITY

  const isDue = () => fresh.size > 0 && clock.monotonic() >= pausedUntil
  const writeFresh = async () => {
    while (isDue()) {
      const [topics, reset] = [[...fresh], current]
      try {
        await activeTopics.add(connector, reset, topics)
        if (reset !== current) continue
        for (const topic of topics) {
          known.add(topic)
          fresh.delete(topic)
        }
      } catch (error) {
        pausedUntil = clock.monotonic() + PAUSE_MS
        log.warn(`Could not record active topics: ${messageOf(error)}`, { connector })
      }
    }
  }

  function note(records: readonly { readonly topic: string }[]): void {
    let last: string | undefined
    for (const { topic } of records) {
      if (topic === last) continue
      last = topic
      if (!known.has(topic)) fresh.add(topic)
    }
  }

  return {
    saw(records, reset = 0) {
      if (worker.topicTracking?.enabled === false) return
      if (reset > current) {
        current = reset
        known.clear()
        fresh.clear()
      }
      note(records)
      if (!writing && isDue())
        writing = writeFresh().finally(() => {
          writing = undefined
        })
    },
    async written() {
      await writing
    },
  }
}
