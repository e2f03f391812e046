import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validateConfig } from '../../lib/config/config-def.ts'
import type { Schema } from '../../lib/data/schema.ts'
import { Sized, structSchema } from '../../lib/data/value.ts'
import { extractField } from '../../lib/transforms/extract-field.ts'
import { testRecorded } from '../vectors/record-vectors.ts'
import { configured, recordOf } from './examples.ts'

testRecorded('transforms', ['ExtractField'])

const [, extractValue] = extractField

const structWith = (schema: Schema): Schema => ({
  type: 'struct',
  fields: [{ name: 'n', schema }],
})

test('a value that is false stays one, and is no reason to look no further', () => {
  const transform = configured(extractValue, { field: 'n' })

  assert.equal(transform.apply(recordOf({ value: new Map([['n', false]]) }))?.value, false)
  assert.throws(() => transform.apply(recordOf({ value: false })), {
    message:
      'Only Map objects supported in absence of schema for [field extraction], found: java.lang.Boolean',
  })
})

test('of a struct with a schema of its own the value keeps the type that it has there', () => {
  const struct = { n: 7, [structSchema]: structWith({ type: 'int8' }) }
  const record = recordOf({ valueSchema: structWith({ type: 'int32' }), value: struct })

  const changed = configured(extractValue, { field: 'n' }).apply(record)

  assert.deepEqual(changed?.value, new Sized('int8', 7))
  assert.deepEqual(changed?.valueSchema, { type: 'int32' })
})

test('a path that is broken is found when the transform is made, not in validation', () => {
  const config = { field: '`a', 'field.syntax.version': 'v2' }

  const errors = validateConfig(extractValue.config, config).flatMap((value) => value.errors)

  assert.deepEqual(errors, [])
  assert.throws(() => configured(extractValue, config), { name: 'ConfigException' })
})
