import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RetriableError } from '../../lib/errors.ts'
import { kafkaTopics } from '../../lib/kafka/topics.ts'
import { frameProxy } from './frame-proxy.ts'
import { asAdmin, broker, newName, newTopic, silentLog } from './kafka-fixture.ts'

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
