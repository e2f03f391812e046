import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Validated } from './config-cases.ts'
import { restWorker } from './rest-worker.ts'

const SINK = {
  'connector.class': 'FileStreamSink',
  name: 'k',
  topics: 'a',
  'consumer.override.max.poll.records': 'abc',
}

const MESSAGE = 'Invalid value abc for configuration max.poll.records: Not a number of type INT'

test('an override that its client does not understand is a 500, of validation and of creation', async () => {
  const { send, stores } = restWorker()

  const validated = await send('PUT', '/connector-plugins/FileStreamSink/config/validate', SINK)
  const created = await send('POST', '/connectors', { name: 'k', config: SINK })

  assert.equal(validated.status, 500)
  assert.deepEqual(validated.json, {
    error_code: 500,
    message: `org.apache.kafka.common.config.ConfigException: ${MESSAGE}`,
  })
  assert.equal(created.status, 500)
  assert.deepEqual(created.json, { error_code: 500, message: MESSAGE })
  assert.deepEqual(await stores.configs.list(), [])
})

test('an override that the policy forbids counts once, and creates nothing', async () => {
  const overrides = { 'connector.client.config.override.policy': 'None' }
  const { send } = restWorker({ overrides })
  const config = { ...SINK, 'consumer.override.max.poll.records': '5' }

  const { json } = await send('PUT', '/connector-plugins/FileStreamSink/config/validate', config)
  const created = await send('POST', '/connectors', { name: 'k', config })

  const validated = json as Validated
  assert.equal(validated.error_count, 1)
  assert.deepEqual(validated.configs.at(-1)?.value.errors, [
    "The 'None' policy does not allow 'max.poll.records' to be overridden in the connector configuration.",
  ])
  assert.equal(created.status, 400)
})
