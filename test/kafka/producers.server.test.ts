import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { partitionOf } from '../../lib/data/murmur2.ts'
import type { KafkaRecord } from '../../lib/data/record.ts'
import { ConnectError, FencedError, RetriableError } from '../../lib/errors.ts'
import { kafkaProducers, type ProducerSettings } from '../../lib/kafka/producers.ts'
import type { Producer } from '../../lib/ports.ts'
import { frameProxy, PRODUCE, type Watch } from './frame-proxy.ts'
import {
  asAdmin,
  broker,
  contentOf,
  newName,
  newTopic,
  recordOf,
  silentLog,
} from './kafka-fixture.ts'

const always = () => true

async function producing<T>(
  use: (producer: Producer) => Promise<T>,
  at: string = broker(),
  settings: ProducerSettings = {},
): Promise<T> {
  const producers = kafkaProducers({ brokers: at.split(',') }, silentLog(), settings)
  const producer = await producers.connect('connectless-test')
  try {
    return await use(producer)
  } finally {
    await producer.disconnect()
  }
}

async function producingThrough<T>(
  watch: Watch,
  use: (producer: Producer, cuts: () => number) => Promise<T>,
  settings: ProducerSettings = {},
): Promise<T> {
  const proxy = await frameProxy(broker(), watch)
  try {
    return await producing((producer) => use(producer, proxy.cuts), proxy.address, settings)
  } finally {
    await proxy.close()
  }
}

const numbered = (topic: string, from: number, to: number): KafkaRecord[] =>
  Array.from({ length: to - from }, (_, at) =>
    recordOf(topic, { key: Buffer.from(`k${from + at}`), value: Buffer.from(`v${from + at}`) }),
  )

test('key, value, timestamp and headers arrive as they were', async () => {
  await using topic = await newTopic()
  const records = [
    recordOf(topic.name, { key: Buffer.from('k'), value: Buffer.from('v'), timestamp: 1 }),
    recordOf(topic.name, { key: Buffer.from('tombstone'), timestamp: 1_700_000_000_000 }),
    recordOf(topic.name, { value: Buffer.alloc(0), timestamp: 0 }),
    recordOf(topic.name, {
      value: Buffer.from('with headers'),
      timestamp: 5,
      headers: [
        { key: 'one', value: Buffer.from([0, 255]) },
        { key: 'two', value: Buffer.alloc(0) },
        { key: 'one', value: Buffer.from('again') },
        { key: 'ü', value: null },
      ],
    }),
  ]

  await producing((producer) => producer.send(records, always))

  const [stored] = await contentOf(topic.name)
  assert.deepEqual(
    stored?.map(({ offset, headers, ...rest }) => rest),
    [
      { key: 'k', value: 'v', timestamp: 1 },
      { key: 'tombstone', value: null, timestamp: 1_700_000_000_000 },
      { key: null, value: '', timestamp: 0 },
      { key: null, value: 'with headers', timestamp: 5 },
    ],
  )
  assert.deepEqual(stored?.[3]?.headers, {
    one: [Buffer.from([0, 255]), Buffer.from('again')],
    two: Buffer.alloc(0),
    ü: null,
  })
})

test('a record without a timestamp gets the time it is sent', async () => {
  await using topic = await newTopic()
  const before = Date.now()

  await producing((producer) => producer.send(numbered(topic.name, 0, 1), always))

  const timestamp = (await contentOf(topic.name))[0]?.[0]?.timestamp ?? 0
  assert.ok(timestamp >= before && timestamp <= Date.now(), String(timestamp))
})

test('records go where Kafka’s own partitioner puts their keys, in order', async () => {
  await using topic = await newTopic({ partitions: 3 })
  const records = numbered(topic.name, 0, 5_000)

  await producing((producer) => producer.send(records, always))

  const content = await contentOf(topic.name)
  content.forEach((stored, partition) => {
    const wanted = records.filter(({ key }) => partitionOf(key ?? Buffer.alloc(0), 3) === partition)
    assert.ok(wanted.length > 1_000)
    assert.deepEqual(
      stored.map(({ value }) => value),
      wanted.map(({ value }) => value?.toString()),
    )
  })
})

test('a partition that the record names is kept, and one that does not exist is refused', async () => {
  await using topic = await newTopic({ partitions: 2 })
  const [record] = numbered(topic.name, 0, 1) as [KafkaRecord]

  await producing(async (producer) => {
    await producer.send([{ ...record, partition: 1 }], always)
    await assert.rejects(producer.send([{ ...record, partition: 2 }], always), {
      name: 'ConnectException',
      message: `Invalid partition given with record: 2 is not in the range [0...2) of topic ${topic.name}.`,
    })
    await producer.send([{ ...record, partition: 0 }], always)
  })

  const content = await contentOf(topic.name)
  assert.deepEqual(
    content.map((stored) => stored.length),
    [1, 1],
  )
})

