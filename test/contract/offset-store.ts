import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { ConnectError, DataError, FencedError } from '../../lib/errors.ts'
import type { StoredOffset } from '../../lib/ports.ts'
import { type MakeStores, newName, TTL_MS, taken, testClock } from './made-stores.ts'

export function offsetStoreContract(name: string, makeStores: MakeStores): void {
  const at = (id: number): StoredOffset => ({
    partition: { table: 'orders' },
    offset: { id: BigInt(id) },
  })

  suite(`offset store on ${name}`, () => {
    test('nothing is stored for a connector that committed nothing', async () => {
      const { offsets } = await makeStores(testClock())

      assert.deepEqual(await offsets.read(newName()), [])
    })

    test('primitives come back exactly: integers as bigint, reals as number', async () => {
      const stores = await makeStores(testClock())
      const connector = newName()
      const lease = await taken(stores, { connector })
      const partition = { server: 'größe 🙂', shard: 7, real: 0.5, ok: true, none: null }
      const offset = {
        position: 42,
        min: -(2n ** 63n),
        max: 2n ** 63n - 1n,
        'beyond 2^53': 9_007_199_254_740_993n,
        huge: 1e21,
        digits: '9007199254740993',
        at: -1.5e-7,
        done: false,
        none: null,
        __proto: 'a "quoted"\n\\ text',
      }

      await stores.offsets.commit(lease, [{ partition, offset }])

      assert.deepEqual(await stores.offsets.read(connector), [
        { partition: { ...partition, shard: 7n }, offset: { ...offset, position: 42n } },
      ])
    })

    test('a commit replaces the offset of its partition and no other', async () => {
      const stores = await makeStores(testClock())
      const connector = newName()
      const lease = await taken(stores, { connector })
      const other = { partition: { table: 'customers' }, offset: { id: 7n } }
      await stores.offsets.commit(lease, [at(1), other])

      await stores.offsets.commit(lease, [at(2)])

      const stored = await stores.offsets.read(connector)
      assert.deepEqual(new Set(stored), new Set([at(2), other]))
    })

    test('maps with the same members are one partition, whatever their order; it is told as it came', async () => {
      const stores = await makeStores(testClock())
      const connector = newName()
      const lease = await taken(stores, { connector })

      await stores.offsets.commit(lease, [{ partition: { a: 1, b: 'x' }, offset: { id: 1 } }])
      await stores.offsets.commit(lease, [{ partition: { b: 'x', a: 1n }, offset: { id: 2 } }])
      const stored = await stores.offsets.read(connector)

      assert.deepEqual(stored, [{ partition: { b: 'x', a: 1n }, offset: { id: 2n } }])
      assert.deepEqual(Object.keys(stored[0]?.partition ?? {}), ['b', 'a'])
    })

    test('partitions that differ in a type only are two', async () => {
      const stores = await makeStores(testClock())
      const connector = newName()
      const lease = await taken(stores, { connector })

      await stores.offsets.commit(lease, [
        { partition: { a: 1 }, offset: { id: 1n } },
        { partition: { a: '1' }, offset: { id: 2n } },
        { partition: {}, offset: { id: 3n } },
      ])

      assert.equal((await stores.offsets.read(connector)).length, 3)
    })

    test('the same partition twice in one commit ends with the later offset', async () => {
      const stores = await makeStores(testClock())
      const connector = newName()
      const lease = await taken(stores, { connector })

      await stores.offsets.commit(lease, [at(1), at(3), at(2)])

      assert.deepEqual(await stores.offsets.read(connector), [at(2)])
    })

    test('partitions longer than a key are told apart', async () => {
      const stores = await makeStores(testClock())
      const connector = newName()
      const lease = await taken(stores, { connector })
      const long = (end: string) => ({
        partition: { filename: `/${'ä'.repeat(2_000)}/${end}` },
        offset: { position: 1n },
      })

      await stores.offsets.commit(lease, [long('a'), long('b')])
      await stores.offsets.commit(lease, [long('a')])

      const stored = await stores.offsets.read(connector)
      assert.deepEqual(new Set(stored), new Set([long('a'), long('b')]))
    })

    test('more offsets than a transaction takes are all committed', async () => {
      const stores = await makeStores(testClock())
      const connector = newName()
      const lease = await taken(stores, { connector })
      const many = Array.from({ length: 250 }, (_, task) => ({
        partition: { table: `table ${1000 + task}` },
        offset: { id: BigInt(task) },
      }))

      await stores.offsets.commit(lease, many)

      assert.deepEqual(await stores.offsets.read(connector), many)
    })

    test('large offsets are committed together', async () => {
      const stores = await makeStores(testClock())
      const connector = newName()
      const lease = await taken(stores, { connector })
      const large = Array.from({ length: 24 }, (_, table) => ({
        partition: { table: 10n + BigInt(table) },
        offset: { cursor: 'ä'.repeat(100_000) },
      }))

      await stores.offsets.commit(lease, large)

      assert.deepEqual(await stores.offsets.read(connector), large)
    })

    test('what is no offset is refused and named', async () => {
      const stores = await makeStores(testClock())
      const connector = newName()
      const lease = await taken(stores, { connector })
      const commit = (offset: unknown) =>
        // A plugin from outside may hand in anything.
        stores.offsets.commit(lease, [
          at(1),
          { partition: { a: 1 }, offset: offset as StoredOffset['offset'] },
        ])

      await assert.rejects(commit({ id: Number.NaN }), DataError)
      await assert.rejects(commit({ id: [1] }), {
        name: 'DataException',
        message: /^Offsets may only contain primitive types as values, but field id contains/,
      })
      await assert.rejects(commit({ id: 'x'.repeat(310_000) }), ConnectError)

      assert.deepEqual(await stores.offsets.read(connector), [])
    })

    test('the next holder reads what the one before committed', async () => {
      const clock = testClock()
      const stores = await makeStores(clock)
      const connector = newName()
      await stores.offsets.commit(await taken(stores, { connector }), [at(1)])
      clock.advance(TTL_MS)

      const next = await taken(stores, { connector, invocation: 'second' })
      await stores.offsets.commit(next, [at(2)])

      assert.deepEqual(await stores.offsets.read(connector), [at(2)])
    })

    test('a commit of an expired lease that nobody took is stored', async () => {
      const clock = testClock()
      const stores = await makeStores(clock)
      const connector = newName()
      const lease = await taken(stores, { connector })

      clock.advance(TTL_MS * 10)
      await stores.offsets.commit(lease, [at(1)])

      assert.deepEqual(await stores.offsets.read(connector), [at(1)])
    })

    test('a renewed lease commits as the one it was taken as', async () => {
      const clock = testClock()
      const stores = await makeStores(clock)
      const connector = newName()
      const lease = await taken(stores, { connector })
      const renewed = await stores.leases.renew(lease, TTL_MS)
      await stores.leases.claim(renewed, 'successor')

      await stores.offsets.commit(lease, [at(1)])
      await stores.offsets.commit(renewed, [at(2)])

      assert.deepEqual(await stores.offsets.read(connector), [at(2)])
    })

    const usurpations: readonly { title: string; invocation: string; generation: number }[] = [
      { title: 'another invocation', invocation: 'second', generation: 1 },
      { title: 'the same invocation in a later epoch', invocation: 'first', generation: 1 },
      { title: 'a new generation', invocation: 'second', generation: 2 },
    ]
    for (const { title, ...wish } of usurpations)
      test(`a commit is fenced once the lease is of ${title}, even if no offset was touched`, async () => {
        const clock = testClock()
        const stores = await makeStores(clock)
        const connector = newName()
        const lease = await taken(stores, { connector })
        clock.advance(TTL_MS)
        await taken(stores, { connector, ...wish })

        await assert.rejects(stores.offsets.commit(lease, [at(1)]), FencedError)
        await assert.rejects(stores.offsets.commit(lease, []), FencedError)

        assert.deepEqual(await stores.offsets.read(connector), [])
      })

    test('a commit is fenced once the lease is released or cleared away', async () => {
      const stores = await makeStores(testClock())
      const connector = newName()
      const lease = await taken(stores, { connector })
      await stores.leases.release(lease)

      await assert.rejects(stores.offsets.commit(lease, [at(1)]), FencedError)
      const unknown = { ...lease, connector: newName() }
      await assert.rejects(stores.offsets.commit(unknown, [at(1)]), FencedError)

      assert.deepEqual(await stores.offsets.read(connector), [])
      assert.deepEqual(await stores.offsets.read(unknown.connector), [])
    })

    test('commits and renewals at the same time all take place', async () => {
      const stores = await makeStores(testClock())
      const connector = newName()
      const lease = await taken(stores, { connector })
      const commits = Array.from({ length: 10 }, (_, id) =>
        stores.offsets.commit(lease, [{ partition: { id }, offset: { id } }]),
      )
      const renewals = Array.from({ length: 5 }, () => stores.leases.renew(lease, TTL_MS))

      await Promise.all([...commits, ...renewals])

      assert.equal((await stores.offsets.read(connector)).length, 10)
    })
  })
}
