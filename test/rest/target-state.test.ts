import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exampleSource } from './example-plugins.ts'
import { restWorker } from './rest-worker.ts'

const SOURCE = {
  'connector.class': exampleSource.name,
  'database.url': 'jdbc:mysql://db/shop',
  'database.username': 'app',
  'database.password': 'app',
  'database.tables': 'orders',
}

for (const { call, status, state } of [
  { call: 'pause', status: 202, state: 'PAUSED' },
  { call: 'stop', status: 204, state: 'STOPPED' },
  { call: 'resume', status: 202, state: 'RUNNING' },
]) {
  for (const from of ['pause', 'stop', 'resume']) {
    test(`PUT ${call} after ${from} is ${status}, empty, and wants ${state}`, async () => {
      const { send, stores, nudges } = restWorker()
      await send('PUT', '/connectors/c/config', SOURCE)
      await send('PUT', `/connectors/c/${from}`)
      const before = await stores.configs.get('c')
      nudges.length = 0

      const answer = await send('PUT', `/connectors/c/${call}`)

      assert.equal(answer.status, status)
      assert.equal(answer.body, '')
      assert.deepEqual(await stores.configs.get('c'), {
        ...before,
        targetState: state,
        revision: (before?.revision ?? 0) + (before?.targetState === state ? 0 : 1),
      })
      assert.deepEqual(nudges, [{ connector: 'c' }])
    })
  }

  test(`PUT ${call} of an unknown connector is 404, without a colon`, async () => {
    const { send, nudges } = restWorker()

    const answer = await send('PUT', `/connectors/nope/${call}`)

    assert.equal(answer.status, 404)
    assert.deepEqual(answer.json, { error_code: 404, message: 'Unknown connector nope' })
    assert.deepEqual(nudges, [])
  })
}
