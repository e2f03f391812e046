import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, RetriableError } from '../../lib/errors.ts'
import { sqliteRows } from '../../lib/local/sqlite-rows.ts'
import type { TargetState } from '../../lib/ports.ts'
import { sinkTasks } from '../../lib/runtime/sink-task.ts'
import type { Rows } from '../../lib/store/rows.ts'
import { EVENT, eventOf, POISON, type SinkWorld, sinkWorld } from './scripted-sink.ts'
import { change, invocation, restarted } from './scripted-source.ts'

const deliver = ({ tasks }: SinkWorld, ...values: string[]) =>
  tasks.deliver('c', eventOf({ 't-0': values }), invocation('one'))

const statusOf = ({ ports }: SinkWorld) => ports.statuses.get('c', 0)

/** The rows change, the coordinator has the task look, and no earlier look serves any more. */
async function want(world: SinkWorld, targetState: TargetState): Promise<void> {
  await change(world.ports, { targetState })
  await world.tasks.prepare(EVENT)
}

/** Another task set, as after a change of the configuration. */
async function publish(world: SinkWorld, config: Readonly<Record<string, string>>): Promise<void> {
  const set = await world.ports.tasks.read('c')
  if (!set) throw new Error('no tasks')
  const configs = set.configs.map((one) => ({ ...one, ...config }))
  await world.ports.tasks.publish(
    'c',
    { ...set, generation: set.generation + 1, configs },
    set.generation,
  )
}

test('a batch is in the target when the delivery returns, each partition in order, and the task is RUNNING', async () => {
  const world = await sinkWorld()

  const event = eventOf({ 't-0': ['a', 'b'], 't-1': ['c'] })
  await world.tasks.deliver('c', event, invocation('one'))

  assert.deepEqual(world.target, ['a', 'b', 'c'])
  assert.equal((await statusOf(world))?.state, 'RUNNING')
})

test('partitions that are delivered at once share one started task', async () => {
  const world = await sinkWorld({ start: () => world.clock.sleep(100) })

  const one = eventOf({ 't-0': ['a'] })
  const other = eventOf({ 't-1': ['b'] })
  await Promise.all([
    world.tasks.deliver('c', one, invocation('one')),
    world.tasks.deliver('c', other, invocation('two')),
  ])

  assert.deepEqual(world.target.toSorted(), ['a', 'b'])
  assert.equal(world.counts.starts, 1)
})

test('a batch of two topics goes to the task that has each', async () => {
  const world = await sinkWorld()
  const [config] = (await world.ports.tasks.read('c'))?.configs ?? []
  const configs = ['t', '__proto__'].map((topics) => ({ ...config, topics }))
  await world.ports.tasks.publish('c', { generation: 2, version: 1, configs }, 1)

  const event = eventOf({ 't-0': ['a'], '__proto__-0': ['b'], 't-1': ['c'] })
  await world.tasks.deliver('c', event, invocation('one'))

  assert.deepEqual(world.target, ['a', 'c', 'b'])
  assert.equal(world.counts.starts, 2)
  assert.deepEqual(
    [...(await world.ports.statuses.read('c'))].map(([task, { state }]) => [task, state]),
    [
      [0, 'RUNNING'],
      [1, 'RUNNING'],
    ],
  )
})

test('a batch of a topic that no task has is refused, to come again', async () => {
  const world = await sinkWorld()

  const event = eventOf({ 'other-0': ['a'] })
  await assert.rejects(world.tasks.deliver('c', event, invocation('one')), RetriableError)

  assert.deepEqual(world.target, [])
})

test('paused it shows PAUSED and refuses; resumed it shows RUNNING and goes on with the task it had', async () => {
  const world = await sinkWorld()
  await deliver(world, 'a')

  await want(world, 'PAUSED')
  assert.equal((await statusOf(world))?.state, 'PAUSED')
  await assert.rejects(deliver(world, 'b'), /takes no records now: it is PAUSED/)

  await want(world, 'RUNNING')
  assert.equal((await statusOf(world))?.state, 'RUNNING')
  await deliver(world, 'b')
  assert.deepEqual(world.target, ['a', 'b'])
  assert.equal(world.counts.starts, 1)
})

