import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validateConfig } from '../../lib/config/config-def.ts'
import type { Schema } from '../../lib/data/schema.ts'
import { cast } from '../../lib/transforms/cast/index.ts'
import { testRecorded } from '../vectors/record-vectors.ts'
import { configured, recordOf } from './examples.ts'

testRecorded('transforms', ['Cast'])

// Answers of connect-transforms 4.3.1 (JDK 17, UTC) to every source type, target and edge value: 1,333 of the 34,240 that were compared.
testRecorded('transforms', ['parity-cast'])

const [, castValue] = cast

const ORDER: Schema = {
  type: 'struct',
  fields: [
    { name: 'id', schema: { type: 'int32' } },
    { name: 'note', schema: { type: 'string', optional: true, default: 'none' } },
  ],
}

test('records of one schema get the very same new schema', () => {
  const transform = configured(castValue, { spec: 'id:string' })
  const first = transform.apply(recordOf({ valueSchema: ORDER, value: { id: 1, note: null } }))

  const second = transform.apply(recordOf({ valueSchema: ORDER, value: { id: 2, note: null } }))

  assert.equal(second?.valueSchema, first?.valueSchema)
  assert.deepEqual(second?.value, { id: '2', note: 'none' })
})

test('the record that is given is not changed', () => {
  const value = new Map([['id', '7']])
  const record = recordOf({ value })

  const changed = configured(castValue, { spec: 'id:int64' }).apply(record)

  assert.deepEqual(changed?.value, new Map([['id', 7n]]))
  assert.deepEqual(value, new Map([['id', '7']]))
  assert.equal(record.value, value)
})

test('of two texts that cannot be cast the one that a Java HashMap comes to first is named', () => {
  const value = new Map([
    ['id', 'one'],
    ['name', 'two'],
  ])
  const transform = configured(castValue, { spec: 'id:int8,name:int8' })

  const apply = () => transform.apply(recordOf({ value }))

  assert.throws(apply, { message: 'Value (two) was out of range for requested data type' })
})

test('a key of another name than a spec can give stays as it is', () => {
  const value = new Map([[7n, 'x']])

  const changed = configured(castValue, { spec: 'a:int8' }).apply(recordOf({ value }))

  assert.deepEqual(changed?.value, new Map<unknown, unknown>([[7n, 'x']]).set('a', null))
})

const SPECS: readonly (readonly [string | undefined, readonly string[]])[] = [
  ['id:int8,name:STRING', []],
  [' id : Int8 ', []],
  ['int8', []],
  ['a:int8:', []],
  [':int8', []],
  ['', ['Must specify at least one field to cast.']],
  [
    undefined,
    [
      'Missing required configuration "spec" which has no default value.',
      'Must specify at least one field to cast.',
    ],
  ],
  ['a:b:c', ['Invalid value [a:b:c] for configuration renames: Invalid rename mapping: a:b:c']],
  [
    'x:',
    [
      'Invalid value java.lang.IllegalArgumentException: No enum constant org.apache.kafka.connect.data.Schema.Type.X for configuration Invalid type found in casting spec: x',
    ],
  ],
  [
    'x:map',
    [
      'Cast transformation does not support casting to MAP; supported types are [INT8, INT16, INT32, INT64, FLOAT32, FLOAT64, BOOLEAN, STRING]',
    ],
  ],
  [
    'int8,int8',
    [
      'Cast transformations that specify a type to cast the entire value to may only specify a single cast in their spec',
    ],
  ],
]

for (const [spec, errors] of SPECS)
  test(`validation of the spec ${spec} answers ${errors.length} errors`, () => {
    const [validated] = validateConfig(castValue.config, spec === undefined ? {} : { spec })

    assert.deepEqual(validated?.errors, errors)
  })

test('a spec of colons alone is refused', () => {
  const [validated] = validateConfig(castValue.config, { spec: '::' })

  assert.equal(validated?.errors.length, 1)
})
