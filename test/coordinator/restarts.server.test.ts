/** A task on a real MySQL that is out of reach when it starts. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { addresses } from '../../infra/stack/addresses.ts'
import { closedPort, type TcpProxy, tcpProxy } from '../../infra/tcp-proxy.ts'
import { coordinate } from '../../lib/coordinator/coordinate.ts'
import { systemClock } from '../../lib/monitoring/system-clock.ts'
import type { Ports, TaskEvent } from '../../lib/ports.ts'
import { plugins } from '../../lib/registry.ts'
import { handleRequest } from '../../lib/rest/router.ts'
import { runSource } from '../../lib/runtime/source-task.ts'
import { databaseForTest, type TestDatabase } from '../connectors/mysql-for-test.ts'
import { portsForTest } from '../runtime/ports-for-test.ts'

const RESTARTS = { 'task.restart.max': '5', 'task.restart.backoff.ms': '1000' }

let database: TestDatabase
const open: (() => Promise<unknown>)[] = []
before(async () => {
  database = await databaseForTest()
  await database.sql.query('CREATE TABLE orders (id BIGINT PRIMARY KEY, name VARCHAR(20))')
  await database.sql.query("INSERT INTO orders VALUES (1, 'one'), (2, 'two')")
})
after(async () => {
  for (const close of open) await close()
  await database.drop()
})

/** Coordinator and source function over rows in memory, woken three times a second. */
async function running(connector: string, config: object) {
  const sent: string[] = []
  const ending = new AbortController()
  const invocations = new Map<string, Promise<void>>()
  const invocation = { remainingMs: () => (ending.signal.aborted ? 0 : 900_000) }
  const source = async (event: TaskEvent) => {
    const key = JSON.stringify(event)
    if (ending.signal.aborted || invocations.has(key)) return
    const id = `${connector}-${Math.floor(performance.now())}`
    const run = runSource(event, { ...invocation, id }, ports, plugins)
    invocations.set(
      key,
      run.finally(() => invocations.delete(key)),
    )
  }
  const ports: Ports = {
    ...portsForTest({ clock: systemClock }),
    producers: {
      connect: async () => ({
        send: async (records) => void sent.push(...records.map(({ value }) => String(value))),
        disconnect: async () => undefined,
      }),
    },
    invoker: { source, sink: source, coordinator: async () => undefined },
  }
  async function send(method: string, path: string, body?: object) {
    const headers = { host: 'test', 'content-type': 'application/json' }
    const text = body && JSON.stringify(body)
    const request = { method, path, query: '', headers, body: text }
    const answer = await handleRequest(request, { ports, plugins })
    return answer.body ? JSON.parse(answer.body) : undefined
  }
  async function ticks() {
    while (!ending.signal.aborted) {
      await coordinate({}, ports, plugins)
      await sleep(300)
    }
  }
  await send('PUT', `/connectors/${connector}/config`, config)
  const ticking = ticks()
  open.push(async () => {
    ending.abort()
    await ticking
    await Promise.all(invocations.values())
  })
  const status = () => send('GET', `/connectors/${connector}/tasks/0/status`)
  async function until(state: string) {
    for (let looks = 0; looks < 300; looks++) {
      const shown = await status()
      if (shown?.state === state) return shown
      await sleep(100)
    }
    throw new Error(`${connector} is not ${state}: ${JSON.stringify(await status())}`)
  }
  return { sent, status, until }
}

const configOf = (port: number, more: object = {}) => ({
  ...database.config('orders', {
    'connector.class': 'com.github.taven.source.ExampleSourceConnector',
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'header.converter': 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
  }),
  'database.url': database.url('useSSL=false', { host: '127.0.0.1', port }),
  ...more,
})

/** A way to MySQL by the port that nobody listened on before. */
async function mysqlAt(port: number): Promise<TcpProxy> {
  const proxy = await tcpProxy(addresses().mysql, port)
  open.push(() => proxy.close())
  return proxy
}

test('a task whose MySQL was away comes back by itself where that is asked for, and only there', async () => {
  const port = await closedPort()
  const healing = await running('healing', configOf(port, RESTARTS))
  const staying = await running('staying', configOf(port))

  const [failed, left] = [await healing.until('FAILED'), await staying.until('FAILED')]
  await mysqlAt(port)
  const healed = await healing.until('RUNNING')

  assert.match(failed.reason, /ECONNREFUSED.*it is restarted by itself at .*1 of 5 in a row$/)
  assert.ok(Date.parse(failed.next_restart) >= Date.parse(failed.since) + 1_000)
  assert.match(failed.last_error, /ECONNREFUSED/)
  assert.equal(healed.last_error?.includes('ECONNREFUSED'), true)
  assert.deepEqual(await staying.status(), left)
  assert.equal(left.next_restart, undefined)
})

test('a wrong password is not tried again', async () => {
  const wrong = await running(
    'wrong',
    configOf(addresses().mysql.port, { ...RESTARTS, 'database.password': 'wrong' }),
  )
  const failed = await wrong.until('FAILED')
  await sleep(3_000)

  assert.equal(failed.next_restart, undefined)
  assert.deepEqual(await wrong.status(), failed)
})

test('a poison record is not restarted', async () => {
  const poisoned = await running('poisoned', {
    ...configOf(addresses().mysql.port, RESTARTS),
    transforms: 'cast',
    'transforms.cast.type': 'org.apache.kafka.connect.transforms.Cast$Value',
    'transforms.cast.spec': 'name:int32',
  })
  const failed = await poisoned.until('FAILED')
  await sleep(3_000)

  assert.match(failed.last_error, /stage TRANSFORMATION, class .*Cast\$Value, record \{.*\}@\{/)
  assert.equal(failed.next_restart, undefined)
  assert.deepEqual(await poisoned.status(), failed)
  assert.deepEqual(poisoned.sent, [])
})
