import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Status } from '../../lib/ports.ts'
import type { Stores } from '../../lib/store/stores.ts'
import { type MakeStores, newConnector, newName, rowNamed, testClock } from './made-stores.ts'

const FAILED: Status = {
  state: 'FAILED',
  workerId: 'w',
  version: '1',
  since: 0,
  generation: 1,
  restart: 0,
}

/** One table is shared by all tests: of the whole index only the own connector's entry counts. */
const entryOf = async ({ changes }: Stores, connector: string) =>
  (await changes.all()).find((entry) => entry.connector === connector)

export function changeIndexContract(name: string, makeStores: MakeStores): void {
  const settled = async (stores: Stores): Promise<string> => {
    const connector = await newConnector(stores.configs)
    await stores.changes.settle(await stores.changes.enter(connector))
    assert.equal(await stores.changes.get(connector), undefined)
    return connector
  }

  suite(`the change index on ${name}`, () => {
    test('every write of a connector’s row enters it, due at once, and a refused one does not', async () => {
      const clock = testClock()
      const stores = await makeStores(clock)
      const connector = await newConnector(stores.configs)
      const made = await entryOf(stores, connector)
      assert.deepEqual([made?.dueAt, made?.since, made?.attempts], [0, clock.now(), 0])
      assert.deepEqual(await stores.changes.get(connector), made)
      if (made) await stores.changes.settle(made)

      await assert.rejects(stores.configs.put(rowNamed(connector), 7))
      assert.equal(await entryOf(stores, connector), undefined)
      await stores.configs.put({ ...rowNamed(connector), deleted: true }, 1)

      assert.ok(await entryOf(stores, connector))
    })

    test('a task that FAILED enters its connector; any other status does not', async () => {
      const stores = await makeStores(testClock())
      const connector = await settled(stores)
      await stores.statuses.write(connector, 0, { ...FAILED, state: 'RUNNING' })
      await stores.statuses.write(connector, 'connector', FAILED)
      assert.equal(await stores.changes.get(connector), undefined)

      await stores.statuses.write(connector, 0, FAILED)

      assert.ok(await stores.changes.get(connector))
    })

    test('an entry that was written anew after it was seen is not settled', async () => {
      const stores = await makeStores(testClock())
      const connector = await newConnector(stores.configs)
      const seen = await stores.changes.enter(connector)
      await stores.configs.put(rowNamed(connector), 1)

      await stores.changes.settle(seen)
      await stores.changes.keep(seen, { dueAt: 42, attempts: 3 })

      const stays = await stores.changes.get(connector)
      assert.ok(stays && stays.token !== seen.token)
      assert.deepEqual([stays.dueAt, stays.attempts], [0, 0])
    })

    test('one that is kept is another from then on, due as was said; one that is gone comes back', async () => {
      const clock = testClock()
      const stores = await makeStores(clock)
      const connector = await newConnector(stores.configs)
      const seen = await stores.changes.enter(connector)
      clock.advance(1_000)

      await stores.changes.keep(seen, { dueAt: 42, attempts: 3 })
      const kept = await stores.changes.get(connector)
      assert.deepEqual([kept?.dueAt, kept?.attempts, kept?.since], [42, 3, clock.now()])
      await stores.changes.settle(seen)
      assert.deepEqual(await stores.changes.get(connector), kept)
      if (kept) await stores.changes.settle(kept)
      assert.equal(await stores.changes.get(connector), undefined)
      await stores.changes.keep(seen, { dueAt: 43, attempts: 0 })

      assert.equal((await stores.changes.get(connector))?.dueAt, 43)
    })

    test('entering what is entered leaves it as it is', async () => {
      const stores = await makeStores(testClock())
      const connector = newName()

      const [one, other] = [
        await stores.changes.enter(connector),
        await stores.changes.enter(connector),
      ]

      assert.deepEqual(one, other)
      await stores.changes.settle(one)
    })

    test('no connector can have an entry under a name that is none', async () => {
      const { changes } = await makeStores(testClock())

      for (const none of ['', 'x'.repeat(5_000), 'a\ud800'])
        assert.equal(await changes.get(none), undefined)
    })
  })
}
