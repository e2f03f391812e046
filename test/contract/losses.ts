import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type MakeStores, newConnector, newName, taken, testClock } from './made-stores.ts'

export function lossesContract(name: string, makeStores: MakeStores): void {
  suite(`losses on ${name}`, () => {
    test('losses are counted by unit, and anew after a minute', async () => {
      const clock = testClock()
      const { losses, configs } = await makeStores(clock)
      const connector = await newConnector(configs)

      const first = await losses.count(connector, 'source-0', 'a')
      clock.advance(59_000)
      const second = await losses.count(connector, 'source-0', 'b')
      const other = await losses.count(connector, 'source-1', 'c')
      clock.advance(1_000)
      const later = await losses.count(connector, 'source-0', 'd')

      assert.deepEqual([first, second, other, later], [1, 2, 1, 1])
    })

    test('a loss that is told twice is counted once', async () => {
      const { losses, configs } = await makeStores(testClock())
      const connector = await newConnector(configs)

      const told = await Promise.all([
        losses.count(connector, 'source-0', 'a'),
        losses.count(connector, 'source-0', 'a'),
      ])
      const again = await losses.count(connector, 'source-0', 'a')

      assert.deepEqual([told.toSorted(), again], [[1, undefined], undefined])
    })

    test('of a connector that is not there, or deleted, nothing is counted, and a new one has none of its predecessor', async () => {
      const { losses, configs } = await makeStores(testClock())
      const connector = await newConnector(configs)
      await losses.count(connector, 'source-0', 'a')
      const row = await configs.get(connector)
      assert.ok(row)
      const deleted = await configs.put({ ...row, deleted: true }, row.revision)

      assert.equal(await losses.count(newName(), 'source-0', 'a'), undefined)
      assert.equal(await losses.count(connector, 'source-0', 'b'), undefined)
      await configs.remove(connector, deleted.revision)
      await configs.put(row, undefined)

      assert.equal(await losses.count(connector, 'source-0', 'a'), 1)
    })

    test('the lease of an invocation that died is given back, and no other', async () => {
      const stores = await makeStores(testClock())
      const connector = newName()
      const lease = await taken(stores, { connector, invocation: 'dead' })
      const releaseLost = (invocation: string, task = 0) =>
        stores.leases.releaseLost({ connector, task, invocation })

      assert.equal(await releaseLost('another'), undefined)
      assert.equal(await releaseLost('dead', 1), undefined)
      assert.deepEqual(await stores.leases.list(connector), [lease])
      const both = await Promise.all([releaseLost('dead'), releaseLost('dead')])

      assert.deepEqual(
        both.filter((one) => one !== undefined),
        [{ ...lease, released: true }],
      )
      assert.deepEqual(await stores.leases.list(connector), [{ ...lease, released: true }])
      const successor = await taken(stores, { connector, invocation: 'next' })
      assert.equal(await releaseLost('dead'), undefined)
      assert.deepEqual(await stores.leases.list(connector), [successor])
    })
  })
}
