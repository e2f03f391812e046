import type { KafkaEvent } from '../data/kafka-event.ts'
import { messageOf } from '../errors.ts'
import type { Ports } from '../ports.ts'

/** What Lambda's poller reads of an answer: the records that are to be sent again. */
export type BatchAnswer = { readonly batchItemFailures: readonly Failure[] }

type Failure = {
  readonly itemIdentifier: {
    /** the key of the event's records: `topic-partition` */
    readonly partition: string
    readonly offset: number
  }
}

/**
 * Delivers an event and answers for it: as a whole, or, where the poller reads answers, for each partition apart.
 * @throws what the delivery threw, when nothing of the event was delivered
 */
export async function answerFor(
  event: KafkaEvent,
  { worker, log }: Pick<Ports, 'worker' | 'log'>,
  deliver: (event: KafkaEvent) => Promise<void>,
): Promise<BatchAnswer | undefined> {
  const partitions = Object.entries(event.records)
  if (!worker.partialAnswers || partitions.length === 1) {
    await deliver(event)
    return undefined
  }
  const outcomes = await Promise.allSettled(
    partitions.map(([key, records]) => deliver({ ...event, records: { [key]: records } })),
  )
  const errors = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  if (errors.length === partitions.length && errors.length > 0) throw errors[0]
  const batchItemFailures = partitions.flatMap(([partition, records], at): Failure[] => {
    const outcome = outcomes[at]
    if (outcome?.status !== 'rejected') return []
    const { reason } = outcome
    log.warn(`A partition is given back: ${messageOf(reason)}`, { partition, error: reason })
    // All of them: order is kept whether or not the later ones of a failed record come again by themselves.
    return records.map(({ offset }) => ({ itemIdentifier: { partition, offset } }))
  })
  return { batchItemFailures }
}
