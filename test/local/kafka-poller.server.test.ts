import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { KafkaEvent } from '../../lib/data/kafka-event.ts'
import type { InvokeSink } from '../../lib/local/kafka-delivery.ts'
import { asAdmin, newName, newTopic } from '../kafka/kafka-fixture.ts'
import {
  mappingOf,
  numbers,
  polling,
  produce,
  recordsOf,
  textOf,
  until,
  valuesOf,
} from './polling.ts'

test('what was there before the mapping and what comes later is delivered in order, once, and committed', async () => {
  await using topic = await newTopic()
  await using sut = await polling()
  const mapping = mappingOf(topic.name)
  await produce(topic.name, 0, 12_000)

  await sut.mappings.ensure(mapping)
  await until(() => sut.taken.length >= 12_000)
  await produce(topic.name, 12_000, 12_003)
  await until(() => sut.taken.length >= 12_003)

  assert.deepEqual(valuesOf(sut.taken), numbers(0, 12_003))
  assert.deepEqual(
    sut.taken.map(({ offset }) => offset),
    [...Array(12_003).keys()],
  )
  assert.equal(textOf(sut.taken[5]?.key), 'k5')
  await until(async () => (await sut.committed(mapping))[0] === 12_003)
})

test('an event holds one partition, and no more records than the batch size', async () => {
  await using topic = await newTopic({ partitions: 3 })
  const events: KafkaEvent[] = []
  const sink: InvokeSink = async (event) => void events.push(event)
  await using sut = await polling({ sink, settings: { batchSize: 100 } })
  await produce(topic.name, 0, 2_000)

  await sut.mappings.ensure(mappingOf(topic.name))
  await until(() => sut.taken.length >= 2_000)

  for (const event of events) {
    const records = recordsOf(event)
    assert.ok(records.length <= 100)
    assert.deepEqual(Object.keys(event.records), [`${topic.name}-${records[0]?.partition}`])
    assert.equal(new Set(records.map(({ partition }) => partition)).size, 1)
  }
  for (const partition of [0, 1, 2]) {
    const offsets = sut.taken.flatMap((one) => (one.partition === partition ? [one.offset] : []))
    assert.deepEqual(offsets, [...offsets.keys()])
  }
  assert.deepEqual(valuesOf(sut.taken).sort(), numbers(0, 2_000).sort())
})

test('a topic that does not exist is waited for, visibly, and not created', async () => {
  const name = newName('topic')
  await using sut = await polling()

  await sut.mappings.ensure(mappingOf(name))

  const waiting = async () => (await sut.mappings.list('a-sink'))[0]?.waiting
  await until(async () => (await waiting()) === `topic ${name} does not exist yet`)
  await setTimeout(1_500)
  assert.equal(sut.log.lines.filter((line) => line.includes('does not exist yet')).length, 1)
  assert.ok(!(await asAdmin((admin) => admin.listTopics())).includes(name))

  await asAdmin((admin) => admin.createTopics({ topics: [{ topic: name }] }))
  await produce(name, 0, 10)
  await until(() => sut.taken.length === 10)
  assert.equal(await waiting(), undefined)
  await asAdmin((admin) => admin.deleteTopics({ topics: [name] }))
})

test('a topic that is deleted is waited for again', async () => {
  await using topic = await newTopic()
  await using sut = await polling()
  await produce(topic.name, 0, 10)
  await sut.mappings.ensure(mappingOf(topic.name))
  await until(() => sut.taken.length === 10)

  await asAdmin((admin) => admin.deleteTopics({ topics: [topic.name] }))

  await until(async () =>
    ((await sut.mappings.list('a-sink'))[0]?.waiting ?? '').includes('does not exist yet'),
  )
  await asAdmin((admin) => admin.createTopics({ topics: [{ topic: topic.name }] }))
  await produce(topic.name, 20, 30)
  await until(() => valuesOf(sut.taken).includes('v29'))
})

test('an event that the function throws at is sent again as it was, until it is taken', async () => {
  await using topic = await newTopic()
  const calls: { readonly event: KafkaEvent; readonly at: number }[] = []
  const sink: InvokeSink = async (event) => {
    calls.push({ event, at: performance.now() })
    if (calls.length < 4) throw new Error('not now')
  }
  await using sut = await polling({ sink, settings: { batchSize: 5 } })
  const mapping = mappingOf(topic.name)
  await produce(topic.name, 0, 10)

  await sut.mappings.ensure(mapping)
  await until(() => calls.length === 3)
  assert.deepEqual(await sut.committed(mapping), [null])
  await until(() => sut.taken.length === 10)

  const [first, second, third, fourth, fifth] = calls
  for (const again of [second, third, fourth]) assert.deepEqual(again?.event, first?.event)
  assert.deepEqual(
    valuesOf(recordsOf(fifth?.event ?? { eventSource: 'aws:kafka', records: {} })),
    numbers(5, 10),
  )
  const pauses = [second, third, fourth].map((call, at) => (call?.at ?? 0) - (calls[at]?.at ?? 0))
  for (const [at, pause] of pauses.entries()) assert.ok(pause >= 95 * 2 ** at, `${pauses}`)
  assert.equal(sut.log.lines.filter((line) => line.includes('not now')).length, 3)
})

test('a disabled mapping ends with the running invocation, empties its group and keeps its offsets', async () => {
  await using topic = await newTopic()
  const begun = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  const sink: InvokeSink = async () => {
    begun.resolve()
    await go.promise
  }
  await using sut = await polling({ sink, settings: { batchSize: 10 } })
  const mapping = mappingOf(topic.name)
  await produce(topic.name, 0, 30)
  await sut.mappings.ensure(mapping)
  await begun.promise

  await sut.mappings.ensure({ ...mapping, enabled: false })
  assert.equal((await sut.mappings.list('a-sink'))[0]?.waiting, 'Disabling')
  go.resolve()
  await until(async () => (await sut.mappings.list('a-sink'))[0]?.waiting === undefined)

  assert.deepEqual(valuesOf(sut.taken), numbers(0, 10))
  assert.deepEqual(await sut.committed(mapping), [10])
  const { groups } = await asAdmin((admin) => admin.describeGroups([mapping.group]))
  assert.equal(groups[0]?.state, 'Empty')

  await sut.mappings.ensure(mapping)
  await until(() => sut.taken.length === 30)
  assert.deepEqual(valuesOf(sut.taken), numbers(0, 30))
})

test('mappings are listed by connector, and two of them are delivered apart', async () => {
  await using one = await newTopic()
  await using other = await newTopic()
  await using sut = await polling()
  const first = mappingOf(one.name, { connector: 'first' })
  const second = mappingOf(other.name, { connector: 'second', enabled: false })
  await produce(one.name, 0, 5)
  await produce(other.name, 0, 5)

  await sut.mappings.ensure(first)
  await sut.mappings.ensure(second)
  await until(() => sut.taken.length === 5)

  assert.deepEqual(await sut.mappings.list('first'), [first])
  assert.deepEqual(await sut.mappings.list('second'), [second])
  assert.deepEqual(await sut.mappings.list('third'), [])
  assert.ok(sut.taken.every(({ topic }) => topic === one.name))
  await sut.mappings.remove('first', one.name)
  assert.deepEqual(await sut.mappings.list('first'), [])
})
