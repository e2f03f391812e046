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
 * Delivers an event and answers for it: as a whole, or, where the deployment has its poller read answers, for each partition apart.
 * @param readsAnswers whether the poller does so at this moment: what is given back would be lost otherwise
 * @throws what the delivery threw, when nothing of the event was delivered or nobody reads the answer
 */
export async function answerFor(
  event: KafkaEvent,
  { worker, log }: Pick<Ports, 'worker' | 'log'>,
  deliver: (event: KafkaEvent) => Promise<void>,
  readsAnswers: () => Promise<boolean | undefined> | undefined,
): Promise<BatchAnswer | undefined> {
  const partitions = Object.entries(event.records)
  if (!worker.partialAnswers || partitions.length === 1) {
    await deliver(event)
    return undefined
  }
  const outcomes = await Promise.allSettled(
    partitions.map(([key, records]) => deliver({ ...event, records: { [key]: records } })),
  )
  const failed = partitions.flatMap(([partition, records], at) => {
    const outcome = outcomes[at]
    return outcome?.status === 'rejected' ? [{ partition, records, error: outcome.reason }] : []
  })
  const [first] = failed
  if (!first) return { batchItemFailures: [] }
  if (failed.length === partitions.length || !(await readsAnswers())) throw first.error
  for (const { partition, error } of failed)
    log.warn(`A partition is given back: ${messageOf(error)}`, { partition, error })
  // All of them: order is kept whether or not the later ones of a failed record come again by themselves.
  const batchItemFailures = failed.flatMap(({ partition, records }) =>
    records.map(({ offset }) => ({ itemIdentifier: { partition, offset } })),
  )
  return { batchItemFailures }
}
