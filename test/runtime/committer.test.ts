import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FencedError } from '../../lib/errors.ts'
import type { Lease, OffsetStore, StoredOffset } from '../../lib/ports.ts'
import { committer } from '../../lib/runtime/committer.ts'
import { tickingClock } from './ports-for-test.ts'

const INTERVAL_MS = 1_000

const LEASE: Lease = {
  connector: 'c',
  task: 0,
  owner: 'w',
  invocation: 'i',
  epoch: 1,
  generation: 1,
  expiresAt: 0,
  invocationEndsAt: 0,
  released: false,
}

const offset = (table: string, n: number | bigint): StoredOffset => ({
  partition: { table },
  offset: { n },
})

/** A store that answers a commit when the test says so. */
function slowStore() {
  const commits: (readonly StoredOffset[])[] = []
  const answers: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = []
  const store: Pick<OffsetStore, 'commit'> = {
    commit(_lease, offsets) {
      commits.push(offsets)
      return new Promise((resolve, reject) => answers.push({ resolve, reject }))
    },
  }
  return { store, commits, answers }
}

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}

test('what was acknowledged is stored after the interval, though nothing more comes', async () => {
  const clock = tickingClock()
  const { store, commits, answers } = slowStore()
  const commitsOf = committer(store, LEASE, INTERVAL_MS, clock)

  commitsOf.acknowledge([offset('t', 1)])
  await turns(5)

  assert.deepEqual(commits, [[offset('t', 1)]])
  assert.equal(clock.monotonic(), INTERVAL_MS)
  answers[0]?.resolve()
})

test('of several offsets of a partition the newest is stored, in one commit', async () => {
  const { store, commits, answers } = slowStore()
  const commitsOf = committer(store, LEASE, INTERVAL_MS, tickingClock())

  commitsOf.acknowledge([offset('t', 1), offset('u', 1)])
  commitsOf.acknowledge([offset('t', 2)])
  const flushed = commitsOf.flush()
  await turns(2)
  answers[0]?.resolve()
  await flushed

  assert.deepEqual(commits, [[offset('t', 2), offset('u', 1)]])
})

test('an offset that comes while an older one is being stored is stored after it, never beside it', async () => {
  const { store, commits, answers } = slowStore()
  const commitsOf = committer(store, LEASE, INTERVAL_MS, tickingClock())
  commitsOf.acknowledge([offset('t', 1)])
  await turns(5)

  commitsOf.acknowledge([offset('t', 2)])
  const flushed = commitsOf.flush()
  await turns(5)
  assert.equal(commits.length, 1)
  answers[0]?.resolve()
  await turns(5)
  answers[1]?.resolve()
  await flushed

  assert.deepEqual(commits, [[offset('t', 1)], [offset('t', 2)]])
})

test('a flush does not wait for the interval, and takes none when there is nothing to store', async () => {
  const clock = tickingClock()
  const { store, commits, answers } = slowStore()
  const commitsOf = committer(store, LEASE, INTERVAL_MS, clock)
  await commitsOf.flush()

  commitsOf.acknowledge([offset('t', 1)])
  const flushed = commitsOf.flush()
  await turns(1)
  answers[0]?.resolve()
  await flushed

  assert.equal(commits.length, 1)
  assert.equal(clock.monotonic(), 0)
})

test('a commit that failed in the background fails the next acknowledgement and the flush, and nothing more is stored', async () => {
  const { store, commits, answers } = slowStore()
  const commitsOf = committer(store, LEASE, INTERVAL_MS, tickingClock())
  commitsOf.acknowledge([offset('t', 1)])
  await turns(5)

  answers[0]?.reject(new FencedError('another has it'))
  await turns(5)

  assert.throws(() => commitsOf.acknowledge([offset('t', 2)]), FencedError)
  await assert.rejects(commitsOf.flush(), FencedError)
  assert.equal(commits.length, 1)
})

test('partitions are told apart by their members, not by the order of these', async () => {
  const { store, commits, answers } = slowStore()
  const commitsOf = committer(store, LEASE, INTERVAL_MS, tickingClock())

  commitsOf.acknowledge([
    { partition: { a: 1, b: 'x' }, offset: { n: 1 } },
    { partition: { b: 'x', a: 1 }, offset: { n: 2 } },
    { partition: { a: 1n, b: 'x' }, offset: { n: 3 } },
  ])
  const flushed = commitsOf.flush()
  await turns(2)
  answers[0]?.resolve()
  await flushed

  assert.deepEqual(
    commits[0]?.map(({ offset: { n } }) => n),
    [2, 3],
  )
})
