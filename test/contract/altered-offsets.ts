import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { ConflictError, DataError, FencedError } from '../../lib/errors.ts'
import type { Stores } from '../../lib/store/stores.ts'
import { type MakeStores, newName, TTL_MS, taken, testClock } from './made-stores.ts'

/** A connector that is stopped, and a task of it that goes on nevertheless. */
async function stopped(stores: Stores, targetState: 'STOPPED' | 'PAUSED' = 'STOPPED') {
  const connector = newName()
  const row = {
    name: connector,
    config: {},
    targetState,
    version: 1,
    restarts: { connector: 0, tasks: {} },
    deleted: false,
  }
  const { revision } = await stores.configs.put(row, undefined)
  return { connector, row, revision, lease: await taken(stores, { connector }) }
}

export function alteredOffsetsContract(name: string, makeStores: MakeStores): void {
  const at = (id: number) => ({ partition: { table: 'orders' }, offset: { id: BigInt(id) } })

  suite(`offsets altered from outside on ${name}`, () => {
    test('offsets of a stopped connector are altered and forgotten; of others nothing is', async () => {
      const stores = await makeStores(testClock())
      const { connector, revision, lease } = await stopped(stores)
      const of = (table: string, id: bigint) => ({
        partition: { table, shard: 1n },
        offset: { id },
      })
      await stores.offsets.commit(lease, [of('a', 1n), of('b', 1n), of('c', 1n)])

      await stores.offsets.alter(connector, revision, [
        of('a', 5n),
        { partition: { shard: 1, table: 'b' }, offset: null },
        { partition: { table: 'unknown' }, offset: null },
        of('d', 8n),
        of('d', 9n),
      ])

      assert.deepEqual(
        new Set(await stores.offsets.read(connector)),
        new Set([of('a', 5n), of('c', 1n), of('d', 9n)]),
      )
    })

    test('the values that are altered come back as those that are committed', async () => {
      const stores = await makeStores(testClock())
      const { connector, revision } = await stopped(stores)
      const offset = { max: 2n ** 63n - 1n, real: 0.5, text: 'ä', ok: true, none: null }

      await stores.offsets.alter(connector, revision, [{ partition: { p: 1 }, offset }])

      assert.deepEqual(await stores.offsets.read(connector), [{ partition: { p: 1n }, offset }])
    })

    test('all are forgotten, more than a transaction takes, and again when there are none', async () => {
      const stores = await makeStores(testClock())
      const { connector, revision, lease } = await stopped(stores)
      const many = Array.from({ length: 230 }, (_, id) => ({ partition: { id }, offset: { id } }))
      await stores.offsets.commit(lease, many)

      await stores.offsets.alter(connector, revision, 'forget all')
      assert.deepEqual(await stores.offsets.read(connector), [])

      await stores.offsets.alter(connector, revision, 'forget all')
      assert.deepEqual(await stores.offsets.read(connector), [])
    })

    test('more changes than a transaction takes are all made', async () => {
      const stores = await makeStores(testClock())
      const { connector, revision } = await stopped(stores)
      const many = Array.from({ length: 230 }, (_, id) => ({
        partition: { table: `table ${1000 + id}` },
        offset: { id: BigInt(id) },
      }))

      await stores.offsets.alter(connector, revision, many)

      assert.deepEqual(await stores.offsets.read(connector), many)
    })

    test('who held a lease and wakes up commits, renews and releases no more: of every task', async () => {
      const stores = await makeStores(testClock())
      const { connector, revision, lease } = await stopped(stores)
      const others = []
      for (let task = 1; task < 4; task++) others.push(await taken(stores, { connector, task }))

      await stores.offsets.alter(connector, revision, [at(1)])

      for (const one of [lease, ...others]) {
        await assert.rejects(stores.offsets.commit(one, [at(2)]), FencedError)
        await assert.rejects(stores.leases.renew(one, TTL_MS), FencedError)
        await stores.leases.release(one)
      }
      assert.deepEqual(await stores.offsets.read(connector), [at(1)])
    })

    test('the next holder is of a higher epoch, reads what was altered and goes on', async () => {
      const stores = await makeStores(testClock())
      const { connector, revision, lease } = await stopped(stores)
      await stores.offsets.alter(connector, revision, [at(5)])

      const next = await taken(stores, { connector, invocation: 'second', generation: 2 })
      assert.ok(next.epoch > lease.epoch + 1)
      await stores.offsets.commit(next, [at(6)])

      assert.deepEqual(await stores.offsets.read(connector), [at(6)])
    })

    test('leases of more tasks than a transaction takes are all fenced', async () => {
      const stores = await makeStores(testClock())
      const { connector, revision, lease } = await stopped(stores)
      const held = [lease]
      for (let task = 1; task < 120; task++) held.push(await taken(stores, { connector, task }))

      await stores.offsets.alter(connector, revision, [at(1)])

      const leases = await stores.leases.list(connector)
      assert.equal(leases.length, 120)
      assert.ok(leases.every(({ released }) => released))
      await assert.rejects(stores.offsets.commit(held[119] ?? lease, [at(2)]), FencedError)
    })

    test('of a connector that is not stopped, was changed, deleted or never was, nothing is altered and nobody fenced', async () => {
      const stores = await makeStores(testClock())
      const paused = await stopped(stores, 'PAUSED')
      const changed = await stopped(stores)
      await stores.configs.put({ ...changed.row, version: 2 }, changed.revision)
      const deleted = await stopped(stores)
      const gone = await stores.configs.put({ ...deleted.row, deleted: true }, deleted.revision)

      const alter = (connector: string, revision: number) =>
        stores.offsets.alter(connector, revision, [at(1)])
      await assert.rejects(alter(paused.connector, paused.revision), ConflictError)
      await assert.rejects(alter(changed.connector, changed.revision), ConflictError)
      await assert.rejects(alter(deleted.connector, deleted.revision), ConflictError)
      await assert.rejects(alter(deleted.connector, gone.revision), ConflictError)
      await assert.rejects(alter(newName(), 1), ConflictError)

      for (const { connector, lease } of [paused, changed, deleted]) {
        await stores.offsets.commit(lease, [at(2)])
        assert.deepEqual(await stores.offsets.read(connector), [at(2)])
      }
    })

    test('what cannot be stored is refused before anything is done', async () => {
      const stores = await makeStores(testClock())
      const { connector, revision, lease } = await stopped(stores)

      await assert.rejects(
        stores.offsets.alter(connector, revision, [
          at(1),
          { partition: { a: 1 }, offset: { id: Number.NaN } },
        ]),
        DataError,
      )

      await stores.offsets.commit(lease, [])
      assert.deepEqual(await stores.offsets.read(connector), [])
    })

    test('altered many times at once, and resumed meanwhile: each is done as a whole or refused', async () => {
      const stores = await makeStores(testClock())
      const { connector, row, revision } = await stopped(stores)
      const alteration = (to: number) => [
        { partition: { table: 'a' }, offset: { to: BigInt(to) } },
        { partition: { table: 'b' }, offset: { to: BigInt(to) } },
      ]
      const alterations = Array.from({ length: 6 }, (_, to) =>
        stores.offsets.alter(connector, revision, alteration(to)),
      )
      const resume = stores.configs.put({ ...row, targetState: 'RUNNING' }, revision)

      const outcomes = await Promise.allSettled(alterations)
      await resume

      const after = await stores.offsets.read(connector)
      assert.equal(new Set(after.map(({ offset }) => offset.to)).size, after.length > 0 ? 1 : 0)
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') assert.ok(outcome.reason instanceof ConflictError)
      await assert.rejects(stores.offsets.alter(connector, revision, [at(1)]), ConflictError)
    })

    test('a commit at the same time is stored before and replaced, or fenced', async () => {
      const stores = await makeStores(testClock())
      const { connector, revision, lease } = await stopped(stores)

      const [commit] = await Promise.allSettled([
        stores.offsets.commit(lease, [at(99), { partition: { table: 'new' }, offset: { id: 1 } }]),
        stores.offsets.alter(connector, revision, 'forget all'),
      ])

      assert.deepEqual(await stores.offsets.read(connector), [])
      if (commit.status === 'rejected') assert.ok(commit.reason instanceof FencedError)
    })
  })
}
