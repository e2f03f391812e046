import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Lease, Ports } from '../../lib/ports.ts'
import { takeLease } from '../../lib/runtime/lease-take.ts'
import { viewTask } from '../../lib/runtime/task-view.ts'
import { portsForTest, runningConnector, tickingClock } from './ports-for-test.ts'

const EVENT = { connector: 'c', task: 0 }
const TTL_MS = 15_000

async function setUp() {
  const clock = tickingClock()
  const ports = portsForTest({ clock })
  await runningConnector(ports, 'c', {})
  return { clock, ports }
}

/** The lease of an invocation of this length, as its task holds it once it is RUNNING. */
async function heldBy(
  ports: Ports,
  invocation: string,
  lengthMs: number,
  generation = 1,
): Promise<Lease> {
  const answer = await ports.leases.take({
    ...EVENT,
    owner: 'w',
    invocation,
    generation,
    ttlMs: lengthMs,
    invocationEndsAt: ports.clock.now() + lengthMs,
  })
  await ports.statuses.write('c', 0, {
    state: 'RUNNING',
    workerId: 'w',
    version: '1',
    since: 0,
    generation,
    restart: 0,
  })
  if ('taken' in answer) return answer.taken
  throw new Error('held')
}

const take = async (ports: Ports, id: string, remainingMs = () => 900_000) => {
  const view = await viewTask(EVENT, ports)
  if (!view) throw new Error('no such task')
  return takeLease(EVENT, view, { id, remainingMs }, ports)
}

test('a free lease is taken at once, with the time from which it counts', async () => {
  const { ports, clock } = await setUp()
  await clock.sleep(1_000)

  const taken = await take(ports, 'one')

  assert.equal(taken?.lease.invocation, 'one')
  assert.equal(taken.takenAt, 1_000)
  assert.equal(taken.lease.expiresAt, clock.now() + TTL_MS)
})

test('while another runs what is wanted it is not waited for', async () => {
  const { ports, clock } = await setUp()
  await heldBy(ports, 'one', 900_000)

  assert.equal(await take(ports, 'two'), undefined)
  assert.equal(clock.monotonic(), 0)
})

test('a holder whose time is nearly up is asked to make way and waited for', async () => {
  const { ports, clock } = await setUp()
  const lease = await heldBy(ports, 'one', 170_000)

  const waiting = take(ports, 'two')
  await clock.sleep(5_000)
  assert.equal((await ports.leases.list('c'))[0]?.claim, 'two')
  await ports.leases.release(lease)

  assert.equal((await waiting)?.lease.epoch, 2)
})

test('of several that come in the last minutes one waits, the others return at once', async () => {
  const { ports, clock } = await setUp()
  const lease = await heldBy(ports, 'one', 170_000)
  const waiting = take(ports, 'two')
  await clock.sleep(1_000)

  const third = await take(ports, 'three')

  assert.equal(third, undefined)
  await ports.leases.release(lease)
  assert.equal((await waiting)?.lease.invocation, 'two')
})

test('a holder of an older generation is waited for: it sees that it is over', async () => {
  const { ports, clock } = await setUp()
  const lease = await heldBy(ports, 'one', 900_000)
  await ports.tasks.publish('c', { generation: 2, version: 2, configs: [{}] }, 1)

  const waiting = take(ports, 'two')
  await clock.sleep(2_000)
  await ports.leases.release(lease)

  assert.equal((await waiting)?.lease.generation, 2)
})

test('one of a newer generation is in the way for good', async () => {
  const { ports } = await setUp()
  const view = await viewTask(EVENT, ports)
  const lease = await heldBy(ports, 'one', 900_000, 2)
  await ports.leases.release(lease)

  assert.ok(view)
  const invocation = { id: 'two', remainingMs: () => 900_000 }
  assert.equal(await takeLease(EVENT, view, invocation, ports), undefined)
})

test('nobody waits longer than a lease lasts for a holder that does not go', async () => {
  const { ports, clock } = await setUp()
  await heldBy(ports, 'one', 900_000)
  await ports.tasks.publish('c', { generation: 2, version: 2, configs: [{}] }, 1)

  assert.equal(await take(ports, 'two'), undefined)
  assert.ok(clock.monotonic() >= TTL_MS && clock.monotonic() < TTL_MS + 2_000)
})

test('an invocation whose own time is up does not wait', async () => {
  const { ports, clock } = await setUp()
  await heldBy(ports, 'one', 170_000)

  assert.equal(await take(ports, 'two', () => 0), undefined)
  assert.equal(clock.monotonic(), 0)
})