for (const [title, to] of [
  ['stopped', { targetState: 'STOPPED' }],
  ['deleted', { deleted: true }],
] as const)
  test(`${title}, whichever task is named, it is ended`, async () => {
    const world = await sinkWorld()
    await deliver(world, 'a')
    await change(world.ports, to)

    await world.tasks.prepare({ connector: 'other', task: 0 })
    assert.equal(world.counts.stops, 0)
    await world.tasks.prepare({ connector: 'c', task: 7 })

    assert.equal(world.counts.stops, 1)
  })

test('a resume that only its batches tell of shows too', async () => {
  const world = await sinkWorld()
  await deliver(world, 'a')
  await want(world, 'PAUSED')
  await change(world.ports, { targetState: 'RUNNING' })
  await world.clock.sleep(1_001)

  await deliver(world, 'b')

  assert.equal((await statusOf(world))?.state, 'RUNNING')
})

for (const [title, to] of [
  ['stopped', { targetState: 'STOPPED' }],
  ['deleted', { deleted: true }],
] as const)
  test(`a batch for a connector that is ${title} is refused within a second, to come again`, async () => {
    const world = await sinkWorld()
    await deliver(world, 'a')
    await change(world.ports, to)
    await world.clock.sleep(1_001)

    await assert.rejects(deliver(world, 'b'), RetriableError)

    assert.deepEqual(world.target, ['a'])
  })

test('a record that cannot be converted fails the task: nothing of its batch is acknowledged, and nothing more is taken', async () => {
  const world = await sinkWorld()

  await assert.rejects(deliver(world, 'a', POISON, 'b'), /Tolerance exceeded/)
  await assert.rejects(deliver(world, 'c'), /its task 0 is FAILED/)

  assert.deepEqual(world.target, [])
  const status = await statusOf(world)
  assert.equal(status?.state, 'FAILED')
  assert.match(status?.trace ?? '', /it is poison/)
  assert.equal(world.counts.nudges, 1)
})

test('with errors.tolerance=all it is left out, and the others of its batch are delivered', async () => {
  const world = await sinkWorld({}, { 'errors.tolerance': 'all' })

  await deliver(world, 'a', POISON, 'b')

  assert.deepEqual(world.target, ['a', 'b'])
  assert.equal((await statusOf(world))?.state, 'RUNNING')
})

for (const tolerance of ['none', 'all'])
  test(`a record that the target refuses is reported: errors.tolerance=${tolerance}`, async () => {
    const world = await sinkWorld(
      {
        async put(records, { context }) {
          for (const record of records)
            if (record.value === 'bad') await context.reportErrant(record, new Error('too long'))
        },
      },
      { 'errors.tolerance': tolerance },
    )

    if (tolerance === 'all') await deliver(world, 'a', 'bad')
    else
      await assert.rejects(
        deliver(world, 'a', 'bad'),
        /stage TASK_PUT, class org\.apache\.kafka\.connect\.sink\.SinkTask/,
      )

    assert.equal((await statusOf(world))?.state, tolerance === 'all' ? 'RUNNING' : 'FAILED')
  })

test('a failed task takes batches again after its restart, started anew', async () => {
  let isBroken = true
  const world = await sinkWorld({
    put: () => {
      if (isBroken) throw new ConnectError('wrong type')
    },
  })
  await assert.rejects(deliver(world, 'a'), /wrong type/)
  isBroken = false
  await assert.rejects(deliver(world, 'a'), /FAILED/)

  await change(world.ports, restarted(1))
  await world.tasks.prepare(EVENT)
  await deliver(world, 'a')

  assert.deepEqual(world.target, ['a'])
  assert.equal((await statusOf(world))?.state, 'RUNNING')
  assert.deepEqual([world.counts.starts, world.counts.stops], [2, 1])
})

