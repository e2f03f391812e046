import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RetriableError } from '../../lib/errors.ts'
import type { Ports, Worker } from '../../lib/ports.ts'
import { topicTracker } from '../../lib/runtime/topic-tracker.ts'
import { rowNamed } from '../contract/made-stores.ts'
import { portsForTest, tickingClock } from './ports-for-test.ts'

async function setUp(tracking?: Worker['topicTracking']) {
  const clock = tickingClock()
  const base = portsForTest({ clock })
  const writes: string[] = []
  const warnings: string[] = []
  const store = { isDown: false, gate: Promise.resolve() }
  const ports: Ports = {
    ...base,
    worker: { ...base.worker, ...(tracking && { topicTracking: tracking }) },
    log: { ...base.log, warn: (message) => void warnings.push(message) },
    activeTopics: {
      ...base.activeTopics,
      async add(connector, reset, topics) {
        writes.push(`${reset}: ${topics.join()}`)
        await store.gate
        if (store.isDown) throw new RetriableError('the table is overloaded')
        await base.activeTopics.add(connector, reset, topics)
      },
    },
  }
  await base.configs.put(rowNamed('c'), undefined)
  const tracker = topicTracker('c', ports)
  const read = async (reset: number) => (await base.activeTopics.read('c', reset)).sort()
  return { clock, store, writes, warnings, tracker, read }
}

const to = (...topics: string[]) => topics.map((topic) => ({ topic }))

test('a topic is written once, and many new ones in one go', async () => {
  const { tracker, writes, read } = await setUp()
  const many = Array.from({ length: 3_000 }, (_, at) => `t${at}`)

  for (let batch = 0; batch < 5; batch++) {
    tracker.saw(to(...many, 't0', 't1'))
    await tracker.written()
  }

  assert.equal(writes.length, 1)
  assert.equal((await read(0)).length, 3_000)
})

test('what is seen during a write is written by the next, together', async () => {
  const { tracker, writes, store } = await setUp()
  const writing = Promise.withResolvers<void>()
  store.gate = writing.promise

  tracker.saw(to('a'))
  tracker.saw(to('b', 'a'))
  tracker.saw(to('c', 'b'))
  writing.resolve()
  await tracker.written()

  assert.deepEqual(writes, ['0: a', '0: b,c'])
})

test('after a reset all that is still active is written again, and a past reset seen late changes nothing', async () => {
  const { tracker, writes, read } = await setUp()
  tracker.saw(to('a', 'b'))
  await tracker.written()

  tracker.saw(to('a'), 4)
  await tracker.written()
  tracker.saw(to('a', 'c'), 3)
  await tracker.written()

  assert.deepEqual(writes, ['0: a,b', '4: a', '4: c'])
  assert.deepEqual(await read(4), ['a', 'c'])
})

test('a reset in the midst of a write is met by another write', async () => {
  const { tracker, store, read } = await setUp()
  const writing = Promise.withResolvers<void>()
  store.gate = writing.promise
  tracker.saw(to('a'))

  tracker.saw(to('a'), 2)
  writing.resolve()
  await tracker.written()

  assert.deepEqual(await read(2), ['a'])
})

test('a table that is down stops nothing: the next batch a second later writes what is missing', async () => {
  const { tracker, clock, store, writes, warnings, read } = await setUp()
  store.isDown = true

  tracker.saw(to('a'))
  await tracker.written()
  tracker.saw(to('b'))
  await tracker.written()
  store.isDown = false
  await clock.sleep(1_000)
  tracker.saw(to('a'))
  await tracker.written()

  assert.deepEqual(writes, ['0: a', '0: a,b'])
  assert.deepEqual(warnings, ['Could not record active topics: the table is overloaded'])
  assert.deepEqual(await read(0), ['a', 'b'])
})

test('where tracking is turned off nothing is written', async () => {
  const { tracker, writes } = await setUp({ enabled: false, mayReset: true })

  tracker.saw(to('a'))
  await tracker.written()

  assert.deepEqual(writes, [])
})
