import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Schema } from '../../lib/data/schema.ts'
import { Decimal, Sized, type Value } from '../../lib/data/value.ts'
import { DataError } from '../../lib/errors.ts'
import { maskOf } from '../../lib/transforms/mask.ts'

const of = (type: Schema['type']): Schema => ({ type })

const MASKED: readonly [text: string, schema: Schema, had: Value, has: Value][] = [
  ['300', of('int8'), 1, 44],
  ['-32769', of('int16'), 1, 32767],
  ['1e2', of('int32'), 1, 100],
  ['2147483648', of('int32'), 1, -2147483648],
  ['-1.9', of('int64'), 1n, -1n],
  ['9223372036854775808', of('int64'), 1n, -(2n ** 63n)],
  ['1e64', of('int64'), 1n, 0n],
  ['1e-2147483647', of('int64'), 1n, 0n],
  ['1e39', of('float32'), 1, Infinity],
  ['-0.0', of('float64'), 1, 0],
  ['-1e-400', of('float64'), 1, -0],
  ['.5', of('float64'), 1, 0.5],
  ['\uff11\uff12', of('int32'), 1, 12],
  ['1e2', of('string'), 'x', '1e2'],
]

for (const [text, schema, had, has] of MASKED)
  test(`${text} in the place of a ${schema.type} is ${has}`, () => {
    const masked = maskOf(text)(had, schema)

    assert.deepEqual(masked, has)
  })

for (const text of ['abc', '1d', '0x10', '1e', '.', '--1', '1_0', '1e2147483648', 'NaN'])
  test(`${text} is no number`, () => {
    assert.throws(
      () => maskOf(text)(1, of('int32')),
      new DataError(`Unable to convert ${text} (class java.lang.String) to a number`),
    )
  })

test('without a schema the type of a number is that of the value', () => {
  const mask = maskOf('300')

  const masked = [1, 1n, new Sized('int8', 1), new Sized('float32', 1)].map((had) =>
    mask(had, null),
  )

  assert.deepEqual(masked, [300, 300n, new Sized('int8', 44), new Sized('float32', 300)])
})

test('a number at odds with its schema keeps its own type, so that it is refused', () => {
  const masked = maskOf(null)(new Sized('int16', 1), of('int8'))

  assert.deepEqual(masked, new Sized('int16', 0))
})

test('a decimal keeps the scale of the replacement, and is 0 without one', () => {
  const had = new Decimal(1050n, 2)

  const masked = [maskOf('1.500')(had, null), maskOf(null)(had, null)]

  assert.deepEqual(masked, [new Decimal(1500n, 3), new Decimal(0n, 0)])
})
