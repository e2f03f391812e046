import assert from 'node:assert/strict'
import { test } from 'node:test'
import { environmentValues } from '../../lib/secrets/environment.ts'

const ENVIRONMENT = { DB_PASSWORD: 'pw', EMPTY: '', XDB_PASSWORD: 'other' }

test('a variable is found by its name, an empty one too; a missing one is not there', async () => {
  const values = environmentValues(ENVIRONMENT)

  const found = [await values.get('', 'DB_PASSWORD'), await values.get('', 'EMPTY')]

  assert.deepEqual(found, ['pw', ''])
  assert.equal(await values.get('', 'NOPE'), undefined)
  assert.equal(await values.get('', 'toString'), undefined)
})

test('a pattern allows names as a whole', async () => {
  const values = environmentValues(ENVIRONMENT, 'DB_.*|EMPTY')

  assert.equal(await values.get('', 'DB_PASSWORD'), 'pw')
  assert.equal(await values.get('', 'EMPTY'), '')
  assert.equal(await values.get('', 'XDB_PASSWORD'), undefined)
})

test('a path is refused in Kafka’s words', async () => {
  const values = environmentValues(ENVIRONMENT)

  await assert.rejects(values.get('some/path', 'DB_PASSWORD'), {
    name: 'ConfigException',
    message: "Path is not supported for EnvVarConfigProvider, invalid value 'some/path'",
  })
})

test('a pattern that is none is refused when the worker starts', () => {
  assert.throws(() => environmentValues(ENVIRONMENT, '('), {
    name: 'ConfigException',
    message: /^Invalid value \( for configuration allowlist\.pattern: /,
  })
})
