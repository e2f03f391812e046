import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, RetriableError } from '../../lib/errors.ts'
import { kafkaTopics } from '../../lib/kafka/topics.ts'
import { frameProxy } from './frame-proxy.ts'
import { asAdmin, broker, newName, newTopic, silentLog } from './kafka-fixture.ts'

const CREATE_TOPICS = 19

test('topics that exist are given with their number of partitions, others are left out and not created', async (t) => {
  await using one = await newTopic()
  await using three = await newTopic({ partitions: 3 })
  const missing = newName('missing')
  const topics = kafkaTopics({ brokers: [broker()] }, silentLog())
  t.after(topics.close)

  const found = await topics.existing([one.name, missing, three.name, 'not a topic'])

  assert.deepEqual([...found].sort(), [[one.name, 1] as const, [three.name, 3] as const].sort())
  assert.ok(!(await asAdmin((admin) => admin.listTopics())).includes(missing))
})

test('of no topics none exists', async (t) => {
  const topics = kafkaTopics({ brokers: ['127.0.0.1:1'] }, silentLog())
  t.after(topics.close)

  assert.deepEqual(await topics.existing([]), new Map())
})

test('a broken connection is replaced without the caller’s doing', async (t) => {
  await using topic = await newTopic()
  let requests = 0
  const proxy = await frameProxy(broker(), {
    request: (apiKey) => apiKey === 3 && requests++ % 2 === 1,
  })
  const topics = kafkaTopics({ brokers: [proxy.address] }, silentLog())
  t.after(async () => {
    topics.close()
    await proxy.close()
  })

  for (let time = 0; time < 5; time++)
    assert.deepEqual(await topics.existing([topic.name]), new Map([[topic.name, 1]]))

  assert.ok(proxy.cuts() >= 4, `${proxy.cuts()} cuts`)
})

test('the next broker is asked when the first does not answer', async (t) => {
  const topics = kafkaTopics({ brokers: ['127.0.0.1:1', broker()] }, silentLog())
  t.after(topics.close)

  assert.equal((await topics.clusterId()).length, 22)
})

test('where no broker answers the brokers are named', async (t) => {
  const topics = kafkaTopics({ brokers: ['127.0.0.1:1'] }, silentLog())
  t.after(topics.close)

  await assert.rejects(topics.existing(['any']), (error: Error) => {
    assert.ok(error instanceof RetriableError)
    assert.match(error.message, /looking for topics any|No Kafka broker answers at 127\.0\.0\.1:1/)
    return true
  })
})

test('a topic that is missing is made with its partitions; made once it stays as it is', async (t) => {
  const name = newName('ensured')
  const topics = kafkaTopics({ brokers: [broker()] }, silentLog())
  t.after(async () => {
    topics.close()
    await asAdmin((admin) => admin.deleteTopics({ topics: [name] }))
  })

  await topics.ensure(name, { partitions: 2, replicationFactor: 1 })
  await topics.ensure(name, { partitions: 1, replicationFactor: 1 })

  assert.deepEqual(await topics.existing([name]), new Map([[name, 2]]))
})

test('a topic that two make at once is made', async (t) => {
  const name = newName('ensured')
  const both = [1, 2].map(() => kafkaTopics({ brokers: [broker()] }, silentLog()))
  t.after(async () => {
    for (const { close } of both) close()
    await asAdmin((admin) => admin.deleteTopics({ topics: [name] }))
  })

  await Promise.all(
    both.map((topics) => topics.ensure(name, { partitions: 1, replicationFactor: 1 })),
  )

  assert.deepEqual(await both[0]?.existing([name]), new Map([[name, 1]]))
})

test('more replicas than there are brokers are refused for good, in the broker’s words', async (t) => {
  const name = newName('ensured')
  const topics = kafkaTopics({ brokers: [broker()] }, silentLog())
  t.after(topics.close)

  await assert.rejects(
    topics.ensure(name, { partitions: 1, replicationFactor: 30 }),
    (error: Error) =>
      error instanceof ConnectError &&
      !(error instanceof RetriableError) &&
      /replication factor of 30 cannot be reached/.test(error.message),
  )
  assert.deepEqual(await topics.existing([name]), new Map())
})

test('a name that no topic can have is refused for good', async (t) => {
  const topics = kafkaTopics({ brokers: [broker()] }, silentLog())
  t.after(topics.close)

  await assert.rejects(
    topics.ensure('not a topic', { partitions: 1, replicationFactor: 1 }),
    (error: Error) => error instanceof ConnectError && !(error instanceof RetriableError),
  )
})

test('a connection that breaks while a topic is made does no harm', async (t) => {
  const name = newName('ensured')
  let cuts = 0
  const proxy = await frameProxy(broker(), {
    answer: (apiKey) => apiKey === CREATE_TOPICS && cuts++ === 0,
  })
  const topics = kafkaTopics({ brokers: [proxy.address] }, silentLog())
  t.after(async () => {
    topics.close()
    await proxy.close()
    await asAdmin((admin) => admin.deleteTopics({ topics: [name] }))
  })

  await topics.ensure(name, { partitions: 1, replicationFactor: 1 })

  assert.equal(proxy.cuts(), 1)
  assert.deepEqual(await topics.existing([name]), new Map([[name, 1]]))
})
