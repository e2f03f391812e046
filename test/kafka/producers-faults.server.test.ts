import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partitionOf } from '../../lib/data/murmur2.ts'
import { FencedError, RetriableError } from '../../lib/errors.ts'
import { PRODUCE, type Watch } from './frame-proxy.ts'
import { contentOf, newTopic } from './kafka-fixture.ts'
import { always, numbered, producingThrough } from './producing.ts'

test('nothing is lost, doubled or misplaced when replies are lost after the broker has appended', async () => {
  await using topic = await newTopic({ partitions: 2 })
  const total = 100_000
  let answers = 0
  const watch: Watch = {
    // Of about 60 answers nearly each second one is lost, now and then the same request's twice.
    answer: (apiKey) => apiKey === PRODUCE && [1, 2, 4].includes(answers++ % 5),
  }

  const cuts = await producingThrough(watch, async (producer, cuts) => {
    for (let from = 0; from < total; from += 10_000)
      await producer.send(numbered(topic.name, from, from + 10_000), always)
    return cuts()
  })

  assert.ok(cuts >= 50, `${cuts} cuts`)
  const content = await contentOf(topic.name)
  content.forEach((stored, partition) => {
    const wanted = numbered(topic.name, 0, total).filter(
      ({ key }) => partitionOf(key ?? Buffer.alloc(0), 2) === partition,
    )
    assert.equal(stored.length, wanted.length)
    const wrong = stored.findIndex(({ value }, at) => value !== wanted[at]?.value?.toString())
    assert.equal(wrong, -1)
  })
})

test('nothing is lost or doubled when connections are cut before the broker has the request', async () => {
  await using topic = await newTopic()
  let requests = 0
  const watch: Watch = { request: (apiKey) => apiKey === PRODUCE && requests++ % 3 === 0 }

  await producingThrough(watch, (producer) =>
    producer.send(numbered(topic.name, 0, 20_000), always),
  )

  const [stored = []] = await contentOf(topic.name)
  assert.deepEqual(
    stored.map(({ key }) => key),
    numbered(topic.name, 0, 20_000).map(({ key }) => key?.toString()),
  )
})

test('nothing is sent once it may not, also not again after a lost reply', async () => {
  await using topic = await newTopic()
  let mayStillSend = true
  const watch: Watch = {
    answer(apiKey) {
      if (apiKey !== PRODUCE) return false
      mayStillSend = false
      return true
    },
  }
  let requests = 0
  const counting: Watch = {
    ...watch,
    request(apiKey) {
      if (apiKey === PRODUCE) requests++
      return false
    },
  }

  await producingThrough(counting, async (producer) => {
    const sending = producer.send(numbered(topic.name, 0, 10_000), () => mayStillSend)

    await assert.rejects(sending, FencedError)
    mayStillSend = true
    await assert.rejects(producer.send(numbered(topic.name, 0, 1), always), RetriableError)
  })

  assert.equal(requests, 1)
  assert.equal((await contentOf(topic.name))[0]?.length, 2_000)
})

test('a broker that does not answer ends the send when its time is up', async () => {
  await using topic = await newTopic()
  const watch: Watch = { answer: (apiKey) => apiKey === PRODUCE }

  await producingThrough(
    watch,
    async (producer) => {
      const began = performance.now()

      await assert.rejects(producer.send(numbered(topic.name, 0, 10), always), RetriableError)

      const tookMs = performance.now() - began
      assert.ok(tookMs < 4_000, `${tookMs} ms`)
    },
    { sendTimeoutMs: 2_000 },
  )
  assert.equal((await contentOf(topic.name))[0]?.length, 10)
})

test('a broker that goes silent ends the send when its time is up, too', async () => {
  await using topic = await newTopic()
  const silent = Promise.withResolvers<boolean>()
  const watch: Watch = { answer: (apiKey) => (apiKey === PRODUCE ? silent.promise : false) }

  await producingThrough(
    watch,
    async (producer) => {
      const began = performance.now()

      await assert.rejects(producer.send(numbered(topic.name, 0, 10), always), RetriableError)

      const tookMs = performance.now() - began
      assert.ok(tookMs > 900 && tookMs < 2_000, `${tookMs} ms`)
    },
    { sendTimeoutMs: 1_000 },
  )
  silent.resolve(true)
})

test('a disconnect ends a pending send at once, and nothing is sent after it', async () => {
  await using topic = await newTopic()
  const answered = Promise.withResolvers<void>()
  const held = Promise.withResolvers<boolean>()
  let requests = 0
  const watch: Watch = {
    request(apiKey) {
      if (apiKey === PRODUCE) requests++
      return false
    },
    answer(apiKey) {
      if (apiKey !== PRODUCE) return false
      answered.resolve()
      return held.promise
    },
  }

  await producingThrough(watch, async (producer) => {
    const sending = producer.send(numbered(topic.name, 0, 10_000), always)
    sending.catch(() => undefined)
    await answered.promise
    const began = performance.now()

    await producer.disconnect()

    await assert.rejects(sending, RetriableError)
    assert.ok(performance.now() - began < 1_000)
    await assert.rejects(producer.send(numbered(topic.name, 0, 1), always), RetriableError)
    await producer.disconnect()
    held.resolve(false)
  })
  assert.equal(requests, 1)
})
