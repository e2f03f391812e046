import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, RetriableError } from '../../lib/errors.ts'
import type { Lease } from '../../lib/ports.ts'
import { runSource } from '../../lib/runtime/source-task.ts'
import {
  change,
  EVENT,
  invocation,
  POISON,
  recordOf,
  restarted,
  rowsUpTo,
  sourceWorld,
  storedPosition,
  tableOf,
  type World,
} from './scripted-source.ts'

const run = ({ ports, plugins }: World, id = 'one', remainingMs?: () => number) =>
  runSource(EVENT, invocation(id, remainingMs), ports, plugins)

const statusOf = ({ ports }: World) => ports.statuses.get('c', 0)
const values = (count: number) => rowsUpTo(count).map(({ value }) => value)

const leaseOf = async ({ ports }: World): Promise<Lease> => {
  const [lease] = await ports.leases.list('c')
  if (!lease) throw new Error('there is no lease')
  return lease
}

const never = () => new Promise<never>(() => undefined)

test('a drained table is in Kafka and its offset stored; the lease is free and everything closed', async () => {
  const world = await sourceWorld({ poll: tableOf(rowsUpTo(12)) })

  await run(world)

  assert.deepEqual(world.kafka, values(12))
  assert.equal(await storedPosition(world.ports), 12)
  assert.equal((await leaseOf(world)).released, true)
  assert.equal((await statusOf(world))?.state, 'RUNNING')
  const { starts, stops, connects, disconnects } = world.counts
  assert.deepEqual([starts, stops, connects, disconnects], [1, 1, 1, 1])
})

for (const { idleTimeoutMs, stayedMs } of [
  { idleTimeoutMs: 0, stayedMs: 0 },
  { idleTimeoutMs: 30_000, stayedMs: 30_000 },
])
  test(`after it delivered it stays for an idle timeout of ${idleTimeoutMs} ms`, async () => {
    const world = await sourceWorld({ poll: tableOf(rowsUpTo(3)) }, { idleTimeoutMs })

    await run(world)

    const passedMs = world.clock.monotonic()
    assert.ok(passedMs >= stayedMs && passedMs <= stayedMs + 200, `${passedMs} ms`)
  })

test('with nothing to deliver it polls once, whatever the idle timeout', async () => {
  const world = await sourceWorld({ poll: () => [] }, { idleTimeoutMs: 30_000 })

  await run(world)

  assert.equal(world.counts.polls, 1)
})

test('with an idle timeout of -1 it stays until its time is up, and keeps its lease meanwhile', async () => {
  const world = await sourceWorld({ poll: () => [] }, { idleTimeoutMs: -1 })
  const remainingMs = () => 900_000 - world.clock.monotonic()

  await run(world, 'one', remainingMs)

  const passedMs = world.clock.monotonic()
  assert.ok(passedMs > 880_000 && passedMs <= 887_000, `${passedMs} ms`)
  assert.ok(world.counts.polls > 5_000)
  assert.equal((await leaseOf(world)).epoch, 1)
  assert.equal((await leaseOf(world)).released, true)
})

test('a pause ends the run: PAUSED, all that was sent is stored; a resume goes on after it', async () => {
  const world = await sourceWorld(
    { poll: tableOf(rowsUpTo(1_000), 1), send: () => world.clock.sleep(100) },
    { idleTimeoutMs: 0 },
  )
  const first = run(world)
  await world.clock.sleep(3_000)
  await change(world.ports, { targetState: 'PAUSED' })
  await first

  const sent = world.kafka.length
  assert.ok(sent > 20 && sent < 60, `${sent} sent`)
  assert.equal((await statusOf(world))?.state, 'PAUSED')
  assert.equal(await storedPosition(world.ports), sent)

  await change(world.ports, { targetState: 'RUNNING' })
  await run(world, 'two')
  assert.deepEqual(world.kafka, values(1_000))
  assert.equal((await statusOf(world))?.state, 'RUNNING')
})

test('a task that is made while its connector is PAUSED shows it, and starts nothing', async () => {
  const world = await sourceWorld({ poll: () => [] })
  await change(world.ports, { targetState: 'PAUSED' })

  await run(world)

  assert.equal((await statusOf(world))?.state, 'PAUSED')
  assert.equal(world.counts.starts, 0)
})

for (const [title, to] of [
  ['stopped', { targetState: 'STOPPED' }],
  ['deleted', { deleted: true }],
] as const)
  test(`a run of a connector that is ${title} ends, and its lease is free`, async () => {
    const world = await sourceWorld({ poll: () => [] }, { idleTimeoutMs: -1 })
    const running = run(world)
    await world.clock.sleep(2_000)

    await change(world.ports, to)
    await running

    assert.ok(world.clock.monotonic() < 4_000)
    assert.equal((await leaseOf(world)).released, true)
  })

for (const [title, doing] of [
  ['polls', 'poll'],
  ['starts', 'start'],
] as const)
  test(`a server that never answers while a task ${title} holds up no pause and no shutdown`, async () => {
    const world = await sourceWorld({
      poll: () => (doing === 'poll' ? never() : []),
      ...(doing === 'start' && { start: never }),
    })
    let isStopping = false
    const running = run(world, 'one', () => (isStopping ? 0 : 900_000))
    await world.clock.sleep(2_000)

    isStopping = true
    await running

    assert.equal((await leaseOf(world)).released, true)
    assert.ok(world.clock.monotonic() < 4_000)
  })

