import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Redis } from 'ioredis'
import { addresses } from '../../infra/stack/addresses.ts'
import { kafkaProducers } from '../../lib/kafka/producers.ts'
import { kafkaTopics } from '../../lib/kafka/topics.ts'
import { systemClock } from '../../lib/monitoring/system-clock.ts'
import { plugins } from '../../lib/registry.ts'
import { sinkTasks } from '../../lib/runtime/sink-task.ts'
import { frameProxy, PRODUCE } from '../kafka/frame-proxy.ts'
import { asAdmin, broker, newName, recordOf, silentLog } from '../kafka/kafka-fixture.ts'
import { mappingOf, polling, recordsOf, textOf, until } from '../local/polling.ts'
import { portsForTest, runningConnector } from '../runtime/ports-for-test.ts'
import { rawTopic } from './raw-topic.ts'

const RECORDS = 2_000
const BATCH = 100
const REDIS_DATABASE = 12
const isPoison = (id: number): boolean => id % 10 === 7
const poisonOf = (id: number): string => `poison ${id}`
const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter'

/** One that a converter cannot read, or one that the task itself cannot write. */
const textAt = (id: number): string => {
  if (!isPoison(id))
    return `{"schema":{"type":"struct","optional":false,"fields":[{"type":"int64","optional":false,"field":"id"}]},"payload":{"id":${id}}}`
  return id % 20 === 7
    ? poisonOf(id)
    : `{"schema":{"type":"string","optional":false},"payload":"${poisonOf(id)}"}`
}

async function fill(topic: string): Promise<void> {
  await asAdmin((admin) => admin.createTopics({ topics: [{ topic, numPartitions: 1 }] }))
  const producer = await kafkaProducers({ brokers: [broker()] }, silentLog()).connect('fill')
  const records = Array.from({ length: RECORDS }, (_, id) =>
    recordOf(topic, {
      key: Buffer.from(`{"schema":{"type":"string","optional":false},"payload":"${id}"}`),
      value: Buffer.from(textAt(id)),
    }),
  )
  await producer.send(records, () => true)
  await producer.disconnect()
}

test('a dead letter queue whose connection is cut while it is written to: whatever is acknowledged is in the target or in the queue', async (t) => {
  const [topic, queue] = [newName('cut'), newName('cut-dlq')]
  await fill(topic)
  const redis = new Redis({ ...addresses().redis, db: REDIS_DATABASE })
  let [produces, state]: [number, 'down' | 'shaky'] = [0, 'down']
  const proxy = await frameProxy(broker(), {
    request: (apiKey) =>
      apiKey === PRODUCE && (state === 'down' || (state === 'shaky' && ++produces % 3 === 1)),
    // The broker has it, and nobody hears of it.
    answer: (apiKey) => apiKey === PRODUCE && state === 'shaky' && produces % 3 === 2,
  })
  const topics = kafkaTopics({ brokers: [broker()] }, silentLog())
  const base = portsForTest({ clock: systemClock })
  const ports = {
    ...base,
    topics,
    producers: kafkaProducers({ brokers: [proxy.address] }, silentLog(), { sendTimeoutMs: 100 }),
  }
  await runningConnector(ports, topic, {
    'connector.class': 'com.github.taven.sink.ExampleSinkConnector',
    topics: topic,
    'key.converter': JSON_CONVERTER,
    'value.converter': JSON_CONVERTER,
    'header.converter': JSON_CONVERTER,
    'redis.host': addresses().redis.host,
    'redis.port': String(addresses().redis.port),
    'redis.database': String(REDIS_DATABASE),
    'redis.password': addresses().redis.password ?? '',
    'errors.tolerance': 'all',
    'errors.deadletterqueue.topic.name': queue,
    'errors.deadletterqueue.topic.replication.factor': '1',
  })
  const tasks = sinkTasks(ports, plugins)
  t.after(async () => {
    await tasks.close()
    topics.close()
    await proxy.close()
    const keys = await redis.keys(`${topic}_*`)
    if (keys.length > 0) await redis.del(keys)
    await redis.quit()
    await asAdmin((admin) => admin.deleteTopics({ topics: [topic, queue] }))
  })
  const violations: string[] = []
  let refusals = 0

  const idsInQueue = async (): Promise<number[]> =>
    (await rawTopic(queue)).map(({ value }) => Number(/poison (\d+)/.exec(String(value))?.[1]))

  /** What is about to be acknowledged, looked at just before. */
  async function look(ids: readonly number[]): Promise<void> {
    const letters = new Set(await idsInQueue())
    for (const id of ids) {
      const stored = await redis.get(`${topic}_${id}`)
      if (isPoison(id) ? !letters.has(id) : stored !== `{"id":${id}}`)
        violations.push(`${id} is in neither`)
    }
  }

  await using polled = await polling({
    settings: { batchSize: BATCH, invocationMs: 1_500 },
    async sink(event, invocation) {
      try {
        await tasks.deliver(topic, event, invocation)
      } catch (error) {
        refusals++
        throw error
      }
      // What is still on its way now does not come.
      state = 'down'
      await look(
        recordsOf(event).map(({ key }) => Number(/"payload":"(\d+)"/.exec(textOf(key))?.[1])),
      )
      state = 'shaky'
    },
  })
  const mapping = mappingOf(topic)
  await polled.mappings.ensure(mapping)

  await until(() => refusals >= 2)
  const [whileDown] = await polled.committed(mapping)
  const lettersWhileDown = await idsInQueue()
  state = 'shaky'
  await until(async () => (await polled.committed(mapping))[0] === RECORDS, 60_000)

  const letters = await idsInQueue()
  const poison = Array.from({ length: RECORDS }, (_, id) => id).filter(isPoison)
  t.diagnostic(
    `${proxy.cuts()} cuts, ${refusals} deliveries refused, ${letters.length} letters of ${poison.length} records`,
  )
  assert.equal(whileDown ?? 0, 0)
  assert.deepEqual(lettersWhileDown, [])
  assert.deepEqual(violations, [])
  assert.deepEqual(
    [...new Set(letters)].sort((one, other) => one - other),
    poison,
  )
  assert.ok(proxy.cuts() >= 20, `${proxy.cuts()} cuts`)
})
