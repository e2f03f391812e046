import { randomUUID } from 'node:crypto'
import type { KafkaEvent } from '../data/kafka-event.ts'
import { messageOf, RetriableError } from '../errors.ts'
import type { KafkaSettings } from '../kafka/client.ts'
import type { Claim } from '../kafka/consumer.ts'
import type { Chunk } from '../kafka/feeds.ts'
import type { Clock, Fields, Log, Mapping } from '../ports.ts'
import { type EventSource, eventFrom, kafkaEvents } from './kafka-event.ts'
import type { PollerSettings } from './kafka-poller.ts'
import { permits } from './permits.ts'

/** Calls the sink function. Returning is the commit; throwing has the same event sent again. */
export type InvokeSink = (
  event: KafkaEvent,
  invocation: {
    readonly connector: string
    readonly id: string
    /** What is left of the time in which it may write; zero or less: the partition may be another process's by now. */
    readonly remainingMs: () => number
  },
) => Promise<unknown>

export type Deliveries = {
  readonly kafka: KafkaSettings
  readonly mapping: Mapping
  readonly settings: PollerSettings
  readonly invokeSink: InvokeSink
  /** The first offset of an event that an answer gives back: from there on it is sent again. @throws when nothing of it was taken. */
  readonly givenBack?: (answer: unknown, event: KafkaEvent) => number | undefined
  /** As events name the cluster; the brokers that are polled by default. */
  readonly eventSource?: Partial<Pick<EventSource, 'bootstrapServers' | 'eventSourceArn'>>
  /** Aborted when the mapping is disabled. */
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly log: Log
}

/** An event as JSON, as large as Lambda takes it. */
const MAX_EVENT_BYTES = 6 * 1024 * 1024
/** Partitions of a mapping that are delivered at once: each takes some 15 MB while it is. */
const AT_ONCE = 4
const FIRST_PAUSE_MS = 100
const MAX_PAUSE_MS = 5_000
/** An invocation that goes on for so long without any time left is not waited for. */
const ABANDON_MS = 2_000
const LOOK_AGAIN_MS = 250
/** No offset is given back. */
const TAKEN = Number.POSITIVE_INFINITY

/** Delivers chunks, each event again and again until the function takes it, the partition is lost or the mapping disabled. */
export function deliveries(of: Deliveries): (chunk: Chunk, claim: Claim) => Promise<void> {
  const { mapping, settings, invokeSink, signal, clock, log } = of
  const { connector, topic } = mapping
  const limits = { records: settings.batchSize, bytes: MAX_EVENT_BYTES }
  const bootstrapServers = of.kafka.brokers.join(',')
  const permit = permits(AT_ONCE)
  let graceEndsAt = Number.POSITIVE_INFINITY
  const beginGrace = () => {
    graceEndsAt = clock.monotonic() + settings.graceMs
  }
  signal.addEventListener('abort', beginGrace, { once: true })

  async function deliver(chunk: Chunk, claim: Claim): Promise<void> {
    if (claim.over.aborted) return
    const { partition, nextOffset } = chunk
    const source = { bootstrapServers, ...of.eventSource, topic, partition }
    let committed = -1
    for (const batch of kafkaEvents(chunk.records, source, limits)) {
      const place = { connector, topic, partition, offset: batch.nextOffset - 1 }
      if (batch.bytes > MAX_EVENT_BYTES)
        log.warn(`A record is too large for an event of AWS Lambda: ${batch.bytes} bytes`, place)
      if (!(await invokeUntilTaken(batch.event, claim, place, partition))) return
      await claim.commit(partition, batch.nextOffset)
      committed = batch.nextOffset
    }
    // Behind them may stand what nobody is given: the ends of transactions, and all of those that were aborted.
    if (committed < nextOffset) await claim.commit(partition, nextOffset)
  }

  async function invokeUntilTaken(
    whole: KafkaEvent,
    claim: Claim,
    place: Fields,
    partition: number,
  ): Promise<boolean> {
    let event = whole
    for (let pauseMs = FIRST_PAUSE_MS; !claim.over.aborted; pauseMs *= 2) {
      // After a standstill the first sign of life decides whether the partition is still ours.
      while (claim.remainingMs() <= 0 && !claim.over.aborted)
        await clock.sleep(LOOK_AGAIN_MS, claim.over)
      const offset = await firstGivenBack(event, claim, place)
      if (offset === TAKEN) return true
      const rest = eventFrom(event, offset)
      if (rest !== event) {
        await claim.commit(partition, offset)
        pauseMs = FIRST_PAUSE_MS
      }
      event = rest
      await clock.sleep(Math.min(MAX_PAUSE_MS, pauseMs), claim.over)
    }
    return false
  }

  /** Never throws: what the function throws gives all of it back. */
  async function firstGivenBack(event: KafkaEvent, claim: Claim, place: Fields): Promise<number> {
    try {
      const answer = await invoke(event, claim)
      const offset = of.givenBack?.(answer, event) ?? TAKEN
      if (offset !== TAKEN)
        log.warn(`The sink function gave records back, from offset ${offset} on`, place)
      return offset
    } catch (error) {
      log.warn(`The sink function did not take a batch: ${messageOf(error)}`, place)
      return 0
    }
  }

  async function invoke(event: KafkaEvent, claim: Claim): Promise<unknown> {
    const endsAt = clock.monotonic() + settings.invocationMs
    const ended = new AbortController()
    const remainingMs = (): number =>
      ended.signal.aborted
        ? 0
        : Math.min(Math.min(endsAt, graceEndsAt) - clock.monotonic(), claim.remainingMs())
    try {
      const invocation = { connector, id: randomUUID(), remainingMs }
      return await Promise.race([
        invokeSink(event, invocation),
        outOfTime(remainingMs, ended.signal),
      ])
    } finally {
      // Whatever it still does, it has no time for it.
      ended.abort()
    }
  }

  async function outOfTime(remainingMs: () => number, ended: AbortSignal): Promise<never> {
    let since = Number.POSITIVE_INFINITY
    while (!ended.aborted && clock.monotonic() - since < ABANDON_MS) {
      since = remainingMs() > 0 ? Number.POSITIVE_INFINITY : Math.min(since, clock.monotonic())
      await clock.sleep(LOOK_AGAIN_MS, ended)
    }
    throw new RetriableError('its time was up before it ended')
  }

  return (chunk, claim) => permit(() => deliver(chunk, claim))
}
