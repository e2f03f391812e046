import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Password } from '../../lib/config/password.ts'
import { counters } from '../../lib/local/counters.ts'
import { restDoor } from '../../lib/rest/door.ts'
import type { Api } from '../../lib/rest/http.ts'
import { restWorker } from './rest-worker.ts'

function scene(worker: Partial<Api['ports']['worker']> = {}) {
  const { api } = restWorker()
  const metrics = counters()
  metrics.add('total-retries', 3, { connector: 'orders', task: 0 })
  const withMetrics: Api = {
    ...api,
    ports: { ...api.ports, metrics, worker: { ...api.ports.worker, ...worker } },
  }
  const ask = (served: Api, path: string, headers: Record<string, string> = {}, method = 'GET') =>
    restDoor(served, async (text) => text)({ method, path, query: '', headers, body: undefined })
  return { bare: api, withMetrics, ask }
}

test('a process that counts for itself tells Prometheus, whatever a scraper says it accepts', async () => {
  const { withMetrics, ask } = scene()

  for (const accept of [
    undefined,
    'text/plain',
    'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.1',
  ]) {
    const { status, headers, body } = await ask(withMetrics, '/metrics', accept ? { accept } : {})

    assert.equal(status, 200)
    assert.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
    assert.match(body, /^kafka_connect_task_error_total_retries\{connector="orders",task="0"} 3$/m)
  }
  assert.equal((await ask(withMetrics, '/metrics', {}, 'POST')).status, 405)
})

for (const admin of ['only', 'none'] as const)
  test(`with admin.listeners they are on both: here, where /admin is ${admin}`, async () => {
    const { withMetrics, ask } = scene({ admin })

    assert.equal((await ask(withMetrics, '/metrics')).status, 200)
  })

test('in AWS, where nobody asks a process, there is no such path, as in Kafka Connect', async () => {
  const { bare, ask } = scene()

  const { status, body } = await ask(bare, '/metrics')

  assert.equal(status, 404)
  assert.deepEqual(JSON.parse(body), { error_code: 404, message: 'HTTP 404 Not Found' })
})

test('who may not use the REST API may not read metrics', async () => {
  const { withMetrics, ask } = scene({ rest: { headers: [], users: new Password('eve=pw') } })
  const authorization = `Basic ${Buffer.from('eve:pw').toString('base64')}`

  const refused = await ask(withMetrics, '/metrics')
  const answered = await ask(withMetrics, '/metrics', { authorization })

  assert.equal(refused.status, 401)
  assert.ok(!refused.body.includes('orders'))
  assert.equal(answered.status, 200)
})
