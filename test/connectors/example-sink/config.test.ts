import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validateConfig } from '../../../lib/config/config-def.ts'
import { exampleSink } from '../../../lib/connectors/example-sink/index.ts'
import { plugins } from '../../../lib/registry.ts'

// The seed's script/sink.json.
const sample = {
  'redis.host': 'localhost',
  'redis.port': '6379',
  'redis.database': '0',
  'redis.password': '',
}

const errorsOf = (raw: Readonly<Record<string, string>>): string[] =>
  validateConfig(exampleSink.config, raw).flatMap(({ errors }) => errors)

test('it goes by the seed’s class name, and by its simple ones', () => {
  for (const name of [
    'com.github.taven.sink.ExampleSinkConnector',
    'ExampleSinkConnector',
    'ExampleSink',
  ])
    assert.equal(plugins.connector(name), exampleSink)
})

test('the seed’s sample is right as it stands, its password empty', () => {
  assert.deepEqual(errorsOf(sample), [])
})

test('its four keys are required', () => {
  assert.deepEqual(
    errorsOf({}),
    Object.keys(sample).map(
      (key) => `Missing required configuration "${key}" which has no default value.`,
    ),
  )
})

for (const [key, value, message] of [
  ['redis.port', 'x', 'Invalid value x for configuration redis.port: Not a number of type INT'],
  ['redis.port', '0', 'Invalid value 0 for configuration redis.port: Value must be at least 1'],
  [
    'redis.port',
    '65536',
    'Invalid value 65536 for configuration redis.port: Value must be no more than 65535',
  ],
  [
    'redis.database',
    '-1',
    'Invalid value -1 for configuration redis.database: Value must be at least 0',
  ],
] as const)
  test(`${key} cannot be ${value}`, () => {
    assert.deepEqual(errorsOf({ ...sample, [key]: value }), [message])
  })
