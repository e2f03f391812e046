import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Redis } from 'ioredis'
import { type BenchServers, openServers, until } from '../../infra/bench/servers.ts'
import type { ConnectlessProcess } from '../../infra/connectless-process.ts'
import { addresses } from '../../infra/stack/addresses.ts'
import type { KafkaRecord } from '../../lib/data/record.ts'
import { kafkaGroups } from '../../lib/kafka/groups.ts'
import { kafkaProducers } from '../../lib/kafka/producers.ts'
import { asAdmin, broker, recordOf, silentLog } from '../kafka/kafka-fixture.ts'
import { headersOf, rawTopic } from './raw-topic.ts'
import { ask, waitForStatus } from './rest-client.ts'

const RECORDS = 10_000
const POISON_AT = 5_017
const REDIS_DATABASE = 12
const LIMIT_MS = 60_000

let servers: BenchServers
let connectless: ConnectlessProcess
let redis: Redis

before(async () => {
  servers = await openServers()
  connectless = await servers.connectless()
  redis = new Redis({ ...addresses().redis, db: REDIS_DATABASE })
})

after(async () => {
  const keys = await redis.keys(`*${servers.name}*`)
  if (keys.length > 0) await redis.del(keys)
  await redis.quit()
  await servers.close()
})

const create = async (name: string, config: Readonly<Record<string, string>>): Promise<void> => {
  const { status, text } = await ask(connectless.url, 'POST', '/connectors', { name, config })
  assert.equal(status, 201, text)
}

const failed = async (name: string) =>
  (
    await waitForStatus(
      connectless.url,
      name,
      ({ tasks }) => tasks[0]?.state === 'FAILED',
      LIMIT_MS,
    )
  ).status.tasks[0]

