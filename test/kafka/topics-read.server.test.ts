import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Message } from 'kafkajs'
import { ConnectError, RetriableError } from '../../lib/errors.ts'
import { kafkaTopics } from '../../lib/kafka/topics.ts'
import { silentPort } from '../connectors/silent-port.ts'
import { asAdmin, broker, kafka, newName, newTopic, silentLog } from './kafka-fixture.ts'

const topics = kafkaTopics({ brokers: [broker()] }, silentLog())
after(topics.close)

async function produced(topic: string, messages: readonly Message[]): Promise<void> {
  const producer = kafka().producer()
  await producer.connect()
  for (const message of messages) await producer.send({ topic, messages: [message] })
  await producer.disconnect()
}

const numbered = (count: number): Message[] =>
  Array.from({ length: count }, (_, at) => ({ key: `k${at}`, value: String(at) }))

const textOf = (base64: string | null | undefined) => Buffer.from(base64 ?? '', 'base64').toString()

test('records are as in an event of Lambda: base64, a null value is null, headers are numbers', async () => {
  await using topic = await newTopic()
  await produced(topic.name, [
    { key: 'k', value: 'v', timestamp: '1700000000000', headers: { h: 'x' } },
    { key: null, value: null, timestamp: '1700000000001' },
  ])

  assert.deepEqual(await topics.read({ topic: topic.name, partition: 0 }, 10), [
    {
      topic: topic.name,
      partition: 0,
      offset: 0,
      timestamp: 1700000000000,
      timestampType: 'CREATE_TIME',
      key: 'aw==',
      value: 'dg==',
      headers: [{ h: [120] }],
    },
    {
      topic: topic.name,
      partition: 0,
      offset: 1,
      timestamp: 1700000000001,
      timestampType: 'CREATE_TIME',
      key: null,
      value: null,
      headers: [],
    },
  ])
})

test('it begins where it is told to, and gives no more than is asked for or there is', async () => {
  await using topic = await newTopic()
  await produced(topic.name, numbered(6))
  const offsets = async (offset: number | undefined, max: number) => {
    const from = { topic: topic.name, partition: 0, ...(offset !== undefined && { offset }) }
    return (await topics.read(from, max)).map((record) => record.offset)
  }

  assert.deepEqual(await offsets(undefined, 2), [0, 1])
  assert.deepEqual(await offsets(3, 2), [3, 4])
  assert.deepEqual(await offsets(5, 10), [5])
  assert.deepEqual(await offsets(6, 10), [])
  assert.deepEqual(await offsets(600, 10), [])
})

test('an empty partition has nothing, at once', async () => {
  await using topic = await newTopic()
  const startedAt = performance.now()

  assert.deepEqual(await topics.read({ topic: topic.name, partition: 0 }, 10), [])
  assert.ok(performance.now() - startedAt < 2_000)
})

test('records that were removed give way to the first that is there', async () => {
  await using topic = await newTopic()
  await produced(topic.name, numbered(5))
  await asAdmin(async (admin) => {
    // Else the client does not know the topic.
    await admin.fetchTopicOffsets(topic.name)
    const partitions = [{ partition: 0, offset: '3' }]
    await admin.deleteTopicRecords({ topic: topic.name, partitions })
  })

  const records = await topics.read({ topic: topic.name, partition: 0, offset: 1 }, 10)

  assert.deepEqual(
    records.map(({ value }) => textOf(value)),
    ['3', '4'],
  )
})

test('what a transaction rolled back is not there, what is open is not waited for', async () => {
  await using topic = await newTopic()
  const producer = kafka().producer({
    transactionalId: newName('tx'),
    idempotent: true,
    maxInFlightRequests: 1,
  })
  await producer.connect()
  const sent = async (value: string) => {
    const transaction = await producer.transaction()
    await transaction.send({ topic: topic.name, messages: [{ value }] })
    return transaction
  }
  await (await sent('gone')).abort()
  await (await sent('kept')).commit()
  const open = await sent('open')
  const startedAt = performance.now()

  const records = await topics.read({ topic: topic.name, partition: 0 }, 10)

  assert.deepEqual(
    records.map(({ value }) => textOf(value)),
    ['kept'],
  )
  assert.ok(performance.now() - startedAt < 2_000)
  await open.abort()
  await producer.disconnect()
})

test('a topic that is not there is told, and not made', async () => {
  const missing = newName('missing')

  await assert.rejects(topics.read({ topic: missing, partition: 0 }, 1), (error: Error) => {
    assert.equal(error.constructor, ConnectError)
    return error.message === `Topic ${missing} does not exist`
  })

  assert.ok(!(await asAdmin((admin) => admin.listTopics())).includes(missing))
})

test('brokers that accept and say nothing are named in time, and one that answers is not held up by them', async () => {
  const silent = await Promise.all([silentPort(), silentPort(), silentPort()])
  after(() => Promise.all(silent.map((one) => one.close())))
  const addresses = silent.map(({ host, port }) => `${host}:${port}`)
  const dead = kafkaTopics({ brokers: addresses }, silentLog())
  const alive = kafkaTopics({ brokers: [...addresses, broker()] }, silentLog())
  after(() => [dead, alive].map((one) => one.close()))
  const startedAt = performance.now()

  const failing = assert.rejects(
    dead.existing(['t']),
    (error: Error) =>
      error instanceof RetriableError &&
      error.message.startsWith(`No Kafka broker answers at ${addresses.join(', ')}`),
  )
  await alive.existing(['t'])
  const aliveMs = performance.now() - startedAt
  await failing
  const deadMs = performance.now() - startedAt

  assert.ok(aliveMs < 6_000, `it took ${aliveMs} ms`)
  assert.ok(deadMs < 14_500, `it took ${deadMs} ms`)
})

test('where no broker answers the brokers are named', async () => {
  const nobody = kafkaTopics({ brokers: ['127.0.0.1:1'] }, silentLog())
  after(nobody.close)

  await assert.rejects(nobody.read({ topic: 't', partition: 0 }, 1), (error: Error) => {
    assert.ok(error instanceof RetriableError)
    return error.message.includes('127.0.0.1:1')
  })
})

test('of large records it gives some at a time, so that they do not fill the memory', async () => {
  await using topic = await newTopic()
  await produced(
    topic.name,
    Array.from({ length: 12 }, () => ({ value: Buffer.alloc(900_000) })),
  )
  const from = { topic: topic.name, partition: 0 }

  const first = await topics.read(from, 500)
  const rest = await topics.read({ ...from, offset: first.length }, 500)

  assert.ok(first.length > 5 && first.length < 12, String(first.length))
  assert.equal(first.length + rest.length, 12)
})
