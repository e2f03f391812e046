import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Redis } from 'ioredis'
import { openServers, until } from '../../infra/bench/servers.ts'
import { addresses } from '../../infra/stack/addresses.ts'

/** Of this test alone, so that connections are counted by it. */
const REDIS_DATABASE = 13
const ENDS_WITHIN_MS = 10_000

test('a sink that is stopped or deleted has no connection to Redis any more', async () => {
  const servers = await openServers()
  const redis = new Redis(addresses().redis)
  const topic = `${servers.name}_idle`
  const { host, port, password } = addresses().redis
  const config = {
    'connector.class': 'com.github.taven.sink.ExampleSinkConnector',
    topics: topic,
    'redis.host': host,
    'redis.port': String(port),
    'redis.database': String(REDIS_DATABASE),
    'redis.password': password ?? '',
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  }
  const connections = async () =>
    String(await redis.client('LIST'))
      .split('\n')
      .filter((line) => line.includes(` db=${REDIS_DATABASE} `)).length
  const has = (wanted: boolean) => async () => (await connections()) > 0 === wanted
  try {
    await servers.admin.createTopics({ topics: [{ topic, numPartitions: 1 }] })
    const worker = await servers.connectless()
    assert.equal(await connections(), 0)
    await worker.request('PUT', `/connectors/${topic}/config`, config)
    await worker.waitFor(topic, 'RUNNING')
    await until(has(true), 50, ENDS_WITHIN_MS)

    await worker.request('PUT', `/connectors/${topic}/stop`)
    await until(has(false), 50, ENDS_WITHIN_MS)
    await worker.request('PUT', `/connectors/${topic}/resume`)
    await until(has(true), 50, ENDS_WITHIN_MS)
    await worker.request('DELETE', `/connectors/${topic}`)
    await until(has(false), 50, ENDS_WITHIN_MS)
  } finally {
    await redis.quit()
    await servers.close()
  }
})
