import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Schema } from '../../lib/data/schema.ts'
import { Decimal, Sized, type Value } from '../../lib/data/value.ts'
import {
  numberOf,
  toFloat32,
  toFloat64,
  toInt8,
  toInt16,
  toInt32,
  toInt64,
} from '../../lib/transforms/cast/java-numbers.ts'

type Narrowed = {
  readonly of: Value
  readonly schema?: Schema
  readonly int8: number
  readonly int16: number
  readonly int32: number
  readonly int64: bigint
}

const INT32: Schema = { type: 'int32' }

/** By the Java Language Specification 5.1.3, and BigDecimal.longValue. */
const NARROWED: readonly Narrowed[] = [
  { of: 300, schema: INT32, int8: 44, int16: 300, int32: 300, int64: 300n },
  { of: 2n ** 32n + 200n, int8: -56, int16: 200, int32: 200, int64: 2n ** 32n + 200n },
  { of: 300.7, int8: 44, int16: 300, int32: 300, int64: 300n },
  { of: -1.9, int8: -1, int16: -1, int32: -1, int64: -1n },
  { of: 1e10, int8: -1, int16: -1, int32: 2 ** 31 - 1, int64: 10n ** 10n },
  { of: -1e30, int8: 0, int16: 0, int32: -(2 ** 31), int64: -(2n ** 63n) },
  { of: Number.NaN, int8: 0, int16: 0, int32: 0, int64: 0n },
  { of: new Sized('int16', -129), int8: 127, int16: -129, int32: -129, int64: -129n },
  { of: new Sized('float32', 2 ** 31), int8: -1, int16: -1, int32: 2 ** 31 - 1, int64: 2n ** 31n },
  { of: new Decimal(-199n, 2), int8: -1, int16: -1, int32: -1, int64: -1n },
  { of: new Decimal(2n ** 64n + 5n, 0), int8: 5, int16: 5, int32: 5, int64: 5n },
  { of: new Decimal(3n, -1_000_000_000), int8: 0, int16: 0, int32: 0, int64: 0n },
  { of: new Decimal(-3n, 1_000_000_000), int8: 0, int16: 0, int32: 0, int64: 0n },
]

for (const { of, schema = null, ...want } of NARROWED)
  test(`${JSON.stringify(of, (_, one) => (typeof one === 'bigint' ? `${one}n` : one))} narrows as in Java`, () => {
    const number = numberOf(of, schema)
    assert.ok(number)

    const narrowed = {
      int8: toInt8(number),
      int16: toInt16(number),
      int32: toInt32(number),
      int64: toInt64(number),
    }

    assert.deepEqual(narrowed, want)
  })

test('a long is rounded once on its way to a float', () => {
  // By way of a double this would be the even neighbour, 2^60.
  const long = 2n ** 60n + 2n ** 36n + 1n

  const float = toFloat32({ whole: true, value: long })

  assert.equal(float, 2 ** 60 + 2 ** 37)
})

test('a decimal becomes the nearest float and double', () => {
  const tenth = new Decimal(1n, 1)

  assert.equal(toFloat32(tenth), Math.fround(0.1))
  assert.equal(toFloat64(tenth), 0.1)
  assert.equal(toFloat64(new Decimal(1n, -400)), Number.POSITIVE_INFINITY)
})

test('what is no number is none', () => {
  assert.equal(numberOf('1', null), undefined)
  assert.equal(numberOf(Buffer.of(1), null), undefined)
})
