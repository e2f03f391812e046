import type { KafkaRecord } from '../data/record.ts'
import { ConnectError, FencedError, isRetriable, messageOf, RetriableError } from '../errors.ts'
import type { Ports, Producer, TaskEvent } from '../ports.ts'
import type { DeadLetterQueue } from './dead-letters.ts'

/** Sends a sink task's dead letters, from one producer a container. */
export type DeadLetterSender = {
  /**
   * Resolves once Kafka has them: at least once, since they are sent again with a batch that is delivered again.
   * `mayStillSend` as of the producer. @throws RetriableError, ConnectError when Kafka refuses them for good.
   */
  send(letters: readonly KafkaRecord[], mayStillSend: () => boolean): Promise<void>
  close(): Promise<void>
}

type Waiting = {
  readonly letters: readonly KafkaRecord[]
  readonly mayStillSend: () => boolean
  readonly settle: PromiseWithResolvers<void>
}

export function deadLetterSender(
  { topic }: DeadLetterQueue,
  task: TaskEvent,
  { producers, metrics }: Pick<Ports, 'producers' | 'metrics'>,
): DeadLetterSender {
  let waiting: Waiting[] = []
  let working: Promise<void> | undefined
  let producer: Producer | undefined

  /** What comes while a call is outstanding goes out together with the next one. */
  async function work(): Promise<void> {
    while (waiting.length > 0) {
      const those = waiting
      waiting = []
      try {
        await sendAll(those)
        for (const { settle } of those) settle.resolve()
      } catch (cause) {
        await disconnect()
        for (const { settle, letters } of those) {
          metrics.add('deadletterqueue-produce-failures', letters.length, task)
          settle.reject(notProduced(topic, cause))
        }
      }
    }
    working = undefined
  }

  async function sendAll(those: readonly Waiting[]): Promise<void> {
    producer ??= await producers.connect(`connector-dlq-producer-${task.connector}-${task.task}`)
    await producer.send(
      those.flatMap(({ letters }) => letters),
      () => those.some(({ mayStillSend }) => mayStillSend()),
    )
  }

  /** Nobody knows what a producer that failed has sent: the next call has another. */
  async function disconnect(): Promise<void> {
    const failed = producer
    producer = undefined
    await failed?.disconnect()
  }

  return {
    async send(letters, mayStillSend) {
      if (letters.length === 0) return
      const settle = Promise.withResolvers<void>()
      waiting.push({ letters, mayStillSend, settle })
      working ??= work()
      await settle.promise
    },
    async close() {
      await working
      await disconnect()
    },
  }
}

function notProduced(topic: string, cause: unknown): ConnectError {
  // Fenced by its own time: the batch comes again.
  const Kind = isRetriable(cause) || cause instanceof FencedError ? RetriableError : ConnectError
  const text = `Could not produce message to dead letter queue. topic=${topic}`
  return new Kind(`${text}: ${messageOf(cause)}`, { cause })
}