test('a shutdown in the middle of a page finishes it: sent once, its offset stored', async () => {
  let isStopping = false
  const world = await sourceWorld({
    poll: tableOf(rowsUpTo(100)),
    async send(_records, sends) {
      if (sends < 3) return
      isStopping = true
      await world.clock.sleep(4_000)
    },
  })

  await run(world, 'one', () => (isStopping ? 0 : 900_000))

  assert.equal(world.counts.sends, 3)
  assert.equal(await storedPosition(world.ports), 15)
  await run(world, 'two')
  assert.deepEqual(world.kafka, values(100))
})

test('a Kafka that does not answer is not waited for once the run has to end: no offset is stored, the lease is free', async () => {
  const world = await sourceWorld({ poll: tableOf(rowsUpTo(10)), send: never })
  let isStopping = false
  const running = run(world, 'one', () => (isStopping ? 0 : 900_000))
  await world.clock.sleep(2_000)

  isStopping = true
  await running

  assert.ok(world.clock.monotonic() < 13_000, `${world.clock.monotonic()} ms`)
  assert.equal(world.counts.disconnects, 1)
  assert.equal(await storedPosition(world.ports), undefined)
  assert.equal((await leaseOf(world)).released, true)
})

test('a record that cannot be converted fails the task; those before it are in Kafka and stored', async () => {
  const rows = [...rowsUpTo(7), recordOf(8, POISON), recordOf(9)]
  const world = await sourceWorld({ poll: tableOf(rows) })

  await run(world)

  assert.deepEqual(world.kafka, values(7))
  assert.equal(await storedPosition(world.ports), 7)
  const status = await statusOf(world)
  assert.equal(status?.state, 'FAILED')
  assert.match(status?.trace ?? '', /Tolerance exceeded(.|\n)*it is poison/)
  assert.equal(world.counts.nudges, 1)
})

test('with errors.tolerance=all such a record is left out and its offset moves on', async () => {
  const rows = [...rowsUpTo(4), recordOf(5, POISON)]
  const world = await sourceWorld(
    { poll: tableOf(rows) },
    { config: { 'errors.tolerance': 'all' } },
  )

  await run(world)

  assert.deepEqual(world.kafka, values(4))
  assert.equal(await storedPosition(world.ports), 5)
  assert.equal((await statusOf(world))?.state, 'RUNNING')
})

test('a failed task is not run again until its restart is asked for', async () => {
  let isBroken = true
  const world = await sourceWorld({
    poll: tableOf(rowsUpTo(3)),
    start: () => {
      if (isBroken) throw new ConnectError('no such table')
    },
  })
  await run(world)
  isBroken = false
  await run(world, 'two')
  assert.equal(world.counts.starts, 1)
  assert.equal((await statusOf(world))?.state, 'FAILED')

  await change(world.ports, restarted(1))
  await run(world, 'three')

  assert.equal((await statusOf(world))?.state, 'RUNNING')
  assert.deepEqual(world.kafka, values(3))
})

test('an invocation that waited for the lease while the task failed does not run it', async () => {
  const world = await sourceWorld({
    poll: () => [],
    async start() {
      await world.clock.sleep(3_000)
      throw new ConnectError('no such table')
    },
  })

  // The second finds no status yet and waits.
  await Promise.all([run(world), run(world, 'two')])

  assert.equal(world.counts.starts, 1)
  assert.equal((await statusOf(world))?.state, 'FAILED')
})

test('a task that FAILED ends its run in peace, also when the coordinator cannot be told', async () => {
  const world = await sourceWorld({
    poll: () => {
      throw new ConnectError('no such table')
    },
  })
  const coordinator = () => Promise.reject(new Error('AccessDenied'))
  const ports = { ...world.ports, invoker: { ...world.ports.invoker, coordinator } }

  await runSource(EVENT, invocation('one'), ports, world.plugins)

  assert.match((await statusOf(world))?.reason ?? '', /no such table/)
})

test('a first start that could heal is tried three times before the task is FAILED', async () => {
  const world = await sourceWorld({
    poll: () => [],
    start: () => {
      throw new RetriableError('no route to host')
    },
  })

  await run(world)

  assert.equal(world.counts.starts, 3)
  assert.equal((await statusOf(world))?.state, 'FAILED')
})

test('once it has run, a fault that can heal never fails it: it says so and starts again from the stored offset', async () => {
  const reasons: (string | undefined)[] = []
  const world = await sourceWorld({
    poll: tableOf(rowsUpTo(20)),
    async start(starts) {
      if (starts > 1) reasons.push((await statusOf(world))?.reason)
      if (starts > 1 && starts < 8) throw new RetriableError('no route to host')
    },
    send: (_records, sends) => {
      if (sends === 3) throw new RetriableError('the broker is gone')
    },
  })

  await run(world)

  assert.deepEqual(world.kafka, values(20))
  assert.equal(reasons[0], 'starts again: the broker is gone')
  assert.equal(reasons[1], 'starts again: no route to host')
  const status = await statusOf(world)
  assert.deepEqual([status?.state, status?.reason], ['RUNNING', undefined])
})