describe('a poison record in the middle of a sink’s topic', () => {
  const POISON: Partial<KafkaRecord> = {
    key: Buffer.from('{"schema":{"type":"string","optional":false},"payload":"poison"}'),
    value: Buffer.from([0x7b, 0xff, 0x00, 0x80, 0x22]),
    timestamp: 1_700_000_000_123,
    headers: [
      { key: 'trace', value: Buffer.from([0x00, 0xff, 0x80]) },
      { key: 'twice', value: Buffer.from('1') },
      { key: 'twice', value: Buffer.from('2') },
      { key: 'nothing', value: null },
      { key: 'empty', value: Buffer.alloc(0) },
    ],
  }

  const goodRecord = (topic: string, id: number): KafkaRecord =>
    recordOf(topic, {
      key: Buffer.from(`{"schema":{"type":"string","optional":false},"payload":"${id}"}`),
      value: Buffer.from(
        `{"schema":{"type":"struct","optional":false,"fields":[{"type":"int64","optional":false,"field":"id"}]},"payload":{"id":${id}}}`,
      ),
    })

  async function filled(topic: string): Promise<void> {
    const kafka = { brokers: broker().split(',') }
    await asAdmin((admin) => admin.createTopics({ topics: [{ topic, numPartitions: 1 }] }))
    const producer = await kafkaProducers(kafka, silentLog()).connect('poison')
    const records = Array.from({ length: RECORDS }, (_, at) =>
      at === POISON_AT ? recordOf(topic, POISON) : goodRecord(topic, at),
    )
    await producer.send(records, () => true)
    await producer.disconnect()
  }

  const sinkConfig = (topic: string): Record<string, string> => ({
    'connector.class': 'com.github.taven.sink.ExampleSinkConnector',
    topics: topic,
    'redis.host': addresses().redis.host,
    'redis.port': String(addresses().redis.port),
    'redis.database': String(REDIS_DATABASE),
    'redis.password': addresses().redis.password ?? '',
  })

  async function committed(group: string, topic: string): Promise<number> {
    const groups = kafkaGroups({ brokers: broker().split(',') }, silentLog())
    try {
      const [offset] = await groups.offsets(group, [topic])
      return offset?.committed ?? 0
    } finally {
      groups.close()
    }
  }

  test('fails the task by default, with stage and cause; the group does not pass it', async () => {
    const topic = `${servers.name}_none`
    await filled(topic)

    await create(topic, sinkConfig(topic))
    const task = await failed(topic)

    assert.match(
      task?.trace ?? '',
      /Tolerance exceeded in error handler\n\(stage VALUE_CONVERTER, class org\.apache\.kafka\.connect\.json\.JsonConverter, record .*"offset":5017/,
    )
    assert.match(task?.trace ?? '', /Caused by: org\.apache\.kafka\.connect\.errors\.DataException/)
    const offset = await committed(`connect-${topic}`, topic)
    assert.ok(offset <= POISON_AT, `${offset} is committed`)
    assert.equal(await redis.exists(`${topic}_${POISON_AT + 1}`), 0)
  })

  test('goes to the dead letter queue byte by byte with errors.tolerance=all; all others reach the target', async () => {
    const topic = `${servers.name}_all`
    const queue = `${servers.name}_dlq`
    await filled(topic)

    await create(topic, {
      ...sinkConfig(topic),
      'errors.tolerance': 'all',
      'errors.deadletterqueue.topic.name': queue,
      'errors.deadletterqueue.topic.replication.factor': '1',
      'errors.deadletterqueue.context.headers.enable': 'true',
    })
    await until(async () => (await committed(`connect-${topic}`, topic)) === RECORDS, 100, LIMIT_MS)

    const expected = Array.from({ length: RECORDS }, (_, id) => `${topic}_${id}`)
    const values = await redis.mget(expected)
    const missing = expected.flatMap((key, id) => (values[id] === `{"id":${id}}` ? [] : [key]))
    assert.deepEqual(missing, [`${topic}_${POISON_AT}`])

    const letters = await rawTopic(queue)
    assert.equal(letters.length, 1)
    const [letter] = letters
    assert.ok(letter)
    assert.deepEqual(letter.key, POISON.key)
    assert.deepEqual(letter.value, POISON.value)
    assert.equal(letter.timestamp, POISON.timestamp)
    assert.deepEqual(letter.headers.slice(0, 5), POISON.headers)
    const context = headersOf(letter).slice(5)
    assert.deepEqual(context.slice(0, 8), [
      ['__connect.errors.topic', topic],
      ['__connect.errors.partition', '0'],
      ['__connect.errors.offset', String(POISON_AT)],
      ['__connect.errors.connector.name', topic],
      ['__connect.errors.task.id', '0'],
      ['__connect.errors.stage', 'VALUE_CONVERTER'],
      ['__connect.errors.class.name', 'org.apache.kafka.connect.json.JsonConverter'],
      ['__connect.errors.exception.class.name', 'org.apache.kafka.connect.errors.DataException'],
    ])
    assert.deepEqual(
      context.slice(8).map(([key]) => key),
      ['__connect.errors.exception.message', '__connect.errors.exception.stacktrace'],
    )
    assert.match(
      context[9]?.[1] ?? '',
      /^org\.apache\.kafka\.connect\.errors\.DataException: (?:.|\n)*\tat /,
    )
    const task = (await ask(connectless.url, 'GET', `/connectors/${topic}/status`)).text
    assert.match(task, /"state":"RUNNING"/)
  })

  test('more replicas of the queue than there are brokers fail the task in Kafka Connect’s words', async () => {
    const topic = `${servers.name}_replicas`
    await asAdmin((admin) => admin.createTopics({ topics: [{ topic, numPartitions: 1 }] }))

    await create(topic, {
      ...sinkConfig(topic),
      'errors.tolerance': 'all',
      'errors.deadletterqueue.topic.name': `${servers.name}_never`,
    })
    const task = await failed(topic)

    assert.match(
      task?.trace ?? '',
      new RegExp(
        `Could not initialize dead letter queue with topic=${servers.name}_never(?:.|\n)*replication factor of 3 cannot be reached`,
      ),
    )
  })
})

describe('a row in the middle of a source’s table that a transform cannot take', () => {
  const CAST = {
    transforms: 'number',
    'transforms.number.type': 'org.apache.kafka.connect.transforms.Cast$Value',
    'transforms.number.spec': 'name:int32',
  }

  async function table(name: string): Promise<void> {
    await servers.table(name, RECORDS)
    await servers.sql.query(`UPDATE ${name} SET name = IF(id = ?, 'poison', id)`, [POISON_AT])
  }

  const source = (name: string): Record<string, string> => ({
    ...servers.sourceConfig(name),
    ...CAST,
    'batch.max.rows': '1000',
  })

  const idsIn = async (topic: string): Promise<number[]> =>
    (await rawTopic(topic)).map(({ value }) =>
      Number(/"payload":\{"id":(\d+)/.exec(String(value))?.[1]),
    )

  const idsUpTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1)

  test('fails the task by default, with stage and cause, and all rows before it are in Kafka', async () => {
    const name = `${servers.name}_rows_none`
    await table(name)

    await create(name, source(name))
    const task = await failed(name)

    assert.match(
      task?.trace ?? '',
      /Tolerance exceeded in error handler\n\(stage TRANSFORMATION, class org\.apache\.kafka\.connect\.transforms\.Cast\$Value, record (?:.|\n)*Caused by: /,
    )
    assert.deepEqual(await idsIn(name), idsUpTo(POISON_AT - 1))
  })

  test('is told of in the dead letter queue with errors.tolerance=all; all others are in Kafka, once and in order', async () => {
    const name = `${servers.name}_rows_all`
    const queue = `${servers.name}_rows_dlq`
    await table(name)

    await create(name, {
      ...source(name),
      'errors.tolerance': 'all',
      'errors.deadletterqueue.topic.name': queue,
      'errors.deadletterqueue.topic.replication.factor': '1',
      'errors.deadletterqueue.context.headers.enable': 'true',
    })
    await until(async () => (await servers.ends(name)) >= RECORDS - 1, 100, LIMIT_MS)

    assert.deepEqual(
      await idsIn(name),
      idsUpTo(RECORDS).filter((id) => id !== POISON_AT),
    )
    const letters = await rawTopic(queue)
    assert.equal(letters.length, 1)
    const [letter] = letters
    assert.ok(letter)
    const story = JSON.parse(String(letter.value))
    assert.deepEqual(
      { ...story, sourcePartition: null, error: { ...story.error, message: '' } },
      {
        connector: name,
        task: 0,
        topic: name,
        sourcePartition: null,
        sourceOffset: story.sourceOffset,
        key: String(POISON_AT),
        stage: 'TRANSFORMATION',
        class: 'org.apache.kafka.connect.transforms.Cast$Value',
        error: { class: 'org.apache.kafka.connect.errors.DataException', message: '' },
      },
    )
    assert.equal(story.sourceOffset.position, POISON_AT)
    assert.match(JSON.stringify(story.sourcePartition), new RegExp(name))
    assert.match(String(letter.key), new RegExp(`"payload":"${POISON_AT}"`))
    assert.deepEqual(headersOf(letter).slice(0, 5), [
      ['__connect.errors.topic', name],
      ['__connect.errors.connector.name', name],
      ['__connect.errors.task.id', '0'],
      ['__connect.errors.stage', 'TRANSFORMATION'],
      ['__connect.errors.class.name', 'org.apache.kafka.connect.transforms.Cast$Value'],
    ])
  })
})
