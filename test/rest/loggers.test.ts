import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LOGGERS } from '../../lib/config/loggers.ts'
import type { Worker } from '../../lib/ports.ts'
import { handleRequest } from '../../lib/rest/router.ts'
import { exampleSink } from './example-plugins.ts'
import { NOW, restWorker } from './rest-worker.ts'

const ORDERS = '/admin/loggers/shop.orders'
const INNER = `${ORDERS}.inner`

const setUp = (worker: Partial<Worker> = { loggerScope: 'w' }) => restWorker({ worker })

test('the list holds root, the loggers there are and the connectors, sorted, at INFO', async () => {
  const { send } = setUp()

  const { status, json } = await send('GET', '/admin/loggers')

  const names = Object.keys(json as object)
  assert.equal(status, 200)
  assert.deepEqual(names, [...names].sort())
  for (const name of ['root', ...Object.values(LOGGERS), exampleSink.name])
    assert.ok(names.includes(name), name)
  assert.deepEqual((json as Record<string, unknown>).root, { level: 'INFO', last_modified: null })
})

test('a logger that nobody knows is not found; setting it makes it', async () => {
  const { send } = setUp()

  const before = await send('GET', ORDERS)
  const set = await send('PUT', ORDERS, { level: 'debug' })

  assert.deepEqual(
    [before.status, before.json],
    [404, { error_code: 404, message: 'Logger shop.orders not found.' }],
  )
  assert.deepEqual([set.status, set.json], [200, ['shop.orders']])
  assert.deepEqual((await send('GET', ORDERS)).json, { level: 'DEBUG', last_modified: NOW })
})

test('setting one answers those below it too, sorted, and only those that changed', async () => {
  const { send, time } = setUp()
  await send('PUT', INNER, { level: 'TRACE' })
  await send('PUT', ORDERS, { level: 'DEBUG' })
  time.now += 1_000

  const both = await send('PUT', ORDERS, { level: 'WARN' })
  const again = await send('PUT', ORDERS, { level: 'warn' })
  const inner = await send('PUT', INNER, { level: 'OFF' })
  const outer = await send('PUT', ORDERS, { level: 'ERROR' })

  assert.deepEqual(both.json, ['shop.orders', 'shop.orders.inner'])
  assert.deepEqual(again.json, [])
  assert.deepEqual(inner.json, ['shop.orders.inner'])
  assert.deepEqual(outer.json, ['shop.orders', 'shop.orders.inner'])
  assert.deepEqual((await send('GET', INNER)).json, {
    level: 'ERROR',
    last_modified: NOW + 1_002,
  })
})

test('root is above all', async () => {
  const { send } = setUp()

  const { json } = await send('PUT', '/admin/loggers/ROOT', { level: 'ALL' })

  const all = Object.keys((await send('GET', '/admin/loggers')).json as object)
  assert.deepEqual(json, all)
  assert.equal(((await send('GET', '/admin/loggers/root')).json as { level: string }).level, 'ALL')
})

test("a worker's own level is its own; the cluster's is everybody's and answers nothing", async () => {
  const { send, stores } = setUp()
  const levelsOf = async (worker: string) =>
    (await stores.logLevels.read(worker)).map(({ level }) => level)

  await send('PUT', ORDERS, { level: 'DEBUG' })
  const own = [await levelsOf('w'), await levelsOf('other')]
  const cluster = await send('PUT', `${ORDERS}?scope=CLUSTER`, { level: 'TRACE' })

  assert.deepEqual(own, [['DEBUG'], []])
  assert.deepEqual([cluster.status, cluster.body], [204, ''])
  assert.deepEqual([await levelsOf('w'), await levelsOf('other')], [['DEBUG', 'TRACE'], ['TRACE']])
  assert.equal(((await send('GET', ORDERS)).json as { level: string }).level, 'TRACE')
})

test('a scope that is none is taken as the worker, with a warning', async () => {
  const { send, stores, lines } = setUp()

  const { status } = await send('PUT', `${ORDERS}?scope=banana`, { level: 'DEBUG' })

  assert.equal(status, 200)
  assert.deepEqual(await stores.logLevels.read('other'), [])
  assert.match(lines[0]?.message ?? '', /invalid scope 'banana'/)
})

test('where a worker is the whole deployment, its levels are those of all functions', async () => {
  const { send, stores } = setUp({})

  const { json } = await send('PUT', ORDERS, { level: 'DEBUG' })

  assert.deepEqual(json, ['shop.orders'])
  assert.equal((await stores.logLevels.read(undefined))[0]?.level, 'DEBUG')
})

for (const { body, status, message } of [
  { body: { level: 'LOUD' }, status: 404, message: "invalid log level 'LOUD'." },
  { body: { level: 5 }, status: 404, message: "invalid log level '5'." },
  { body: {}, status: 400, message: "Desired 'level' parameter was not specified in request." },
  {
    body: { level: null },
    status: 400,
    message: "Desired 'level' parameter was not specified in request.",
  },
  {
    body: 'null',
    status: 500,
    message: 'Cannot invoke "java.util.Map.get(Object)" because "levelMap" is null',
  },
])
  test(`${JSON.stringify(body)} is refused as Kafka Connect does`, async () => {
    const { send, stores } = setUp()

    const answer = await send('PUT', ORDERS, body)

    assert.deepEqual([answer.status, answer.json], [status, { error_code: status, message }])
    assert.deepEqual(await stores.logLevels.read('w'), [])
  })

test('a worker may have these paths not at all, or nothing but them', async () => {
  const statuses = async (admin?: Worker['admin']) => {
    const { api } = setUp({ ...(admin && { admin }) })
    // Not by `send`, which knows all paths there are.
    const ask = async (method: string, path: string) => {
      const request = { method, path, query: '', headers: {}, body: undefined }
      return (await handleRequest(request, api)).status
    }
    return [
      await ask('GET', '/admin/loggers'),
      await ask('GET', '/admin/loggers/root'),
      await ask('OPTIONS', '/admin/loggers'),
      await ask('GET', '/connectors'),
    ]
  }

  assert.deepEqual(await statuses(), [200, 200, 200, 200])
  assert.deepEqual(await statuses('none'), [404, 404, 404, 200])
  assert.deepEqual(await statuses('only'), [200, 200, 200, 404])
})

test('each request is a line of debugging, once that is wanted', async () => {
  const { api, send } = setUp()
  const lines: string[] = []
  const log = { ...api.ports.log, debug: (message: string) => void lines.push(message) }

  await send('GET', '/connectors/unseen/status')
  const request = { method: 'GET', path: '/connectors/c/topics', query: '', headers: {} }
  await handleRequest({ ...request, body: undefined }, { ...api, ports: { ...api.ports, log } })

  assert.deepEqual(lines, ['GET /connectors/c/topics 200'])
})
