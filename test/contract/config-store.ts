import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { ConfigError, ConflictError } from '../../lib/errors.ts'
import type { ConnectorRow } from '../../lib/ports.ts'
import type { Stores } from '../../lib/store/stores.ts'
import { type MakeStores, newName, taken, testClock } from './made-stores.ts'

export function configStoreContract(name: string, makeStores: MakeStores): void {
  const wanted = (connector: string, change: Partial<ConnectorRow> = {}) => ({
    name: connector,
    config: { 'connector.class': 'FileStreamSource', topic: 'Ünïcode \ud83d\ude42', none: null },
    targetState: 'RUNNING' as const,
    version: 1,
    restarts: { connector: 0, tasks: {} },
    deleted: false,
    ...change,
  })

  suite(`config store on ${name}`, () => {
    test('a connector comes back as it was put, with a revision', async () => {
      const { configs } = await makeStores(testClock())
      const connector = newName()
      const row = wanted(connector, { restarts: { connector: 2, tasks: { 0: 1, 12: 3 } } })

      const put = await configs.put(row, undefined)

      assert.deepEqual(put, { ...row, revision: 1 })
      assert.deepEqual(await configs.get(connector), put)
      const { name: _name, config: _config, ...target } = put
      assert.deepEqual(await configs.target(connector), target)
    })

    test('a lone surrogate in a config value comes back as it was put', async () => {
      const { configs } = await makeStores(testClock())
      const connector = newName()

      await configs.put(wanted(connector, { config: { odd: 'a\ud800b' } }), undefined)

      assert.deepEqual((await configs.get(connector))?.config, { odd: 'a\ud800b' })
    })

    test('an unknown connector is undefined', async () => {
      const { configs } = await makeStores(testClock())

      for (const connector of [newName(), '', 'x'.repeat(5_000), 'a\ud800']) {
        assert.equal(await configs.get(connector), undefined)
        assert.equal(await configs.target(connector), undefined)
      }
    })

    test('each put raises the revision and replaces config and target', async () => {
      const { configs } = await makeStores(testClock())
      const connector = newName()
      await configs.put(wanted(connector), undefined)

      const paused = await configs.put(
        wanted(connector, { config: { a: 'b' }, targetState: 'PAUSED', version: 2 }),
        1,
      )

      assert.equal(paused.revision, 2)
      assert.deepEqual(await configs.get(connector), paused)
      const target = await configs.target(connector)
      assert.deepEqual([target?.targetState, target?.version, target?.revision], ['PAUSED', 2, 2])
    })

    test('a put that is based on another revision is a conflict and changes nothing', async () => {
      const { configs } = await makeStores(testClock())
      const connector = newName()
      const first = await configs.put(wanted(connector), undefined)

      await assert.rejects(configs.put(wanted(connector, { version: 9 }), undefined), ConflictError)
      await assert.rejects(configs.put(wanted(connector, { version: 9 }), 2), ConflictError)
      await assert.rejects(configs.put(wanted(newName()), 1), ConflictError)

      assert.deepEqual(await configs.get(connector), first)
    })

    test('of two concurrent puts one is a conflict', async () => {
      const { configs } = await makeStores(testClock())
      const connector = newName()
      const race = async (seen: number | undefined) => {
        const puts = ['a', 'b'].map((a) => configs.put(wanted(connector, { config: { a } }), seen))
        const results = await Promise.allSettled(puts)
        const won = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
        const lost = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
        assert.deepEqual([won.length, lost.length], [1, 1])
        assert.ok(lost[0] instanceof ConflictError, String(lost[0]))
        assert.deepEqual(await configs.get(connector), won[0])
      }

      await race(undefined)
      await race(1)
    })

    test('connectors are listed by whether they are deleted', async () => {
      const { configs } = await makeStores(testClock())
      const living = [newName(), newName(), newName(), `a\u0000b ${newName()}`]
      const deleted = newName()
      for (const connector of [...living, deleted]) await configs.put(wanted(connector), undefined)

      await configs.put(wanted(deleted, { deleted: true }), 1)

      const listed = new Set(await configs.list())
      assert.deepEqual(
        living.filter((connector) => !listed.has(connector)),
        [],
      )
      assert.ok(!listed.has(deleted))
      const waiting = new Set(await configs.listDeleted())
      assert.ok(waiting.has(deleted))
      assert.ok(!living.some((connector) => waiting.has(connector)))
      const all = new Set(await configs.listAll())
      assert.ok([...living, deleted].every((connector) => all.has(connector)))
    })

    test('what cannot be stored is a ConfigError that says why', async () => {
      const { configs } = await makeStores(testClock())
      const connector = newName()
      const big = wanted(connector, { config: { sql: 'x'.repeat(300 * 1024) } })

      await assert.rejects(configs.put(big, undefined), (error: unknown) => {
        assert.ok(error instanceof ConfigError)
        assert.match(
          error.message,
          /configuration of connector .* bytes as JSON, and at most 307200/,
        )
        return true
      })
      for (const bad of ['', 'x'.repeat(1_025), 'a\ud800b'])
        await assert.rejects(configs.put(wanted(bad), undefined), ConfigError)
      assert.equal(await configs.get(connector), undefined)
    })

    test('a config of just under 300 KB and a name of 1,024 bytes are stored', async () => {
      const { configs } = await makeStores(testClock())
      const connector = `${newName()}${'x'.repeat(1_024)}`.slice(0, 1_000)
      const row = wanted(connector, { config: { sql: 'é'.repeat(153_000) } })

      const put = await configs.put(row, undefined)

      assert.deepEqual(await configs.get(connector), put)
      assert.ok((await configs.list()).includes(connector))
      await configs.put({ ...row, deleted: true }, 1)
      await configs.remove(connector, 2)
    })

    test('each version is kept with its time, the newest 20, newest first; other changes are none', async () => {
      const clock = testClock()
      const { configs } = await makeStores(clock)
      const connector = newName()
      const begunAt = clock.now()
      let row = await configs.put(wanted(connector, { config: { n: '1' } }), undefined)
      for (let version = 2; version <= 23; version++) {
        clock.advance(1_000)
        row = await configs.put({ ...row, version, config: { n: String(version) } }, row.revision)
        row = await configs.put({ ...row, targetState: 'PAUSED' }, row.revision)
      }

      const history = await configs.history(connector)

      const entry = (version: number) => ({
        version,
        modified: begunAt + (version - 1) * 1_000,
        config: { n: String(version) },
      })
      assert.deepEqual(
        history,
        Array.from({ length: 20 }, (_, at) => entry(23 - at)),
      )
      assert.deepEqual(await configs.configOf(connector, 4), entry(4))
      assert.equal(await configs.configOf(connector, 3), undefined)
      assert.equal(await configs.configOf(connector, 24), undefined)
    })

    test('a put that is a conflict leaves no version behind', async () => {
      const { configs } = await makeStores(testClock())
      const connector = newName()
      const first = await configs.put(wanted(connector), undefined)

      const puts = ['a', 'b', 'c'].map((a) =>
        configs.put({ ...first, version: 2, config: { a } }, first.revision),
      )
      await Promise.allSettled([...puts, configs.put(wanted(connector), undefined)])

      const row = await configs.get(connector)
      const history = await configs.history(connector)
      assert.deepEqual(
        history.map(({ version, config }) => [version, config]),
        [
          [2, row?.config],
          [1, first.config],
        ],
      )
    })

    test('the history goes with its connector: when it is cleared away, and when its name lives again', async () => {
      const { configs } = await makeStores(testClock())
      const connector = newName()
      const big = (at: number) => ({ secret: `${at} `.repeat(50_000) })
      let row = await configs.put(wanted(connector, { config: big(1) }), undefined)
      for (let version = 2; version <= 25; version++)
        row = await configs.put({ ...row, version, config: big(version) }, row.revision)

      row = await configs.put({ ...row, deleted: true }, row.revision)
      row = await configs.put({ ...row, deleted: false, version: 26, config: {} }, row.revision)
      const revived = await configs.history(connector)
      row = await configs.put({ ...row, deleted: true }, row.revision)
      await configs.remove(connector, row.revision)
      const cleared = await configs.history(connector)
      await configs.put(wanted(connector, { config: { new: 'life' } }), undefined)

      assert.deepEqual(
        revived.map(({ version, config }) => [version, config]),
        [[26, {}]],
      )
      assert.deepEqual(cleared, [])
      assert.deepEqual(
        (await configs.history(connector)).map(({ version, config }) => [version, config]),
        [[27, { new: 'life' }]],
      )
    })

    test('a name that cannot be has no history', async () => {
      const { configs } = await makeStores(testClock())

      for (const none of [newName(), '', 'a\ud800']) {
        assert.deepEqual(await configs.history(none), [])
        assert.equal(await configs.configOf(none, 1), undefined)
      }
    })

    const filled = async (stores: Stores, connector: string, tasks: number) => {
      const { configs, statuses, offsets } = stores
      await configs.put(wanted(connector), undefined)
      const set = Array.from({ length: tasks }, (_, task) => ({ task: String(task) }))
      await stores.tasks.publish(connector, { generation: 1, version: 1, configs: set }, undefined)
      const status = {
        state: 'RUNNING',
        workerId: 'w',
        version: '1',
        since: 0,
        restart: 0,
      } as const
      await statuses.write(connector, 'connector', { ...status, generation: 1 })
      await Promise.all(
        set.map((_, task) => statuses.write(connector, task, { ...status, generation: 1 })),
      )
      const lease = await taken(stores, { connector })
      await offsets.commit(lease, [{ partition: { table: 't' }, offset: { id: 5n } }])
      return lease
    }

    test('a deleted connector is cleared away with tasks, statuses and leases; offsets and epoch stay', async () => {
      const stores = await makeStores(testClock())
      const { configs, tasks, statuses, leases, offsets } = stores
      const connector = newName()
      const lease = await filled(stores, connector, 3)
      const { revision } = await configs.put(wanted(connector, { deleted: true }), 1)

      await configs.remove(connector, revision)

      assert.equal(await configs.get(connector), undefined)
      assert.equal(await configs.target(connector), undefined)
      assert.equal(await tasks.read(connector), undefined)
      assert.equal((await statuses.read(connector)).size, 0)
      assert.deepEqual(await leases.list(connector), [])
      assert.ok(!(await configs.list()).includes(connector))
      assert.ok(!(await configs.listDeleted()).includes(connector))
      assert.ok(!(await configs.listAll()).includes(connector))
      assert.deepEqual(await offsets.read(connector), [
        { partition: { table: 't' }, offset: { id: 5n } },
      ])
      const next = await taken(stores, { connector, generation: 2 })
      assert.equal(next.epoch, lease.epoch + 1)
      await configs.remove(connector, revision)
    })

    test('a connector with more rows than a transaction takes is cleared away', async () => {
      const stores = await makeStores(testClock())
      const { configs, tasks, statuses } = stores
      const connector = newName()
      await filled(stores, connector, 120)
      await configs.put(wanted(connector, { deleted: true }), 1)

      await configs.remove(connector, 2)

      assert.equal(await configs.get(connector), undefined)
      assert.equal(await tasks.generation(connector), undefined)
      assert.equal((await statuses.read(connector)).size, 0)
    })

    test('a connector that lives, or lives again, is not cleared away', async () => {
      const stores = await makeStores(testClock())
      const { configs, tasks, statuses } = stores
      const connector = newName()
      await filled(stores, connector, 1)

      await assert.rejects(configs.remove(connector, 1), ConflictError)
      await configs.put(wanted(connector, { deleted: true }), 1)
      const revived = await configs.put(wanted(connector, { version: 2 }), 2)
      await assert.rejects(configs.remove(connector, 2), ConflictError)
      await assert.rejects(configs.remove(connector, 3), ConflictError)

      assert.deepEqual(await configs.get(connector), revived)
      assert.equal((await tasks.read(connector))?.configs.length, 1)
      assert.equal((await statuses.read(connector)).size, 2)
    })

    test('numbers of a connector go on above those of a deleted one of its name', async () => {
      const stores = await makeStores(testClock())
      const { configs, tasks } = stores
      const connector = newName()
      await filled(stores, connector, 2)
      const set = { version: 1, configs: [{ a: 'b' }] }
      await tasks.publish(connector, { ...set, generation: 2 }, 1)
      await configs.put(wanted(connector, { version: 7 }), 1)
      await configs.put(wanted(connector, { version: 7, deleted: true }), 2)
      await configs.remove(connector, 3)

      const again = await configs.put(wanted(connector), undefined)
      await tasks.publish(connector, { ...set, generation: 1 }, undefined)

      assert.deepEqual([again.version, again.revision], [8, 4])
      assert.deepEqual(await configs.get(connector), again)
      assert.deepEqual(await tasks.generation(connector), { generation: 3, tasks: 1 })

      await configs.put({ ...again, deleted: true }, again.revision)
      await configs.remove(connector, again.revision + 1)
      const third = await configs.put(wanted(connector, { version: 100 }), undefined)
      assert.deepEqual([third.version, third.revision], [100, 6])
    })
  })
}