test('several topics are written in one send', async () => {
  await using one = await newTopic()
  await using other = await newTopic({ partitions: 2 })
  const records = Array.from({ length: 3_000 }, (_, at) =>
    recordOf(at % 3 === 0 ? one.name : other.name, { value: Buffer.from(String(at)) }),
  )

  await producing((producer) => producer.send(records, always))

  const counts = async (name: string) =>
    (await contentOf(name)).reduce((sum, stored) => sum + stored.length, 0)
  assert.deepEqual([await counts(one.name), await counts(other.name)], [1_000, 2_000])
})

test('a topic that does not exist is created by the broker', async () => {
  const name = newName('topic')

  await producing((producer) => producer.send(numbered(name, 0, 10), always))

  assert.equal((await contentOf(name))[0]?.length, 10)
  await asAdmin((admin) => admin.deleteTopics({ topics: [name] }))
})

test('a topic name that Kafka does not allow is refused and named', async () => {
  await producing(async (producer) => {
    const sending = producer.send([recordOf('not a topic')], always)

    await assert.rejects(sending, (error: Error) => {
      assert.ok(error instanceof ConnectError && !error.retriable)
      assert.match(error.message, /not a topic/)
      return true
    })
  })
})

test('a record that the broker refuses fails with the broker’s reason', async () => {
  await using topic = await newTopic({ config: { 'cleanup.policy': 'compact' } })

  await producing(async (producer) => {
    const sending = producer.send([recordOf(topic.name, { value: Buffer.from('v') })], always)

    await assert.rejects(sending, (error: Error) => {
      assert.ok(error instanceof ConnectError && !error.retriable)
      assert.match(error.message, new RegExp(`${topic.name}-0.*without key`))
      return true
    })
  })
})

test('batches are cut to what the topic takes, and a larger record is refused before anything is sent', async () => {
  await using topic = await newTopic({ config: { 'max.message.bytes': '2000' } })
  const fits = Array.from({ length: 100 }, () =>
    recordOf(topic.name, { value: Buffer.alloc(900, 'x') }),
  )
  // 61 bytes of the batch, 8 of the record: exactly 2000.
  const largest = recordOf(topic.name, { value: Buffer.alloc(1_930, 'x') })
  const tooLarge = recordOf(topic.name, { value: Buffer.alloc(1_931, 'x') })

  await producing(async (producer) => {
    await producer.send([...fits, largest], always)
    await assert.rejects(producer.send([...fits, tooLarge], always), {
      name: 'ConnectException',
      message: `A record for topic ${topic.name} takes 2001 bytes, and the topic's max.message.bytes allows 2000`,
    })
  })

  assert.equal((await contentOf(topic.name))[0]?.length, 101)
})

test('a limit that was lowered meanwhile cuts the batches smaller', async () => {
  await using topic = await newTopic()
  const records = Array.from({ length: 50 }, (_, at) =>
    recordOf(topic.name, { key: Buffer.from(String(at)), value: Buffer.alloc(500, 'x') }),
  )

  await producing(async (producer) => {
    await producer.send(records, always)
    await asAdmin((admin) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [
          {
            type: 2,
            name: topic.name,
            configEntries: [{ name: 'max.message.bytes', value: '1500' }],
          },
        ],
      }),
    )
    await setTimeout(300) // until the broker has heard of it
    await producer.send(records, always)
    await producer.send(records, always)
  })

  const [stored = []] = await contentOf(topic.name)
  assert.deepEqual(
    stored.map(({ key }) => Number(key)),
    [...records.keys(), ...records.keys(), ...records.keys()],
  )
})

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

test('one send is outstanding at a time', async () => {
  await using topic = await newTopic()

  await producing(async (producer) => {
    const first = producer.send(numbered(topic.name, 0, 1), always)

    await assert.rejects(producer.send(numbered(topic.name, 1, 2), always), ConnectError)
    await first
  })
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

test('where no broker answers connecting says so', async () => {
  const producers = kafkaProducers({ brokers: ['127.0.0.1:1'] }, silentLog())
  const began = performance.now()

  await assert.rejects(producers.connect('connectless-test'), (error: Error) => {
    assert.ok(error instanceof RetriableError)
    assert.match(error.message, /127\.0\.0\.1:1/)
    return true
  })
  assert.ok(performance.now() - began < 15_000)
})
