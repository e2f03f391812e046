import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FencedError, RetriableError } from '../../lib/errors.ts'
import type { Leases, Ports } from '../../lib/ports.ts'
import { viewTask } from '../../lib/runtime/task-view.ts'
import { beginTenure } from '../../lib/runtime/tenure.ts'
import { portsForTest, runningConnector, tickingClock } from './ports-for-test.ts'

const EVENT = { connector: 'c', task: 0 }
const TTL_MS = 15_000

async function setUp(given: { renew?: Leases['renew']; remainingMs?: () => number } = {}) {
  const clock = tickingClock()
  const base = portsForTest({ clock })
  await runningConnector(base, 'c', {})
  const renewedAt: number[] = []
  const ports: Ports = {
    ...base,
    leases: {
      ...base.leases,
      async renew(...of) {
        renewedAt.push(clock.monotonic())
        return (given.renew ?? base.leases.renew)(...of)
      },
    },
  }
  const wish = { ...EVENT, owner: 'w', invocation: 'one', generation: 1, ttlMs: TTL_MS }
  const answer = await ports.leases.take({ ...wish, invocationEndsAt: clock.now() + 900_000 })
  const view = await viewTask(EVENT, ports)
  if (!('taken' in answer) || !view) throw new Error('nothing to hold')
  const invocation = { id: 'one', remainingMs: given.remainingMs ?? (() => 900_000) }
  const taken = { lease: answer.taken, takenAt: clock.monotonic() }
  const tenure = beginTenure(EVENT, view, taken, invocation, ports)
  return { clock, ports, tenure, renewedAt, lease: answer.taken }
}

test('a lease is renewed when it is due, not before and not after', async () => {
  const { clock, tenure, renewedAt } = await setUp()

  await clock.sleep(15_500)
  await tenure.finish()

  assert.deepEqual(renewedAt, [5_000, 10_000, 15_000])
  assert.equal(tenure.ending(), undefined)
})

test('a store that does not answer is asked again each second; three seconds before the lease ends nothing is sent any more', async () => {
  const { clock, tenure, renewedAt } = await setUp({
    renew: async () => {
      throw new RetriableError('the table is overloaded')
    },
  })

  await clock.sleep(11_999)
  assert.equal(tenure.mayStillSend(), true)
  assert.equal(tenure.ending(), undefined)
  await clock.sleep(1)
  assert.equal(tenure.mayStillSend(), false)
  await clock.sleep(1_000)

  assert.equal(tenure.ending(), 'fenced')
  assert.deepEqual(renewedAt.slice(0, 3), [5_000, 6_000, 7_000])
  await tenure.finish()
})

test('one renewal that fails ends nothing', async () => {
  let renewals = 0
  const { clock, tenure } = await setUp({
    async renew(lease) {
      if (++renewals === 1) throw new RetriableError('the table is overloaded')
      return lease
    },
  })

  await clock.sleep(30_000)

  assert.equal(tenure.ending(), undefined)
  assert.equal(tenure.mayStillSend(), true)
  await tenure.finish()
})

test('another owner ends it: nothing is sent from then on', async () => {
  const { clock, tenure } = await setUp({
    renew: async () => {
      throw new FencedError('another has it')
    },
  })

  await clock.sleep(5_100)

  assert.equal(tenure.ending(), 'fenced')
  assert.equal(tenure.mayStillSend(), false)
  assert.equal(tenure.signal.aborted, true)
  await tenure.finish()
})

test('a process that was frozen past its lease sends nothing before it has renewed it', async () => {
  const { clock, tenure } = await setUp()
  await clock.sleep(1_000)

  clock.freeze(TTL_MS)

  assert.equal(tenure.mayStillSend(), false)
  await tenure.finish()
})

test('a successor that claims ends it at the next renewal, and it may still send what is on its way', async () => {
  const { clock, ports, tenure, lease } = await setUp()

  await ports.leases.claim(lease, 'two')
  await clock.sleep(5_100)

  assert.equal(tenure.ending(), 'claimed')
  assert.equal(tenure.mayStillSend(), true)
  await tenure.finish()
})

test('time that is nearly up ends it', async () => {
  let leftMs = 900_000
  const { clock, tenure } = await setUp({ remainingMs: () => leftMs })
  await clock.sleep(2_000)
  assert.equal(tenure.ending(), undefined)

  leftMs = 14_999
  await clock.sleep(1_000)

  assert.equal(tenure.ending(), 'out of time')
  await tenure.finish()
})

test('the first reason to end stays', async () => {
  const { tenure } = await setUp()

  tenure.end('idle')
  tenure.end('fenced')

  assert.equal(tenure.ending(), 'idle')
  await tenure.finish()
})

test('nobody waits beyond its end: what comes first counts, and a failure before it is thrown', async () => {
  const { tenure } = await setUp()
  const never = new Promise<string>(() => undefined)

  assert.equal(await tenure.unlessEnded(Promise.resolve('page')), 'page')
  await assert.rejects(tenure.unlessEnded(Promise.reject(new Error('lost'))), /lost/)
  const waiting = tenure.unlessEnded(never)
  tenure.end('paused')
  assert.equal(await waiting, undefined)
  assert.equal(await tenure.unlessEnded(Promise.reject(new Error('too late'))), undefined)

  await tenure.finish()
})
