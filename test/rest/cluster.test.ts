import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Stores } from '../../lib/store/stores.ts'
import { restWorker } from './rest-worker.ts'

test('the root tells Kafka’s version, by which clients decide what they may call', async () => {
  const { body } = await restWorker().send('GET', '/')

  assert.equal(
    body,
    '{"version":"4.3.1","commit":"26b251a451ce941d","kafka_cluster_id":"w4FVwsEsRCuAuR9joataTA"}',
  )
})

const reading = (target: Stores['configs']['target']) => (stores: Stores) => ({
  ...stores,
  configs: { ...stores.configs, target },
})

const UNHEALTHY = {
  status: 'unhealthy',
  message: 'Worker was unable to handle this request and may be unable to handle other requests.',
}

test('a worker whose store fails is unhealthy', async () => {
  const { send, lines } = restWorker({
    stores: reading(() => Promise.reject(new Error('no such table'))),
  })

  const answer = await send('GET', '/health')

  assert.equal(answer.status, 500)
  assert.deepEqual(answer.json, UNHEALTHY)
  assert.deepEqual(lines, [{ level: 'error', message: 'The store cannot be read: no such table' }])
})

test('a worker whose store does not answer in time is unhealthy', async () => {
  const { send } = restWorker({
    stores: reading(() => new Promise(() => {})),
    isImpatient: true,
  })

  const answer = await send('GET', '/health')

  assert.equal(answer.status, 500)
  assert.deepEqual(answer.json, UNHEALTHY)
})
