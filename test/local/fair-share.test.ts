import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fairShare, shareOf } from '../../lib/local/fair-share.ts'
import { sqliteRows } from '../../lib/local/sqlite-rows.ts'
import type { TaskEvent } from '../../lib/ports.ts'
import { storesOver } from '../../lib/store/stores.ts'
import { workerRows } from '../../lib/store/worker-rows.ts'
import { tickingClock } from '../runtime/ports-for-test.ts'

const TTL_MS = 15_000

function processes() {
  const clock = tickingClock()
  const rows = sqliteRows(':memory:')
  const { leases } = storesOver(rows, clock)
  const of = (id: string) => fairShare(id, workerRows(rows, clock), leases, clock)
  const takes = async (owner: string, task: number) => {
    const wish = { connector: 'c', task, owner, invocation: `${owner}-${task}`, generation: 1 }
    const answer = await leases.take({ ...wish, ttlMs: TTL_MS, invocationEndsAt: 0 })
    if (!('taken' in answer)) throw new Error('held')
    return answer.taken
  }
  const claimed = async () =>
    (await leases.list('c')).filter(({ claim }) => claim).map(({ task }) => task)
  return { clock, leases, one: of('one'), other: of('other'), takes, claimed }
}

for (const [count, processes, shares] of [
  [4, 3, [2, 1, 1]],
  [14, 3, [5, 5, 4]],
  [8, 7, [2, 1, 1, 1, 1, 1, 1]],
  [1, 2, [1, 0]],
  [6, 2, [3, 3]],
] as const)
  test(`${count} tasks among ${processes}: nobody is left without, nothing is left over`, () => {
    const ranks = Array.from({ length: processes }, (_, rank) => rank)

    assert.deepEqual(
      ranks.map((rank) => shareOf(count, { processes, rank })),
      shares,
    )
  })

test('all see one order of the processes', async () => {
  const { one, other } = processes()
  await one.beat()

  assert.deepEqual(await other.beat(), { processes: 2, rank: 1 })
  assert.deepEqual(await one.beat(), { processes: 2, rank: 0 })
})

const tasks = (count: number): TaskEvent[] =>
  Array.from({ length: count }, (_, task) => ({ connector: 'c', task }))

test('processes that live are counted; one that leaves is not, and neither is one that is silent for 6 s', async () => {
  const { clock, one, other } = processes()

  assert.equal((await one.beat()).processes, 1)
  assert.equal((await other.beat()).processes, 2)
  await other.leave()
  assert.equal((await one.beat()).processes, 1)
  await other.beat()
  await clock.sleep(6_001)
  assert.equal((await one.beat()).processes, 1)
})

test('who runs more than its share asks just so many to make way, once', async () => {
  const { one, takes, claimed } = processes()
  for (const { task } of tasks(4)) await takes('one', task)

  await one.makeWay(tasks(4), 2)
  await one.makeWay(tasks(4), 2)

  assert.deepEqual(await claimed(), [2, 3])
})

test('nobody is asked to make way within the share, nor for what others run', async () => {
  const { one, takes, claimed } = processes()
  await takes('one', 0)
  for (const task of [1, 2, 3]) await takes('other', task)

  await one.makeWay(tasks(4), 1)

  assert.deepEqual(await claimed(), [])
})

test('worth an attempt is what no other process holds: its own, what is given back, and what has expired', async () => {
  const { clock, leases, one, takes } = processes()
  await takes('other', 3)
  await clock.sleep(TTL_MS)
  await takes('one', 0)
  await takes('other', 1)
  await leases.release(await takes('other', 2))

  const free = await one.makeWay(tasks(5), 5)

  assert.deepEqual(
    free.map(({ task }) => task),
    [0, 2, 3, 4],
  )
})
