import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { partitionOf } from '../../lib/data/murmur2.ts'
import type { KafkaRecord } from '../../lib/data/record.ts'
import { ConnectError, RetriableError } from '../../lib/errors.ts'
import { kafkaProducers } from '../../lib/kafka/producers.ts'
import { asAdmin, contentOf, newName, newTopic, recordOf, silentLog } from './kafka-fixture.ts'
import { always, numbered, producing } from './producing.ts'

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

test('one send is outstanding at a time', async () => {
  await using topic = await newTopic()

  await producing(async (producer) => {
    const first = producer.send(numbered(topic.name, 0, 1), always)

    await assert.rejects(producer.send(numbered(topic.name, 1, 2), always), ConnectError)
    await first
  })
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
