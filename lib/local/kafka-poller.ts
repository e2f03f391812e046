import { messageOf } from '../errors.ts'
import type { KafkaSettings } from '../kafka/client.ts'
import { consume } from '../kafka/consumer.ts'
import type { LogPlace } from '../kafka/offsets.ts'
import type { Clock, Log, Mapping, Topics } from '../ports.ts'
import { type Deliveries, deliveries, type InvokeSink } from './kafka-delivery.ts'

export type PollerSettings = {
  /** records of an event at most */
  readonly batchSize: number
  /** after so long without a sign of life the group goes on without us */
  readonly sessionTimeoutMs: number
  /** a third of the session by default, and no more than 3 s */
  readonly heartbeatIntervalMs: number
  /** how long the group waits for running invocations when workers come or go */
  readonly rebalanceTimeoutMs: number
  /** how long an idle broker is waited for; a first byte ends it */
  readonly maxWaitMs: number
  /** longest that an invocation may take */
  readonly invocationMs: number
  /** where a group without offsets begins */
  readonly beginAt: LogPlace
  /** how long records are waited for that fill an event */
  readonly windowMs: number
  /** how long a running invocation may go on once its mapping is disabled */
  readonly graceMs: number
}

const DEFAULTS = {
  batchSize: 10_000,
  sessionTimeoutMs: 10_000,
  rebalanceTimeoutMs: 60_000,
  maxWaitMs: 500,
  invocationMs: 840_000, // Lambda's limit for a function under a Kafka mapping
  graceMs: 10_000,
  beginAt: 'earliest' as const,
  windowMs: 0,
}

/** Stands where Lambda's poller stands: begins to feed a mapping's topic into the sink function. */
export type KafkaPoller = (mapping: Mapping) => Polling

export type Polling = {
  /** Why nothing is delivered. */
  waiting(): string | undefined
  /** Resolves when the running invocations have ended, or their grace has, and the group is left. Offsets stay. */
  stop(): Promise<void>
}

export type PollerSetup = {
  readonly kafka: KafkaSettings
  readonly topics: Topics
  readonly invokeSink: InvokeSink
  readonly clock: Clock
  readonly log: Log
  readonly settings?: Partial<PollerSettings>
} & Pick<Deliveries, 'eventSource' | 'givenBack'>

/** With 4.5 MB, which fill an event, a process takes 80 MB more and delivers no faster (measured, records of 250 bytes). */
const MAX_BYTES_PER_PARTITION = 1_500_000
/** Base64 makes 6 MB of them. */
const FULL_BYTES = 4_500_000
/** A topic that a source makes at this moment is to be found at once. */
const LOOK_FOR_TOPIC_MS = 300
const FIRST_PAUSE_MS = 100
const MAX_PAUSE_MS = 10_000

export function kafkaPoller(setup: PollerSetup): KafkaPoller {
  const { kafka, topics, clock, log } = setup
  const { sessionTimeoutMs = DEFAULTS.sessionTimeoutMs } = setup.settings ?? {}
  const heartbeatIntervalMs = Math.min(3_000, sessionTimeoutMs / 3)
  const settings: PollerSettings = { ...DEFAULTS, heartbeatIntervalMs, ...setup.settings }

  return (mapping) => {
    const { connector, topic, group: groupId } = mapping
    const fields = { connector, topic, group: groupId }
    const stopping = new AbortController()
    const { signal } = stopping
    const member = { id: '' }
    const delivery = deliveries({ ...setup, settings, mapping, signal })
    let waiting: string | undefined

    async function waitForTopic(): Promise<void> {
      while (!signal.aborted && !(await topics.existing([topic])).has(topic)) {
        const reason = `topic ${topic} does not exist yet`
        if (waiting !== reason) log.info(`Sink waits: ${reason}`, fields)
        waiting = reason
        await clock.sleep(LOOK_FOR_TOPIC_MS, signal)
      }
    }

    async function pollUntilItFails(): Promise<void> {
      await waitForTopic()
      await consume({
        kafka,
        groupId,
        topic,
        member,
        settings: { ...settings, maxBytesPerPartition: MAX_BYTES_PER_PARTITION },
        ...(settings.windowMs > 0 && {
          gathering: {
            windowMs: settings.windowMs,
            records: settings.batchSize,
            bytes: FULL_BYTES,
          },
        }),
        joined() {
          waiting = undefined
        },
        handle: delivery,
        signal,
        clock,
        log,
      })
    }

    async function poll(): Promise<void> {
      let pauseMs = FIRST_PAUSE_MS
      while (!signal.aborted) {
        const beganAt = clock.monotonic()
        try {
          await pollUntilItFails()
        } catch (error) {
          waiting = messageOf(error)
          log.warn(`Polling begins anew: ${waiting}`, fields)
          const ranWell = clock.monotonic() - beganAt > MAX_PAUSE_MS
          pauseMs = ranWell ? FIRST_PAUSE_MS : Math.min(MAX_PAUSE_MS, 2 * pauseMs)
          await clock.sleep(pauseMs, signal)
        }
      }
    }

    const polling = poll()
    return {
      waiting: () => waiting,
      stop() {
        stopping.abort()
        return polling
      },
    }
  }
}
