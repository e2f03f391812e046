import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Schema } from '../../lib/data/schema.ts'
import { fieldAt, parsePath, valueInMap, valueInStruct } from '../../lib/transforms/field-path.ts'

const PATHS: readonly (readonly [string, readonly string[]])[] = [
  ['a', ['a']],
  ['a.b.c', ['a', 'b', 'c']],
  ['a..b', ['a', '', 'b']],
  ['.a', ['', 'a']],
  ['a.', ['a', '']],
  ['`a.b`.c', ['a.b', 'c']],
  ['a.`b.c`', ['a', 'b.c']],
  ['`a`.', ['a', '']],
  ['`a`b`.c', ['a`b', 'c']],
  ['`a\\`.b`.c', ['a`.b', 'c']],
  ['`a\\`b`', ['a\\`b']],
  ['a`b', ['a`b']],
  ['``', ['']],
  ['', []],
]

for (const [text, steps] of PATHS)
  test(`the path ${JSON.stringify(text)} has the steps ${JSON.stringify(steps)}`, () => {
    assert.deepEqual(parsePath(text, 'V2'), steps)
  })

for (const [text, position] of [
  ['`a', 0],
  ['a.`b.c', 2],
  ['`a\\`', 0],
  ['`a`b', 0],
  ['`', 0],
] as const)
  test(`the path ${text} lacks a backtick`, () => {
    assert.throws(() => parsePath(text, 'V2'), {
      name: 'ConfigException',
      message: `Incomplete backtick pair in path: [${text}], consider adding a backslash before backtick at position ${position} to escape it`,
    })
  })

test('in V1 a path is a name, whatever is in it', () => {
  assert.deepEqual(parsePath('`a.b', 'V1'), ['`a.b'])
})

const INNER: Schema = {
  type: 'struct',
  optional: true,
  default: { x: 9 },
  fields: [{ name: 'x', schema: { type: 'int32', optional: true, default: 5 } }],
}
const OUTER: Schema = {
  type: 'struct',
  fields: [
    { name: 'inner', schema: INNER },
    { name: 'text', schema: { type: 'string' } },
  ],
}

test('a path leads to a field, or nowhere', () => {
  assert.equal(fieldAt(OUTER, ['inner', 'x'])?.schema.default, 5)
  assert.equal(fieldAt(OUTER, ['gone', 'x']), undefined)
  assert.equal(fieldAt(OUTER, ['inner', 'gone']), undefined)
  assert.throws(() => fieldAt(OUTER, ['text', 'x']), {
    message: 'Cannot look up fields on non-struct type',
  })
})

test('on the way a default stands in for null; at the end only when it is meant to', () => {
  const whole = { schema: OUTER, struct: { inner: null, text: '' } }
  const set = { schema: OUTER, struct: { inner: { x: null }, text: '' } }

  assert.equal(valueInStruct(whole, ['inner', 'x'], false), 9)
  assert.equal(valueInStruct(set, ['inner', 'x'], false), null)
  assert.equal(valueInStruct(set, ['inner', 'x'], true), 5)
})

test('a map is gone through by its keys', () => {
  const map = new Map([['a', new Map([['b', false]])]])

  assert.equal(valueInMap(map, ['a', 'b']), false)
  assert.equal(valueInMap(map, ['gone', 'b']), null)
  assert.throws(() => valueInMap(map, ['a', 'b', 'c']), {
    message:
      'Only Map objects supported in absence of schema for [nested field access], found: java.lang.Boolean',
  })
})
