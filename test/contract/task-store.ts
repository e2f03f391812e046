import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { ConfigError, ConflictError } from '../../lib/errors.ts'
import { type MakeStores, newName, testClock } from './made-stores.ts'

export function taskStoreContract(name: string, makeStores: MakeStores): void {
  const setOf = (generation: number, tasks: number, version = generation) => ({
    generation,
    version,
    configs: Array.from({ length: tasks }, (_, task) => ({
      task: String(task),
      generation: String(generation),
      none: null,
    })),
  })

  suite(`task store on ${name}`, () => {
    test('what was never published is undefined', async () => {
      const { tasks } = await makeStores(testClock())
      const connector = newName()

      assert.equal(await tasks.read(connector), undefined)
      assert.equal(await tasks.readTask(connector, 0), undefined)
      assert.equal(await tasks.generation(connector), undefined)
    })

    test('a set comes back in the order of its tasks, as a whole and one by one', async () => {
      const { tasks } = await makeStores(testClock())
      const connector = newName()
      const set = setOf(1, 12, 4)

      await tasks.publish(connector, set, undefined)

      assert.deepEqual(await tasks.read(connector), set)
      assert.deepEqual(await tasks.readTask(connector, 11), {
        generation: 1,
        version: 4,
        config: set.configs[11],
      })
      assert.equal(await tasks.readTask(connector, 12), undefined)
      assert.deepEqual(await tasks.generation(connector), { generation: 1, tasks: 12 })
    })

    test('a set replaces the one before, also by a smaller one and by none', async () => {
      const { tasks } = await makeStores(testClock())
      const connector = newName()
      await tasks.publish(connector, setOf(1, 3), undefined)

      await tasks.publish(connector, setOf(2, 1), 1)
      const smaller = await tasks.read(connector)
      const gone = await tasks.readTask(connector, 1)
      await tasks.publish(connector, setOf(3, 0), 2)

      assert.deepEqual([smaller, gone], [setOf(2, 1), undefined])
      assert.deepEqual(await tasks.read(connector), setOf(3, 0))
      assert.deepEqual(await tasks.generation(connector), { generation: 3, tasks: 0 })
    })

    test('a publication that is based on another generation is a conflict and changes nothing', async () => {
      const { tasks } = await makeStores(testClock())
      const connector = newName()
      await tasks.publish(connector, setOf(1, 2), undefined)
      await tasks.publish(connector, setOf(2, 2), 1)

      for (const seen of [undefined, 1, 3])
        await assert.rejects(tasks.publish(connector, setOf(9, 1), seen), ConflictError)
      await assert.rejects(tasks.publish(newName(), setOf(2, 1), 1), ConflictError)

      assert.deepEqual(await tasks.read(connector), setOf(2, 2))
    })

    test('of concurrent publications one wins as a whole', async () => {
      const { tasks } = await makeStores(testClock())
      const connector = newName()
      await tasks.publish(connector, setOf(1, 5), undefined)
      const rivals = [10, 20, 30, 40].map((version) => ({
        generation: 2,
        version,
        configs: [1, 2, 3].map(() => ({ version: String(version) })),
      }))

      const results = await Promise.allSettled(
        rivals.map((set) => tasks.publish(connector, set, 1)),
      )

      const winners = rivals.filter((_, at) => results[at]?.status === 'fulfilled')
      assert.equal(winners.length, 1)
      for (const result of results)
        if (result.status === 'rejected') assert.ok(result.reason instanceof ConflictError)
      assert.deepEqual(await tasks.read(connector), winners[0])
    })

    test('a reader sees all of the old set or all of the new one', async () => {
      const { tasks } = await makeStores(testClock())
      const connector = newName()
      await tasks.publish(connector, setOf(1, 2), undefined)
      // Where rows answer at once, one lets the other go on by an immediate.
      let publishing = true
      const publish = async () => {
        for (let generation = 2; generation <= 20; generation++) {
          await tasks.publish(connector, setOf(generation, 1 + (generation % 4)), generation - 1)
          await new Promise(setImmediate)
        }
        publishing = false
      }
      const generations: number[] = []
      const read = async () => {
        while (publishing) {
          const set = await tasks.read(connector)
          assert.deepEqual(set, setOf(set?.generation ?? 0, 1 + ((set?.generation ?? 0) % 4)))
          generations.push(set?.generation ?? 0)
          const one = await tasks.readTask(connector, 0)
          assert.equal(one?.config.generation, String(one?.generation))
          await new Promise(setImmediate)
        }
      }

      await Promise.all([publish(), read()])

      assert.ok(generations.length > 1)
      assert.deepEqual(
        generations,
        generations.toSorted((one, other) => one - other),
      )
    })

    test('a set that is too large for one transaction is published', async () => {
      const { tasks } = await makeStores(testClock())
      const connector = newName()
      const configs = Array.from({ length: 130 }, (_, task) => ({
        text: `${task} `.repeat(10_000),
      }))

      await tasks.publish(connector, { generation: 1, version: 1, configs }, undefined)

      assert.deepEqual(await tasks.read(connector), { generation: 1, version: 1, configs })
      await tasks.publish(connector, setOf(2, 0), 1)
    })

    test('a task configuration that is too large is a ConfigError that names the task', async () => {
      const { tasks } = await makeStores(testClock())
      const connector = newName()
      const configs = [{ a: 'b' }, { sql: 'x'.repeat(310_000) }]

      await assert.rejects(
        tasks.publish(connector, { generation: 1, version: 1, configs }, undefined),
        (error: unknown) => {
          assert.ok(error instanceof ConfigError)
          assert.ok(error.message.includes(`configuration of task ${connector}-1 takes`))
          return true
        },
      )

      assert.equal(await tasks.read(connector), undefined)
    })

    test('a generation is raised above the one it replaces', async () => {
      const { tasks } = await makeStores(testClock())
      const connector = newName()
      await tasks.publish(connector, setOf(5, 1), undefined)

      await tasks.publish(connector, setOf(5, 1), 5)

      assert.deepEqual(await tasks.generation(connector), { generation: 6, tasks: 1 })
    })
  })
}
