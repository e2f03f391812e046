import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { KafkaEventRecord } from '../../lib/data/kafka-event.ts'
import type { InvokeSink } from '../../lib/local/kafka-delivery.ts'
import { FETCH, HEARTBEAT, OFFSET_COMMIT, type Watch } from '../kafka/frame-proxy.ts'
import { newTopic } from '../kafka/kafka-fixture.ts'
import { mappingOf, numbers, polling, produce, until, valuesOf } from './polling.ts'

test('an invocation that does not end when its mapping is disabled has no time left and is abandoned', async () => {
  await using topic = await newTopic()
  const running = Promise.withResolvers<() => number>()
  const sink: InvokeSink = (_, { remainingMs }) => {
    running.resolve(remainingMs)
    return new Promise(() => undefined)
  }
  await using sut = await polling({ sink, settings: { graceMs: 300 } })
  const mapping = mappingOf(topic.name)
  await produce(topic.name, 0, 3)
  await sut.mappings.ensure(mapping)
  const remainingMs = await running.promise
  assert.ok(remainingMs() > 5_000 && remainingMs() <= 7_000, `${remainingMs()}`)

  await sut.mappings.remove('a-sink', topic.name)
  assert.ok(remainingMs() <= 300)
  await sut.mappings.close()

  assert.ok(remainingMs() <= 0)
  assert.deepEqual(await sut.committed(mapping), [null])
})

test('an invocation may take longer than the session: it is kept alive', async () => {
  await using topic = await newTopic()
  const lowest: number[] = []
  const sink: InvokeSink = async (_, { remainingMs }) => {
    for (let step = 0; step < 100; step++) {
      lowest.push(remainingMs())
      await setTimeout(100)
    }
  }
  const settings = { sessionTimeoutMs: 6_000, heartbeatIntervalMs: 1_000 }
  await using sut = await polling({ sink, settings })
  const mapping = mappingOf(topic.name)
  await produce(topic.name, 0, 3)

  await sut.mappings.ensure(mapping)
  await until(async () => (await sut.committed(mapping))[0] === 3)

  assert.equal(sut.taken.length, 3)
  assert.ok(Math.min(...lowest) > 1_000, `${Math.min(...lowest)}`)
})

test('an invocation has no longer than a function may take, and the event is sent again', async () => {
  await using topic = await newTopic()
  let calls = 0
  const sink: InvokeSink = () => (++calls === 1 ? new Promise(() => undefined) : Promise.resolve())
  await using sut = await polling({ sink, settings: { invocationMs: 200 } })
  await produce(topic.name, 0, 3)

  await sut.mappings.ensure(mappingOf(topic.name))
  await until(() => sut.taken.length === 3)

  assert.equal(calls, 2)
})

for (const { title, apiKey } of [
  { title: 'fetches', apiKey: FETCH },
  { title: 'commits', apiKey: OFFSET_COMMIT },
])
  test(`connections that break at ${title} heal, nothing is missed, and offsets never go back`, async () => {
    await using topic = await newTopic({ partitions: 2 })
    let answers = 0
    // Every third answer is lost, after the broker has done what was asked.
    const watch: Watch = { answer: (key) => key === apiKey && answers++ % 3 === 0 }
    await using sut = await polling({ watch, settings: { batchSize: 200 } })
    const mapping = mappingOf(topic.name)
    await produce(topic.name, 0, 4_000)
    await sut.mappings.ensure(mapping)

    const seen = [0, 0]
    await until(async () => {
      const committed = await sut.committed(mapping)
      committed.forEach((offset, partition) => {
        assert.ok((offset ?? 0) >= (seen[partition] ?? 0), `${seen} then ${committed}`)
        seen[partition] = offset ?? 0
      })
      return seen.reduce((sum, offset) => sum + offset, 0) === 4_000
    }, 60_000)

    assert.ok(answers >= 2)
    assert.deepEqual([...new Set(valuesOf(sut.taken))].sort(), numbers(0, 4_000).sort())
    for (const partition of [0, 1])
      assertInOrder(sut.taken.filter((one) => one.partition === partition))
  })

/** Each delivery goes on where the one before ended, or repeats. */
function assertInOrder(records: readonly KafkaEventRecord[]): void {
  let next = 0
  for (const { offset } of records) {
    assert.ok(offset <= next, `${offset} came before ${next}`)
    next = Math.max(next, offset + 1)
  }
}

test('without an answer to its signs of life a member has no time left', async () => {
  await using topic = await newTopic()
  let answersHeartbeats = true
  const watch: Watch = { request: (key) => key === HEARTBEAT && !answersHeartbeats }
  const running = Promise.withResolvers<() => number>()
  const go = Promise.withResolvers<void>()
  const sink: InvokeSink = async (_, { remainingMs }) => {
    running.resolve(remainingMs)
    await go.promise
  }
  const settings = { sessionTimeoutMs: 6_000, heartbeatIntervalMs: 500 }
  await using sut = await polling({ sink, watch, settings })
  const mapping = mappingOf(topic.name)
  await produce(topic.name, 0, 3)
  await sut.mappings.ensure(mapping)
  const remainingMs = await running.promise

  answersHeartbeats = false
  await until(() => remainingMs() <= 0)
  answersHeartbeats = true
  await until(() => remainingMs() > 0)
  go.resolve()

  await until(async () => (await sut.committed(mapping))[0] === 3)
})

test('a second worker of a topic of one partition stands by, and goes on when the first leaves', async () => {
  await using topic = await newTopic()
  await using one = await polling()
  await using other = await polling()
  const mapping = mappingOf(topic.name)
  await produce(topic.name, 0, 10)
  await one.mappings.ensure(mapping)
  await until(() => one.taken.length === 10)

  await other.mappings.ensure(mapping)
  await setTimeout(4_000) // by then the group has been dealt out anew
  await produce(topic.name, 10, 20)
  await until(() => one.taken.length + other.taken.length === 20)
  const [first, second] = valuesOf(one.taken).includes('v19') ? [one, other] : [other, one]
  await first.mappings.close()
  await produce(topic.name, 20, 30)
  await until(() => valuesOf(second.taken).includes('v29'))

  assert.deepEqual(valuesOf([...one.taken, ...other.taken]).sort(), numbers(0, 30).sort())
  await until(async () => (await second.committed(mapping))[0] === 30)
})
