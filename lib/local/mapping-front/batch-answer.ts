import type { KafkaEvent } from '../../data/kafka-event.ts'
import { RetriableError } from '../../errors.ts'
import { isObject } from './shape.ts'

/**
 * The first offset that a function's answer reports as failed, of an event of one partition; undefined when all is done.
 * @throws RetriableError for an answer that is malformed or names what was not in the event: the whole batch has failed then.
 */
export function firstFailed(answer: unknown, event: KafkaEvent): number | undefined {
  if (answer === null || answer === undefined || answer === '') return undefined
  if (!isObject(answer)) throw malformed(answer)
  const failures = answer.batchItemFailures ?? []
  if (!Array.isArray(failures)) throw malformed(answer)
  const offsets = failures.map((failure) => failedOffset(failure, event))
  return offsets.length === 0 ? undefined : Math.min(...offsets)
}

function failedOffset(failure: unknown, { records }: KafkaEvent): number {
  const identifier = isObject(failure) ? failure.itemIdentifier : undefined
  if (!isObject(identifier)) throw malformed(failure)
  const { partition, offset } = identifier
  const known = typeof partition === 'string' && Object.hasOwn(records, partition)
  const record = known && records[partition]?.find((one) => one.offset === offset)
  if (record) return record.offset
  const named = JSON.stringify(identifier)
  throw new RetriableError(`its answer names a record that was not in the batch: ${named}`)
}

const malformed = (part: unknown): RetriableError =>
  new RetriableError(`its answer is no list of failed records: ${JSON.stringify(part)}`)
