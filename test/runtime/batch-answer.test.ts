import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KafkaEvent } from '../../lib/data/kafka-event.ts'
import { RetriableError } from '../../lib/errors.ts'
import type { Worker } from '../../lib/ports.ts'
import { answerFor } from '../../lib/runtime/batch-answer.ts'

const record = (partition: number, offset: number) => ({
  topic: 'orders',
  partition,
  offset,
  timestamp: 0,
  timestampType: 'CREATE_TIME' as const,
  headers: [],
})
const event: KafkaEvent = {
  eventSource: 'SelfManagedKafka',
  records: {
    'orders-0': [record(0, 5), record(0, 6)],
    'orders-1': [record(1, 8)],
  },
}

/** What was delivered together, and the lines of the log. */
function scene(of: {
  readonly partialAnswers?: true
  readonly failing?: readonly string[]
  readonly isRead?: boolean
}) {
  const delivered: string[][] = []
  const warnings: string[] = []
  const log = { info() {}, error() {}, warn: (line: string) => void warnings.push(line) }
  // Nothing else of a worker is looked at.
  const worker = { ...(of.partialAnswers && { partialAnswers: true }) } as Worker
  const answer = answerFor(
    event,
    { worker, log },
    async ({ records }) => {
      const keys = Object.keys(records)
      if (keys.some((key) => of.failing?.includes(key)))
        throw new RetriableError(`${keys} cannot be put`)
      delivered.push(keys)
    },
    async () => of.isRead,
  )
  return { answer, delivered, warnings }
}

test('where nobody reads answers a batch is delivered as one, and a failure is thrown', async () => {
  const whole = scene({})
  const failed = scene({ failing: ['orders-1'] })

  assert.equal(await whole.answer, undefined)
  assert.deepEqual(whole.delivered, [['orders-0', 'orders-1']])
  await assert.rejects(failed.answer, RetriableError)
})

test('where answers are read, a failed partition is given back from its first record on, and the others are done', async () => {
  const on = scene({ partialAnswers: true, failing: ['orders-0'], isRead: true })

  assert.deepEqual(await on.answer, {
    batchItemFailures: [
      { itemIdentifier: { partition: 'orders-0', offset: 5 } },
      { itemIdentifier: { partition: 'orders-0', offset: 6 } },
    ],
  })
  assert.deepEqual(on.delivered, [['orders-1']])
  assert.deepEqual(on.warnings, ['A partition is given back: orders-0 cannot be put'])
})

test('a mapping that does not read answers at this moment loses nothing: the failure is thrown', async () => {
  const on = scene({ partialAnswers: true, failing: ['orders-0'], isRead: false })

  await assert.rejects(on.answer, /orders-0 cannot be put/)
})

test('where answers are read, nothing is given back of a batch that was taken', async () => {
  const on = scene({ partialAnswers: true })

  assert.deepEqual(await on.answer, { batchItemFailures: [] })
})

test('a batch of which nothing was delivered is thrown, so that it counts as a failed call', async () => {
  const on = scene({ partialAnswers: true, failing: ['orders-0', 'orders-1'] })

  await assert.rejects(on.answer, /orders-0 cannot be put/)
})
