import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { Redis } from 'ioredis'
import kafkajs from 'kafkajs'
import { createConnection } from 'mysql2/promise'
import { addresses } from '../../infra/stack/addresses.ts'

const { Kafka, logLevel } = kafkajs

// What tests and the demo may count on, whoever runs the servers.
describe('mysql', async () => {
  const connection = await createConnection(addresses().mysql)
  after(() => connection.end())

  test('its user may make databases and drop them', async () => {
    const name = `made_${Date.now()}`
    await connection.query(`CREATE DATABASE ${name}`)

    await connection.query(`DROP DATABASE ${name}`)
  })

  test('it writes a row-based binary log', async () => {
    const [rows] = await connection.query('SELECT @@log_bin AS log, @@binlog_format AS format')

    assert.deepEqual(rows, [{ log: 1, format: 'ROW' }])
  })

  test('it stores all of Unicode, and its clock is in UTC', async () => {
    const [rows] = await connection.query(
      'SELECT @@character_set_server AS charset, TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), NOW()) AS ahead',
    )

    assert.deepEqual(rows, [{ charset: 'utf8mb4', ahead: 0 }])
  })
})

describe('kafka', async () => {
  const client = new Kafka({
    brokers: addresses().kafka['bootstrap.servers'].split(','),
    logLevel: logLevel.NOTHING,
  })
  const admin = client.admin()
  await admin.connect()
  after(() => admin.disconnect())

  test('a topic is made by the first record, with one partition', async () => {
    const topic = `made-${randomUUID()}`
    const producer = client.producer({ allowAutoTopicCreation: true })
    await producer.connect()
    await producer.send({ topic, messages: [{ value: 'x' }] })
    await producer.disconnect()

    const offsets = await admin.fetchTopicOffsets(topic)

    assert.deepEqual(
      offsets.map(({ partition, high }) => [partition, high]),
      [[0, '1']],
    )
    await admin.deleteTopics({ topics: [topic] })
  })

  test('transactions work with one broker', async () => {
    const topic = `made-${randomUUID()}`
    const producer = client.producer({
      transactionalId: topic,
      maxInFlightRequests: 1,
      idempotent: true,
    })
    await producer.connect()
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: [{ value: 'x' }] })

    await transaction.commit()

    await producer.disconnect()
    await admin.deleteTopics({ topics: [topic] })
  })
})

test('redis keeps nothing on disk', async (t) => {
  const redis = new Redis(addresses().redis)
  t.after(() => redis.disconnect())

  assert.deepEqual(await redis.config('GET', 'save'), ['save', ''])
  assert.deepEqual(await redis.config('GET', 'appendonly'), ['appendonly', 'no'])
})

test('aws answers as DynamoDB', async () => {
  const client = new DynamoDBClient({
    ...addresses().aws,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })

  const { TableNames } = await client.send(new ListTablesCommand({}))

  assert.ok(Array.isArray(TableNames))
})
