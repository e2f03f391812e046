import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validateConfig } from '../../lib/config/config-def.ts'
import { examples, valueToKey } from '../../lib/transforms/value-to-key.ts'
import { testRecorded } from '../vectors/record-vectors.ts'
import { configured, recordOf, testExamples } from './examples.ts'

testExamples([valueToKey], examples)
testRecorded('transforms', ['ValueToKey'])

test('a field listed twice is one of the key, though validation names it', () => {
  const value = new Map([['id', 7n]])

  const changed = configured(valueToKey, { fields: 'id,id' }).apply(recordOf({ value }))
  const [fields] = validateConfig(valueToKey.config, { fields: 'id,id' })

  assert.deepEqual(changed?.key, new Map([['id', 7n]]))
  assert.deepEqual(fields?.errors, ["Configuration 'fields' values must not be duplicated."])
})
