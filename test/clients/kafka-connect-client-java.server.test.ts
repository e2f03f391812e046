import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { skipWithout } from '../skip-without.ts'
import { java, javaClient } from './java-client.ts'
import { assertLife, lifeCycle, seenBy } from './life-cycle.ts'

test("Maven's org.sourcelab:kafka-connect-client leads a connector through its life", async (t) => {
  if (await skipWithout(java, t)) return
  const script = await javaClient('LifeCycle')

  const { seen, names } = await lifeCycle(script)

  // It hands on less of a restart's answer, and asks a list for more.
  assertLife(seen, names, {
    restarted: [true, true, true],
    listed: [[names.connector], ['info', 'status']],
  })
})

const ADDED = {
  reason: 'a reason',
  since: '2026-01-01T00:00:00.000Z',
  last_error: 'the last error',
  next_restart: '2026-01-01T00:01:00.000Z',
  lag: 12,
}

test('it reads a status with all that we say beyond Kafka Connect', async (t) => {
  if (await skipWithout(java, t)) return
  const script = await javaClient('ReadStatus')
  const unit = { state: 'RUNNING', worker_id: 'w:1', ...ADDED }
  const whole = {
    name: 'c',
    connector: unit,
    tasks: [{ id: 0, ...unit }],
    type: 'source',
    health: 'healthy',
  }
  const server = createServer(({ url }, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(url === '/connectors/c/status' ? whole : { id: 0, ...unit }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  // A listening TCP server has an AddressInfo.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const { seen } = await seenBy(script, { url, connector: 'c', topic: '', file: '' })

  // Of the connector it makes a map of texts: whatever we add there has to be no object and no array.
  assert.deepEqual(seen, [{ ...unit, lag: '12' }, 'RUNNING', 'RUNNING'])
})
