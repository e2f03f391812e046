import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FairShare } from '../../lib/local/fair-share.ts'
import { localTriggers } from '../../lib/local/triggers.ts'
import type { FailureRecord, TaskEvent } from '../../lib/ports.ts'
import { tickingClock } from '../runtime/ports-for-test.ts'

const task = (number: number): TaskEvent => ({ connector: 'c', task: number })

/** Source invocations go on until the test ends them. */
function setUp(
  given: {
    readonly fairShare?: Partial<FairShare>
    readonly leftovers?: (scheduled: readonly string[]) => Promise<readonly string[]>
    readonly failing?: boolean
  } = {},
) {
  const clock = tickingClock()
  const begun: number[] = []
  const nudges: unknown[] = []
  const errors: string[] = []
  const ends: (() => void)[] = []
  const left = { count: 0 }
  const nothing = () => undefined
  const triggers = localTriggers(
    () => ({
      async source(event, context) {
        begun.push(event.task)
        if (given.failing) throw new Error('out of memory')
        // As a source task does: it looks at its time, and ends by itself.
        const isOver = new Promise<void>((resolve) => ends.push(resolve))
        const timeIsUp = async () => {
          while (context.getRemainingTimeInMillis() > 0) await clock.sleep(500)
        }
        await Promise.race([isOver, timeIsUp()])
      },
      sink: async () => undefined,
      coordinator: async (event) => void nudges.push(event),
    }),
    {
      scheduleMs: 1_000,
      coordinatorMs: 2_000,
      fairShare: {
        beat: async () => ({ processes: 1, rank: 0 }),
        makeWay: async (scheduled) => scheduled,
        leave: async () => void left.count++,
        ...given.fairShare,
      },
      watchLevels: async () => undefined,
      leftovers: given.leftovers ?? (async () => []),
    },
    clock,
    { info: nothing, warn: nothing, error: (message) => void errors.push(message) },
  )
  return { triggers, clock, begun, nudges, errors, ends, left }
}

test('a schedule fires again and again, but never beside the invocation that it began', async () => {
  const { triggers, clock, begun, ends } = setUp()
  await triggers.schedules.ensure(task(0))
  await triggers.schedules.ensure(task(0))
  triggers.begin()

  await clock.sleep(5_500)
  assert.deepEqual(begun, [0])
  ends[0]?.()
  await clock.sleep(2_000)
  assert.deepEqual(begun, [0, 0])

  await triggers.close()
})

test('a schedule that is removed does not fire, and is not listed', async () => {
  const { triggers, clock, begun } = setUp()
  await triggers.schedules.ensure(task(0))
  await triggers.schedules.ensure(task(1))
  await triggers.schedules.remove(task(0))
  triggers.begin()

  await clock.sleep(1_500)

  assert.deepEqual(begun, [1])
  assert.deepEqual(await triggers.schedules.list('c'), [1])
  assert.deepEqual(await triggers.schedules.list('other'), [])
  await triggers.close()
})

test('of scheduled tasks no more are begun than the share allows; those that others hold take no room', async () => {
  const { triggers, clock, begun } = setUp({
    fairShare: {
      beat: async () => ({ processes: 2, rank: 0 }),
      makeWay: async (scheduled) => scheduled.filter((event) => event.task >= 2),
    },
  })
  for (const number of [0, 1, 2, 3]) await triggers.schedules.ensure(task(number))
  triggers.begin()

  await clock.sleep(3_500)
  await triggers.invoker.source(task(0))

  assert.deepEqual(begun, [2, 3])
  await triggers.close()
})

test('what has no schedule is invoked at once: a task is told to pause though the process is full', async () => {
  const { triggers, begun } = setUp()
  await triggers.schedules.ensure(task(0))
  await triggers.invoker.source(task(0))

  await triggers.invoker.source(task(1))

  assert.deepEqual(begun, [0, 1])
  await triggers.close()
})

test('a function that fails is logged with what it was called with, and invoked again by its schedule', async () => {
  const { triggers, clock, begun, errors } = setUp({ failing: true })
  await triggers.schedules.ensure(task(0))
  triggers.begin()

  await clock.sleep(2_500)

  assert.equal(begun.length, 3)
  assert.equal(errors[0], 'The source function failed: out of memory')
  await triggers.close()
})

test('an invocation that fails is told to the coordinator, as Lambda tells it', async () => {
  const { triggers, clock, nudges } = setUp({ failing: true })

  await triggers.invoker.source(task(3))
  await clock.sleep(10)

  const [record] = nudges
  const { requestContext, ...others } = record as FailureRecord
  assert.match(requestContext.requestId, /^[0-9a-f-]{36}$/)
  assert.deepEqual(
    { ...requestContext, requestId: 'x' },
    {
      requestId: 'x',
      functionArn: 'arn:aws:lambda:local:000000000000:function:source:$LATEST',
      condition: 'RetriesExhausted',
      approximateInvokeCount: 1,
    },
  )
  assert.deepEqual(others, {
    version: '1.0',
    timestamp: '2023-11-14T22:13:20.000Z',
    requestPayload: { connector: 'c', task: 3 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType: 'Error', errorMessage: 'out of memory' },
  })
  await triggers.close()
})

test('a store that fails for a while stops no schedule for good', async () => {
  let beats = 0
  const { triggers, clock, begun, errors } = setUp({
    fairShare: {
      async beat() {
        if (++beats === 1) throw new Error('the database is locked')
        return { processes: 1, rank: 0 }
      },
    },
  })
  await triggers.schedules.ensure(task(0))
  triggers.begin()

  await clock.sleep(1_500)

  assert.deepEqual(errors, ['A trigger failed: the database is locked'])
  assert.deepEqual(begun, [0])
  await triggers.close()
})

test('the coordinator ticks, and is asked for each connector that is gone but has something left here', async () => {
  const { triggers, clock, nudges } = setUp({
    leftovers: async (scheduled) => [...new Set(scheduled)],
  })
  await triggers.schedules.ensure(task(0))
  await triggers.schedules.ensure(task(1))
  triggers.begin()

  await clock.sleep(5_000)
  await triggers.close()

  // Each two seconds, and each ten.
  assert.deepEqual(nudges, [{}, { connector: 'c' }, {}, {}])
})

test('closing tells all that runs that its time is up, waits for it, and begins nothing more', async () => {
  const { triggers, clock, begun, left } = setUp()
  await triggers.schedules.ensure(task(0))
  triggers.begin()
  await clock.sleep(1_500)
  const beganAt = clock.monotonic()

  await triggers.close()
  await triggers.invoker.source(task(1))

  assert.ok(clock.monotonic() - beganAt <= 1_000)
  assert.deepEqual(begun, [0])
  assert.equal(left.count, 1)
})
