import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type MakeStores, newConnector, newName, rowNamed, testClock } from './made-stores.ts'

const sorted = (topics: readonly string[]) => [...topics].sort()

export function activeTopicsContract(name: string, makeStores: MakeStores): void {
  suite(`active topics on ${name}`, () => {
    test('topics are told once each, however often they are added', async () => {
      const { activeTopics, configs } = await makeStores(testClock())
      const [connector, other] = [await newConnector(configs), await newConnector(configs)]

      const atFirst = await activeTopics.read(connector, 0)
      await activeTopics.add(connector, 0, ['b', 'a', 'a'])
      await activeTopics.add(connector, 0, ['a', 'c'])
      await activeTopics.add(other, 0, ['x'])

      assert.deepEqual(atFirst, [])
      assert.deepEqual(sorted(await activeTopics.read(connector, 0)), ['a', 'b', 'c'])
    })

    test('thousands of topics are added at once', async () => {
      const { activeTopics, configs } = await makeStores(testClock())
      const connector = await newConnector(configs)
      const topics = Array.from({ length: 2_500 }, (_, at) => `topic-${at}`)

      await activeTopics.add(connector, 3, topics)

      assert.deepEqual(sorted(await activeTopics.read(connector, 3)), sorted(topics))
    })

    test('a topic with the longest name is kept', async () => {
      const { activeTopics, configs } = await makeStores(testClock())
      const connector = await newConnector(configs)
      const topic = '_.-z'.repeat(63).slice(0, 249)

      await activeTopics.add(connector, 0, [topic])

      assert.deepEqual(await activeTopics.read(connector, 0), [topic])
    })

    test('what a late invocation adds to a past reset is not told', async () => {
      const { activeTopics, configs } = await makeStores(testClock())
      const connector = await newConnector(configs)
      await activeTopics.add(connector, 0, ['old'])

      await activeTopics.forgetBefore(connector, 7)
      await activeTopics.add(connector, 0, ['late'])
      await activeTopics.add(connector, 7, ['new'])
      await activeTopics.add(connector, 70, ['newer'])
      await activeTopics.forgetBefore(connector, 7)

      assert.deepEqual(await activeTopics.read(connector, 0), [])
      assert.deepEqual(await activeTopics.read(connector, 7), ['new'])
      assert.deepEqual(await activeTopics.read(connector, 70), ['newer'])
    })

    test('a connector made anew has none of the topics of the one before, not even late ones', async () => {
      const { activeTopics, configs } = await makeStores(testClock())
      const connector = newName()
      const row = rowNamed(connector)
      const first = await configs.put(row, undefined)
      await activeTopics.add(connector, first.topicsReset ?? 0, ['of the first'])
      const reset = await configs.put({ ...first, topicsReset: first.revision }, first.revision)
      await activeTopics.add(connector, reset.topicsReset ?? 0, ['after its reset'])

      const gone = await configs.put({ ...reset, deleted: true }, reset.revision)
      await configs.remove(connector, gone.revision)
      const left = await activeTopics.read(connector, reset.topicsReset ?? 0)
      await activeTopics.add(connector, reset.topicsReset ?? 0, ['late'])
      const late = await activeTopics.read(connector, reset.topicsReset ?? 0)
      const second = await configs.put(row, undefined)

      assert.deepEqual([left, late], [[], []])
      assert.equal((await configs.target(connector))?.topicsReset, second.topicsReset)
      assert.ok((second.topicsReset ?? 0) > (reset.topicsReset ?? 0))
      assert.deepEqual(await activeTopics.read(connector, second.topicsReset ?? 0), [])
    })
  })
}