test('a target that is away for a while gets the batch again, as a delivery of its own each time; the status says so meanwhile', async () => {
  const ids = new Set<string>()
  const reasons: (string | undefined)[] = []
  const world = await sinkWorld({
    async put(_records, { batch, puts }) {
      ids.add(batch.id)
      reasons.push((await statusOf(world))?.reason)
      if (puts < 4) throw new RetriableError('connection refused')
    },
  })

  await deliver(world, 'a')

  assert.deepEqual(world.target, ['a'])
  assert.equal(ids.size, 4)
  assert.deepEqual(reasons.slice(1), Array(3).fill('puts the batch again: connection refused'))
  const status = await statusOf(world)
  assert.deepEqual([status?.state, status?.reason], ['RUNNING', undefined])
})

for (const [title, to] of [
  ['stopped', { targetState: 'STOPPED' }],
  ['deleted', { deleted: true }],
] as const)
  test(`a batch that the target got while its connector was ${title} does not come again, and nothing is wrong`, async () => {
    const world = await sinkWorld({ put: () => change(world.ports, to) })

    await deliver(world, 'a')

    assert.deepEqual(world.target, ['a'])
    assert.deepEqual(world.warnings, [])
  })

test('partitions of an invocation that are delivered at once are deliveries of their own', async () => {
  const ids: string[] = []
  const world = await sinkWorld({
    put(_records, { batch }) {
      ids.push(batch.id)
      return world.clock.sleep(1_000)
    },
  })
  const both = invocation('one')

  await Promise.all(
    ['t-0', 't-1'].map((part) => world.tasks.deliver('c', eventOf({ [part]: ['a'] }), both)),
  )

  assert.equal(new Set(ids).size, 2)
})

test('a batch that the target has does not come again for a status that cannot be written; the next batch writes it', async () => {
  let isThrottled = false
  const rows = sqliteRows(':memory:')
  const throttled: Rows = {
    ...rows,
    async get(key) {
      if (isThrottled) throw new RetriableError('throttled')
      return rows.get(key)
    },
  }
  const world = await sinkWorld(
    {
      put(_records, { puts }) {
        isThrottled = puts === 1
      },
    },
    {},
    [],
    throttled,
  )

  await deliver(world, 'a')
  assert.deepEqual(world.target, ['a'])
  assert.deepEqual(world.warnings, ['Could not write how a sink task stands: throttled'])

  isThrottled = false
  await deliver(world, 'b')
  assert.deepEqual(world.target, ['a', 'b'])
  assert.equal((await statusOf(world))?.state, 'RUNNING')
})

test('what a delivery told before its time was up is over with the next one that gets through', async () => {
  let isAway = true
  const world = await sinkWorld({
    put: () => {
      if (isAway) throw new RetriableError('connection refused')
    },
  })
  const remainingMs = () => 10_000 - world.clock.monotonic()
  const first = world.tasks.deliver('c', eventOf({ 't-0': ['a'] }), {
    id: 'one',
    remainingMs,
  })
  await assert.rejects(first, RetriableError)
  assert.ok(world.clock.monotonic() < 10_000)
  assert.match((await statusOf(world))?.reason ?? '', /connection refused/)

  isAway = false
  await deliver(world, 'a')

  const status = await statusOf(world)
  assert.deepEqual([status?.state, status?.reason], ['RUNNING', undefined])
})

for (const [title, changeRows] of [
  ['a pause', (world: SinkWorld) => change(world.ports, { targetState: 'PAUSED' })],
  ['a stop', (world: SinkWorld) => change(world.ports, { targetState: 'STOPPED' })],
  ['a restart', (world: SinkWorld) => change(world.ports, restarted(1))],
  ['another configuration', (world: SinkWorld) => publish(world, { 'redis.host': 'new' })],
] as const)
  test(`${title} ends the attempts at a batch, which is not acknowledged`, async () => {
    const world = await sinkWorld({
      put: () => {
        throw new RetriableError('connection refused')
      },
    })
    const delivery = deliver(world, 'a')
    const outcome = assert.rejects(delivery, RetriableError)
    await world.clock.sleep(3_000)

    await changeRows(world)
    await outcome

    assert.ok(world.clock.monotonic() < 15_000, `${world.clock.monotonic()} ms`)
  })

