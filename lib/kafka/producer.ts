import { setImmediate } from 'node:timers/promises'
import type { KafkaRecord } from '../data/record.ts'
import { ConnectError, messageOf, RetriableError } from '../errors.ts'
import type { Producer } from '../ports.ts'
import { type Batch, batchesOf } from './batches.ts'
import type { KafkaCluster } from './cluster.ts'
import { delivery, type EncodedBatch, sequenceAfter } from './delivery.ts'
import { type BatchHead, encodeBatch } from './encode-records.ts'
import { partitionKey } from './offsets.ts'
import { targetTopics } from './target-topics.ts'

/** By these a broker knows the producer, and what of its batches it has already. */
export type Identity = Pick<BatchHead, 'producerId' | 'producerEpoch'>

/**
 * Takes connections from kafkajs, but makes batches and their sequences itself: kafkajs counts back a sequence whose request failed, though
 * the broker may have it, and takes 10 µs a record where this takes 1.
 */
export function producer(cluster: KafkaCluster, identity: Identity, timeoutMs: number): Producer {
  const ended = new AbortController()
  const topics = targetTopics(cluster, { ms: timeoutMs, signal: ended.signal })
  const deliver = delivery({ cluster, topics, signal: ended.signal, timeoutMs, encode })
  /** of the next record, by partition */
  const sequences = new Map<string, number>()
  let sending: Promise<void> | undefined
  let failure: unknown

  function encode(batch: Batch, sequence: number): EncodedBatch {
    const bytes = encodeBatch(batch.records, { ...identity, sequence, now: Date.now() })
    return { ...batch, sequence, bytes }
  }

  function encodeNext(batch: Batch): EncodedBatch {
    const key = partitionKey(batch.topic, batch.partition)
    const sequence = sequences.get(key) ?? 0
    sequences.set(key, sequenceAfter(sequence, batch.records.length))
    return encode(batch, sequence)
  }

  async function sendAll(
    records: readonly KafkaRecord[],
    mayStillSend: () => boolean,
  ): Promise<void> {
    for (const name of new Set(records.map(({ topic }) => topic))) await topics.get(name)
    const requests = batchesOf(records, topics.known, Math.random)
    try {
      let next = requests.shift()?.map(encodeNext)
      while (next) {
        // While the broker works on this request, which is written by the next turn of the event loop, the following one is made.
        const [following] = await Promise.all([
          setImmediate().then(() => requests.shift()?.map(encodeNext)),
          deliver(next, mayStillSend),
        ])
        next = following
      }
    } catch (error) {
      // From here on nobody knows what of the sequences the brokers have.
      failure = error
      throw error
    }
  }

  return {
    async send(records, mayStillSend) {
      if (ended.signal.aborted) throw new RetriableError('The producer was disconnected')
      if (sending) throw new ConnectError('A producer has one send outstanding at a time')
      if (failure !== undefined)
        throw new RetriableError(`The producer must be made anew: ${messageOf(failure)}`, {
          cause: failure,
        })
      sending = sendAll(records, mayStillSend)
      try {
        await sending
      } finally {
        sending = undefined
      }
    },
    async disconnect() {
      ended.abort()
      cluster.close()
      await sending?.catch(() => undefined)
    },
  }
}
