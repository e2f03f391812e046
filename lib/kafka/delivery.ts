import { FencedError, messageOf, RetriableError } from '../errors.ts'
import type { Batch } from './batches.ts'
import { type KafkaCluster, REQUEST_TIMEOUT_MS } from './cluster.ts'
import { inTime } from './in-time.ts'
import { brokerError, codeOf, isRefusal, kafkaError } from './kafka-errors.ts'
import { type PartitionAnswer, type Produced, produceRequest } from './produce-request.ts'
import { pause } from './retrying.ts'
import type { TargetTopics } from './target-topics.ts'

/** A batch as it goes to the broker: the same bytes, with the same place in the partition's sequence, however often they are sent. */
export type EncodedBatch = Batch & { readonly sequence: number; readonly bytes: Buffer }

export type Delivery = {
  readonly cluster: KafkaCluster
  readonly topics: TargetTopics
  /** Aborted when the producer is disconnected. */
  readonly signal: AbortSignal
  /** for all attempts at one request */
  readonly timeoutMs: number
  readonly encode: (batch: Batch, sequence: number) => EncodedBatch
}

/** Delivers one request, at most a batch a partition: resolves once all in-sync replicas have all of it. */
export type Deliver = (
  batches: readonly EncodedBatch[],
  mayStillSend: () => boolean,
) => Promise<void>

/** Until when one request is tried; nothing of it is written later. */
type Attempt = { readonly mayStillSend: () => boolean; readonly endsAt: number }

const leftOf = ({ endsAt }: Attempt): number => Math.max(0, endsAt - performance.now())

/** A batch that the broker does not have, or may not have. */
type Failure = { readonly batch: EncodedBatch; readonly error: unknown }

// Error codes that mean something of their own here.
const MESSAGE_TOO_LARGE = 10
const DUPLICATE_SEQUENCE_NUMBER = 46
const NO_LEADER = -1

/** @throws FencedError, ConnectError when a broker refuses; RetriableError in all other cases, with nothing known of what Kafka has. */
export function delivery({ cluster, topics, signal, timeoutMs, encode }: Delivery): Deliver {
  let throttledUntil = 0

  async function deliver(
    batches: readonly EncodedBatch[],
    mayStillSend: () => boolean,
  ): Promise<void> {
    const attempt = { mayStillSend, endsAt: performance.now() + timeoutMs }
    let left = batches
    for (let pauseMs = 20; ; pauseMs = Math.min(1_000, 2 * pauseMs)) {
      const failures = await produce(left, attempt)
      for (const { batch } of failures.filter(isTooLarge))
        for (const half of halves(batch, encode)) await deliver([half], mayStillSend)
      const again = failures.filter((failure) => !isTooLarge(failure))
      const [last] = again
      if (!last) return
      if (leftOf(attempt) <= pauseMs) throw tookTooLong(last, timeoutMs)
      left = again.map(({ batch }) => batch)
      await pause(pauseMs, signal)
      // Where nobody answers this either, the next attempt will tell.
      const refreshing = topics.refresh(left.map(({ topic }) => topic))
      await inTime(refreshing, leftOf(attempt)).catch(() => undefined)
    }
  }

  async function produce(batches: readonly EncodedBatch[], attempt: Attempt): Promise<Failure[]> {
    const throttledMs = throttledUntil - performance.now()
    if (throttledMs > 0) await pause(throttledMs, signal)
    const byLeader = Map.groupBy(
      batches,
      ({ topic, partition }) => topics.known(topic).leaders[partition] ?? NO_LEADER,
    )
    // All are waited for, so that no request is outstanding when one has failed.
    const results = await Promise.allSettled(
      [...byLeader].map(([leader, ofLeader]) => produceTo(leader, ofLeader, attempt)),
    )
    return results.flatMap((result) => {
      if (result.status === 'rejected') throw result.reason
      return result.value
    })
  }

  async function produceTo(
    leader: number,
    batches: readonly EncodedBatch[],
    attempt: Attempt,
  ): Promise<Failure[]> {
    let answer: Produced
    try {
      answer = await inTime(request(leader, batches, attempt), leftOf(attempt))
    } catch (error) {
      if (error instanceof FencedError || isRefusal(error) || signal.aborted)
        throw kafkaError('writing to Kafka', error)
      return batches.map((batch) => ({ batch, error }))
    }
    throttledUntil = performance.now() + answer.throttleMs
    return batches.flatMap((batch) => failureOf(batch, answer.partitions))
  }

  async function request(
    leader: number,
    batches: readonly EncodedBatch[],
    attempt: Attempt,
  ): Promise<Produced> {
    const broker = await cluster.broker(leader)
    const beforeWrite = () => {
      if (signal.aborted) throw new RetriableError('The producer was disconnected')
      if (!attempt.mayStillSend()) throw new FencedError('This producer may not send any more')
      if (leftOf(attempt) <= 0) throw new RetriableError('Its time was up before it was sent')
    }
    const { versions } = broker
    return broker.request(
      produceRequest(batches, { versions, timeoutMs: REQUEST_TIMEOUT_MS, beforeWrite }),
      // The broker answers in time even when its replicas do not.
      REQUEST_TIMEOUT_MS + 2_000,
    )
  }

  return deliver
}

/** @throws ConnectError when the broker refuses the batch, RetriableError when the producer must be rebuilt. */
function failureOf(batch: EncodedBatch, answers: readonly PartitionAnswer[]): Failure[] {
  const answer = answers.find(
    ({ topic, partition }) => topic === batch.topic && partition === batch.partition,
  )
  if (!answer) return [{ batch, error: new RetriableError('The broker did not answer for it') }]
  if (answer.error === 0 || answer.error === DUPLICATE_SEQUENCE_NUMBER) return []
  const error = brokerError(answer.error)
  const mayBeCut = answer.error === MESSAGE_TOO_LARGE && batch.records.length > 1
  if (mayBeCut || error.retriable) return [{ batch, error }]
  const text = answer.message === undefined ? '' : ` (${answer.message})`
  throw kafkaError(`writing to ${batch.topic}-${batch.partition}${text}`, error)
}

/** The topic takes less than it said: its configuration has changed, or we may not read it. */
const isTooLarge = ({ error }: Failure): boolean => codeOf(error) === MESSAGE_TOO_LARGE

function halves(
  { topic, partition, records, sequence }: EncodedBatch,
  encode: Delivery['encode'],
): EncodedBatch[] {
  const half = Math.ceil(records.length / 2)
  return [
    encode({ topic, partition, records: records.slice(0, half) }, sequence),
    encode({ topic, partition, records: records.slice(half) }, sequenceAfter(sequence, half)),
  ]
}

/** Sequences go up to 2^31 - 1 and begin again at 0. */
export const sequenceAfter = (sequence: number, records: number): number =>
  (sequence + records) & 0x7fffffff

function tookTooLong({ batch, error }: Failure, timeoutMs: number): RetriableError {
  const to = `${batch.topic}-${batch.partition}`
  return new RetriableError(
    `Kafka did not take records for ${to} within ${timeoutMs} ms: ${messageOf(error)}`,
    { cause: error },
  )
}