test('another configuration is used from the next batch on, and the old task is closed', async () => {
  const world = await sinkWorld()
  await deliver(world, 'a')
  await publish(world, { some: 'change' })
  await world.clock.sleep(1_001)

  await deliver(world, 'b')

  assert.deepEqual(world.target, ['a', 'b'])
  assert.deepEqual([world.counts.starts, world.counts.stops], [2, 1])
  assert.equal((await statusOf(world))?.generation, 2)
})

test('a reason that another delivery writes meanwhile stays when a last error is written beside it', async () => {
  const reason = 'puts the batch again: connection refused'
  const world = await sinkWorld(
    {
      async put() {
        const status = await statusOf(world)
        if (status) await world.ports.statuses.write('c', 0, { ...status, reason })
      },
    },
    { 'errors.tolerance': 'all' },
  )
  await world.tasks.prepare(EVENT)

  await deliver(world, 'a', POISON)

  const status = await statusOf(world)
  assert.equal(status?.reason, reason)
  assert.match(status?.lastError ?? '', /it is poison/)
})

test('what made a task FAILED is told on, also when the coordinator cannot be told', async () => {
  const world = await sinkWorld({
    put: () => {
      throw new ConnectError('wrong type')
    },
  })
  const { invoker } = world.ports
  const denied = { ...invoker, coordinator: () => Promise.reject(new Error('AccessDenied')) }
  const tasks = sinkTasks({ ...world.ports, invoker: denied }, world.plugins)

  await assert.rejects(deliver({ ...world, tasks }, 'a'), /wrong type/)

  assert.equal((await statusOf(world))?.state, 'FAILED')
  assert.match(world.warnings.join(), /^Nudging the coordinator failed, .*: AccessDenied$/)
})

test('a first start that fails makes the task FAILED', async () => {
  const world = await sinkWorld({
    start: () => {
      throw new RetriableError('connection refused')
    },
  })

  await world.tasks.prepare(EVENT)

  assert.equal((await statusOf(world))?.state, 'FAILED')
  assert.equal(world.counts.nudges, 1)
})

test('a container that cannot start a task that has run elsewhere says so and tries again with the next batch', async () => {
  const world = await sinkWorld({
    start: (starts) => {
      if (starts === 1) throw new RetriableError('connection refused')
    },
  })
  await world.ports.statuses.write('c', 0, {
    state: 'RUNNING',
    workerId: 'elsewhere',
    version: '7',
    since: 0,
    generation: 1,
    restart: 0,
  })

  await assert.rejects(deliver(world, 'a'), RetriableError)
  const told = await statusOf(world)
  assert.deepEqual([told?.state, told?.reason], ['RUNNING', 'cannot start now: connection refused'])
  await deliver(world, 'a')

  assert.deepEqual(world.target, ['a'])
  assert.equal((await statusOf(world))?.reason, undefined)
})

test('a task whose plugin is not a sink is FAILED, not woken for ever', async () => {
  const world = await sinkWorld({}, { 'connector.class': 'nope' })

  await world.tasks.prepare(EVENT)

  assert.equal((await statusOf(world))?.state, 'FAILED')
})

test('close stops what was started, also what is still starting', async () => {
  const world = await sinkWorld({ start: () => world.clock.sleep(100) })
  const delivery = deliver(world, 'a')
  await world.clock.sleep(50)

  await world.tasks.close()
  await delivery

  assert.deepEqual([world.counts.starts, world.counts.stops], [1, 1])
})

test('a delivery that is under way when its task is changed ends first, and is written once', async () => {
  const world = await sinkWorld({
    put: async (_records, { puts }) => {
      if (puts === 1) await world.clock.sleep(5_000)
      assert.equal(world.counts.stops, puts - 1, 'stopped in the midst of a put')
    },
  })
  const first = deliver(world, 'a')
  await world.clock.sleep(1_000)
  await publish(world, { some: 'change' })
  await world.clock.sleep(1_001)

  await Promise.all([first, deliver(world, 'b')])

  assert.deepEqual(world.target, ['a', 'b'])
})
