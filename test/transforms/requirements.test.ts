import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Schema } from '../../lib/data/schema.ts'
import { Decimal, structSchema, type Value } from '../../lib/data/value.ts'
import {
  requireMap,
  requireName,
  requireSchema,
  requireStruct,
} from '../../lib/transforms/requirements.ts'

const STRUCT: Schema = { type: 'struct', fields: [{ name: 'a', schema: { type: 'int32' } }] }

test('a map is a Map or a plain object', () => {
  const map = new Map([['a', 1n]])

  assert.equal(requireMap(map, 'testing'), map)
  assert.deepEqual(requireMap({ a: 1n }, 'testing'), map)
})

const NO_MAPS: readonly (readonly [Value, string])[] = [
  [null, 'null'],
  ['x', 'java.lang.String'],
  [[], 'java.util.ArrayList'],
  [new Decimal(1n, 0), 'java.math.BigDecimal'],
  [{ [structSchema]: STRUCT } as unknown as Value, 'org.apache.kafka.connect.data.Struct'],
]

for (const [value, found] of NO_MAPS)
  test(`${found} is no map`, () => {
    assert.throws(() => requireMap(value, 'testing'), {
      name: 'DataException',
      message: `Only Map objects supported in absence of schema for [testing], found: ${found}`,
    })
  })

test('a struct has its own schema or that around it', () => {
  const own: Schema = { type: 'struct', fields: [] }
  const struct = { [structSchema]: own } as unknown as Value

  assert.equal(requireStruct({ schema: STRUCT, value: { a: 1 } }, 'testing').schema, STRUCT)
  assert.equal(requireStruct({ schema: STRUCT, value: struct }, 'testing').schema, own)
})

test('a map or a text is no struct', () => {
  for (const [value, found] of [
    [new Map(), 'java.util.HashMap'],
    ['x', 'java.lang.String'],
    [null, 'null'],
  ] as const)
    assert.throws(() => requireStruct({ schema: STRUCT, value }, 'testing'), {
      message: `Only Struct objects supported for [testing], found: ${found}`,
    })
})

test('a schema may be asked for', () => {
  assert.equal(requireSchema(STRUCT, 'testing'), STRUCT)
  assert.throws(() => requireSchema(null, 'testing'), { message: 'Schema required for [testing]' })
})

test('a name is text or null', () => {
  assert.equal(requireName('a'), 'a')
  assert.equal(requireName(null), null)
  assert.throws(() => requireName(1n), /java\.lang\.Long cannot be cast/)
})