test('what went wrong stands until Kafka has taken something again, not until a new start alone', async () => {
  const reasons: (string | undefined)[] = []
  const world = await sourceWorld({
    poll: tableOf(rowsUpTo(20)),
    async send(_records, sends) {
      if (sends > 2) reasons.push((await statusOf(world))?.reason)
      if (sends > 1 && sends < 5) throw new RetriableError('the broker is gone')
    },
  })

  await run(world)

  const wrong = 'starts again: the broker is gone'
  assert.deepEqual(reasons, [wrong, wrong, wrong, undefined, undefined])
  assert.deepEqual(world.kafka, values(20))
})

test('while Kafka does not answer, the status says so, and no more once it has', async () => {
  const reasons: (string | undefined)[] = []
  const world = await sourceWorld({
    poll: tableOf(rowsUpTo(20)),
    async send(_records, sends) {
      if (sends !== 2) return
      for (let seconds = 0; seconds < 20; seconds += 10) {
        await world.clock.sleep(10_000)
        reasons.push((await statusOf(world))?.reason)
      }
    },
  })

  await run(world)

  const waits = 'waits for Kafka: no answer to a request for 5 s'
  assert.deepEqual(reasons, [waits, waits])
  const status = await statusOf(world)
  assert.deepEqual([status?.state, status?.reason], ['RUNNING', undefined])
})

for (const doing of ['poll', 'send', 'commit'] as const)
  test(`a fault of ${doing} that can heal loses nothing and keeps the order`, async () => {
    let left = 2
    const failAtTimes = () => {
      if (left-- > 0) throw new RetriableError('not now')
    }
    const world = await sourceWorld({
      poll(from, calls) {
        if (doing === 'poll' && calls % 2 === 0) failAtTimes()
        return tableOf(rowsUpTo(30))(from)
      },
      send(_records, sends) {
        if (doing === 'send' && sends % 2 === 0) failAtTimes()
      },
    })
    const { offsets } = world.ports
    const ports = {
      ...world.ports,
      offsets: {
        ...offsets,
        async commit(...given: Parameters<typeof offsets.commit>) {
          if (doing === 'commit') failAtTimes()
          return offsets.commit(...given)
        },
      },
    }

    await run({ ...world, ports })

    assert.ok(left < 0)
    assert.deepEqual([...new Set(world.kafka)], values(30))
    assert.equal(await storedPosition(ports), 30)
  })

test('a restart of a running task ends its run, and the next one goes on after it', async () => {
  const world = await sourceWorld(
    { poll: tableOf(rowsUpTo(1_000), 1), send: () => world.clock.sleep(100) },
    { idleTimeoutMs: 0 },
  )
  const first = run(world)
  await world.clock.sleep(3_000)
  await change(world.ports, restarted(1))

  await Promise.all([first, run(world, 'two')])

  assert.deepEqual(world.kafka, values(1_000))
  assert.equal((await statusOf(world))?.restart, 1)
  assert.equal((await leaseOf(world)).epoch, 2)
})

test('in the last three minutes of an invocation the next one takes over at once, without a gap and without doubles', async () => {
  const world = await sourceWorld(
    { poll: tableOf(rowsUpTo(1_700), 1), send: () => world.clock.sleep(500) },
    { idleTimeoutMs: 0 },
  )
  const endsAt = (at: number) => () => at - world.clock.monotonic()
  const first = run(world, 'one', endsAt(900_000))
  await world.clock.sleep(600_000)
  await run(world, 'early', endsAt(1_500_000))
  assert.equal((await leaseOf(world)).invocation, 'one')
  await world.clock.sleep(150_000)

  const second = run(world, 'late', endsAt(1_650_000))
  await first
  const handedOverAt = world.clock.monotonic()
  await second

  assert.ok(handedOverAt < 757_000, `${handedOverAt} ms`)
  assert.deepEqual(world.kafka, values(1_700))
})

test('a status that was refused ends the run: somebody has seen more', async () => {
  const world = await sourceWorld({
    poll: tableOf(rowsUpTo(3)),
    async start() {
      const status = await world.ports.statuses.get('c', 0)
      await world.ports.statuses.write('c', 0, {
        workerId: 'w',
        version: '7',
        since: 0,
        ...status,
        state: 'FAILED',
        generation: 1,
        restart: 0,
      })
    },
  })

  await run(world)

  assert.deepEqual(world.kafka, [])
  assert.equal((await leaseOf(world)).released, true)
})

test('a task whose plugin is not a source is FAILED, not tried for ever', async () => {
  const world = await sourceWorld({ poll: () => [] }, { config: { 'connector.class': 'nope' } })

  await run(world)

  const status = await statusOf(world)
  assert.equal(status?.state, 'FAILED')
  assert.match(status?.trace ?? '', /nope/)
  assert.equal((await leaseOf(world)).released, true)
})
