import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Schema } from '../../lib/data/schema.ts'
import type { Value } from '../../lib/data/value.ts'
import { flatten } from '../../lib/transforms/flatten.ts'
import { testRecorded } from '../vectors/record-vectors.ts'
import { configured, recordOf } from './examples.ts'

testRecorded('transforms', ['Flatten'])

const [, flattenValue] = flatten

test('what is wrong first in the order of the fields is named', () => {
  const map: Schema = { type: 'map', keys: { type: 'string' }, values: { type: 'string' } }
  const inner: Schema = { type: 'struct', fields: [{ name: 'b', schema: { type: 'int32' } }] }
  const valueSchema: Schema = {
    type: 'struct',
    fields: [
      { name: 'a.b', schema: { type: 'int32' } },
      { name: 'a', schema: inner },
      { name: 'm', schema: map },
    ],
  }
  const transform = configured(flattenValue, {})

  const apply = () => transform.apply(recordOf({ valueSchema, value: {} }))

  assert.throws(apply, {
    name: 'SchemaBuilderException',
    message: 'Cannot create field because of field name duplication a.b',
  })
})

test('a map is not left out because of what it is called', () => {
  const inner = new Map<string, string>([
    ['constructor', 'x'],
    ['__proto__', 'y'],
  ])

  const changed = configured(flattenValue, { delimiter: '' }).apply(
    recordOf({ value: new Map([['', inner]]) }),
  )

  assert.deepEqual(changed?.value, inner)
})

test('a field called __proto__ is a field', () => {
  const valueSchema: Schema = {
    type: 'struct',
    fields: [{ name: '__proto__', schema: { type: 'int32' } }],
  }
  const value = Object.fromEntries([['__proto__', 7]])

  const changed = configured(flattenValue, {}).apply(recordOf({ valueSchema, value }))

  assert.deepEqual(Object.entries(changed?.value ?? {}), [['__proto__', 7]])
})

test('a key that is no text is an error, as Java stumbles over it', () => {
  const transform = configured(flattenValue, {})

  const apply = () => transform.apply(recordOf({ value: new Map([[7n, 'x']]) }))

  assert.throws(apply, /java\.lang\.Long cannot be cast/)
})

test('a null key stays one; what lies in a map under it has no name', () => {
  const transform = configured(flattenValue, {})
  const value = new Map<Value, Value>([
    ['a', new Map([[null, 1n]])],
    [null, 'x'],
  ])

  const changed = transform.apply(recordOf({ value }))

  assert.deepEqual(
    changed?.value,
    new Map<Value, Value>([
      ['a.null', 1n],
      [null, 'x'],
    ]),
  )
  assert.throws(() => transform.apply(recordOf({ value: new Map([[null, value]]) })), {
    name: 'DataException',
  })
})
