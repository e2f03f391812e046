// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are written so.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Validated } from './config-cases.ts'
import { examplePlugins, exampleSink, exampleSource } from './example-plugins.ts'
import { restWorker } from './rest-worker.ts'

const providers = { env: { get: async () => undefined } }

const SINK = {
  'connector.class': exampleSink.name,
  name: 'k',
  topics: 'a',
  'redis.host': 'h',
  'redis.port': '${env:PORT}',
  'redis.database': '1',
  'redis.password': '${env:PASSWORD}',
}

const worker = () => restWorker({ plugins: examplePlugins, configProviders: providers })

async function errorsOf(config: object): Promise<Record<string, readonly string[]>> {
  const { json } = await worker().send(
    'PUT',
    '/connector-plugins/ExampleSink/config/validate',
    config,
  )
  const { configs } = json as Validated
  return Object.fromEntries(
    configs.flatMap(({ value }) => (value.errors.length > 0 ? [[value.name, value.errors]] : [])),
  )
}

test('a reference is refused neither for its type nor for a rule', async () => {
  assert.deepEqual(
    await errorsOf({
      ...SINK,
      'tasks.max': '${env:TASKS}',
      'errors.tolerance': 'x${env:TOLERANCE}',
      transforms: '${env:TRANSFORMS}',
      'value.converter': '${env:CONVERTER}',
      'consumer.override.max.poll.records': '${env:RECORDS}',
    }),
    {},
  )
})

test('a reference to a place that there is not is plain text', async () => {
  const { 'redis.port': errors } = await errorsOf({ ...SINK, 'redis.port': '${vault:PORT}' })

  assert.deepEqual(errors, [
    'Invalid value ${vault:PORT} for configuration redis.port: Not a number of type INT',
  ])
})

test('everything else of such a configuration is checked as ever', async () => {
  const errors = await errorsOf({ ...SINK, 'tasks.max': '0', 'redis.database': 'x' })

  assert.deepEqual(Object.keys(errors), ['tasks.max', 'redis.database'])
})

test('rows and answers keep references, and a password that is one is shown', async () => {
  const { send, stores } = worker()
  const config = { ...SINK, 'consumer.override.sasl.jaas.config': 'user ${env:USER}' }

  const created = await send('PUT', '/connectors/k/config', config)
  const shown = (await send('GET', '/connectors/k/config')).json

  assert.equal(created.status, 201, created.body)
  assert.deepEqual((await stores.configs.get('k'))?.config, config)
  assert.deepEqual(shown, { ...config, 'consumer.override.sasl.jaas.config': '[hidden]' })
})

test('a password that only looks like a reference is hidden', async () => {
  const { send } = worker()
  const source = {
    'connector.class': exampleSource.name,
    'database.url': 'u',
    'database.username': 'n',
    'database.password': '${vault:x}',
    'database.tables': 't',
  }

  await send('PUT', '/connectors/s/config', source)

  const { json } = await send('GET', '/connectors/s/config')
  assert.equal((json as typeof source)['database.password'], '[hidden]')
})
