import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Rows } from '../../lib/store/rows.ts'
import { type Stores, storesOver } from '../../lib/store/stores.ts'
import { newName, taken, testClock } from './made-stores.ts'

export function connectorsContract(name: string, makeRows: () => Promise<Rows>): void {
  const wanted = (connector: string, change = {}) => ({
    name: connector,
    config: { 'connector.class': 'FileStreamSource', none: null },
    targetState: 'RUNNING' as const,
    version: 1,
    restarts: { connector: 1, tasks: { 1: 2 } },
    deleted: false,
    ...change,
  })
  const status = { state: 'RUNNING', workerId: 'w', version: '1', since: 0 } as const
  const makeStores = async (): Promise<Stores> => storesOver(await makeRows(), testClock())

  const filled = async (stores: Stores, connector: string, tasks: number, text = '') => {
    const row = await stores.configs.put(wanted(connector), undefined)
    const configs = Array.from({ length: tasks }, (_, task) => ({ task: String(task), text }))
    await stores.tasks.publish(connector, { generation: 1, version: 1, configs }, undefined)
    await stores.statuses.write(connector, 'connector', { ...status, generation: 1, restart: 0 })
    await stores.statuses.write(connector, 1, { ...status, generation: 1, restart: 2 })
    const lease = await taken(stores, { connector, task: 1 })
    return { row, lease, set: { generation: 1, version: 1, configs } }
  }

  suite(`views of connectors on ${name}`, () => {
    test('a view has the row, the tasks, the statuses and the leases, each as its store has it', async () => {
      const stores = await makeStores()
      const connector = newName()
      const { row, lease, set } = await filled(stores, connector, 11)

      const view = await stores.connectors.view(connector)

      assert.deepEqual(view, {
        row,
        tasks: set,
        statuses: await stores.statuses.read(connector),
        leases: [lease],
        groups: undefined,
      })
      assert.equal(view.statuses.size, 2)
    })

    test('one read answers it', async () => {
      const reads: string[] = []
      const rows = await makeRows()
      const counted: Rows = {
        ...rows,
        get: (key) => {
          reads.push(`get ${key.sk}`)
          return rows.get(key)
        },
        query: (pk, prefix) => {
          reads.push(`query ${prefix}`)
          return rows.query(pk, prefix)
        },
      }
      const connector = newName()
      await filled(storesOver(rows, testClock()), connector, 3)

      const view = await storesOver(counted, testClock()).connectors.view(connector)

      assert.equal(view?.tasks?.configs.length, 3)
      assert.deepEqual(reads, ['query '])
    })

    test('a connector that has just been made has neither tasks nor statuses', async () => {
      const stores = await makeStores()
      const connector = newName()
      const row = await stores.configs.put(wanted(connector), undefined)

      const view = await stores.connectors.view(connector)

      assert.deepEqual(view, {
        row,
        tasks: undefined,
        statuses: new Map(),
        leases: [],
        groups: undefined,
      })
    })

    test('where there is no such connector there is no view; a deleted one has one until it is cleared away', async () => {
      const stores = await makeStores()
      const connector = newName()
      for (const none of [connector, '', 'x'.repeat(5_000), 'a\ud800'])
        assert.equal(await stores.connectors.view(none), undefined)
      await filled(stores, connector, 2)
      await stores.configs.put(wanted(connector, { deleted: true }), 1)

      const deleted = await stores.connectors.view(connector)
      await stores.configs.remove(connector, 2)

      assert.deepEqual([deleted?.row.deleted, deleted?.tasks?.configs.length], [true, 2])
      assert.equal(await stores.connectors.view(connector), undefined)
    })

    test('a view of more than a megabyte is whole', async () => {
      const stores = await makeStores()
      const connector = newName()
      const { set } = await filled(stores, connector, 5, 'x'.repeat(280_000))

      const view = await stores.connectors.view(connector)

      assert.deepEqual(view?.tasks, set)
      assert.deepEqual([view?.statuses.size, view?.leases.length], [2, 1])
    })

    test('a view has the tasks of one publication while others replace them', async () => {
      const stores = await makeStores()
      const connector = newName()
      await stores.configs.put(wanted(connector), undefined)
      let publishing = true
      const publish = async () => {
        for (let generation = 1; generation <= 20; generation++) {
          const configs = Array.from({ length: 1 + (generation % 4) }, () => ({
            generation: String(generation),
          }))
          const seen = generation === 1 ? undefined : generation - 1
          await stores.tasks.publish(connector, { generation, version: 1, configs }, seen)
          await new Promise(setImmediate)
        }
        publishing = false
      }
      const seen: number[] = []
      const read = async () => {
        while (publishing) {
          const tasks = (await stores.connectors.view(connector))?.tasks
          const generation = tasks?.generation ?? 0
          if (tasks) assert.equal(tasks.configs.length, 1 + (generation % 4))
          for (const config of tasks?.configs ?? [])
            assert.equal(config.generation, String(generation))
          seen.push(generation)
          await new Promise(setImmediate)
        }
      }

      await Promise.all([publish(), read()])

      assert.ok(seen.length > 1)
      assert.deepEqual(
        seen,
        seen.toSorted((one, other) => one - other),
      )
    })
  })
}
