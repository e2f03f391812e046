import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hoistField } from '../../lib/transforms/hoist-field.ts'
import { testRecorded } from '../vectors/record-vectors.ts'
import { configured, recordOf } from './examples.ts'

testRecorded('transforms', ['HoistField'])

const [, hoistValue] = hoistField

test('a null has no place in a required field, even where its schema has a default', () => {
  const transform = configured(hoistValue, { field: 'n' })
  const record = recordOf({ valueSchema: { type: 'int32', default: 7 }, value: null })

  assert.throws(() => transform.apply(record), {
    message: 'Invalid value: null used for required field: "n", schema type: INT32',
  })
})

test('a field may be called __proto__', () => {
  const transform = configured(hoistValue, { field: '__proto__' })

  const changed = transform.apply(recordOf({ valueSchema: { type: 'int32' }, value: 7 }))

  assert.deepEqual(Object.entries(changed?.value ?? {}), [['__proto__', 7]])
})
