import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { closedPort } from '../../../infra/tcp-proxy.ts'
import { parseConfig, type RawConfig } from '../../../lib/config/config-def.ts'
import { exampleSink } from '../../../lib/connectors/example-sink/index.ts'
import { privateRedis } from '../redis-for-test.ts'
import { silentPort } from '../silent-port.ts'

const server = await privateRedis('--requirepass', 'right-secret', '--databases', '2')
after(() => server.stop())

const probe = async (changes: RawConfig) => {
  const config = parseConfig(exampleSink.config, {
    'redis.host': server.host,
    'redis.port': String(server.port),
    'redis.database': '1',
    'redis.password': 'right-secret',
    ...changes,
  })
  return exampleSink.probe?.(config, AbortSignal.timeout(15_000))
}
const place = `Redis at ${server.host}:${server.port}, database`

test('a server that lets one in leaves nothing to say', async () => {
  assert.deepEqual(await probe({}), {})
})

test('a wrong password is said at the password, and not told', async () => {
  assert.deepEqual(await probe({ 'redis.password': 'wrong-secret' }), {
    'redis.password': [
      `Connecting to ${place} 1 failed: WRONGPASS invalid username-password pair or user is disabled. (redis.password)`,
    ],
  })
})

test('a database that the server has not is said at the database', async () => {
  assert.deepEqual(await probe({ 'redis.database': '2' }), {
    'redis.database': [
      `Connecting to ${place} 2 failed: ERR DB index is out of range (redis.database)`,
    ],
  })
})

test('a port where nobody listens is said at the host, with the address', async () => {
  const port = await closedPort()

  assert.deepEqual(await probe({ 'redis.port': String(port) }), {
    'redis.host': [
      `Connecting to Redis at ${server.host}:${port}, database 1 failed: connect ECONNREFUSED ${server.host}:${port}`,
    ],
  })
})

test('a port that accepts and never answers takes 5 s', async () => {
  const silent = await silentPort()
  after(() => silent.close())
  const startedAt = performance.now()

  const found = await probe({ 'redis.port': String(silent.port) })

  const tookMs = performance.now() - startedAt
  assert.deepEqual(Object.keys(found ?? {}), ['redis.host'])
  assert.match(
    found?.['redis.host']?.[0] ?? '',
    new RegExp(`^Connecting to Redis at 127\\.0\\.0\\.1:${silent.port}, database 1 failed: `),
  )
  assert.ok(tookMs > 4_900 && tookMs < 8_000, `it took ${tookMs} ms`)
})
