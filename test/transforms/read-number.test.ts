import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  readDouble,
  readFloat,
  readInteger,
  readLong,
} from '../../lib/transforms/cast/read-number.ts'

const BYTES: readonly (readonly [string, number | undefined])[] = [
  ['127', 127],
  ['+5', 5],
  ['-128', -128],
  ['-0', 0],
  ['007', 7],
  ['\u0661\u0662', 12],
  ['-\uff11', -1],
  ['128', undefined],
  ['', undefined],
  ['+', undefined],
  [' 1', undefined],
  ['1\n', undefined],
  ['1.0', undefined],
  ['1e1', undefined],
  ['\u{1d7d8}', undefined],
  ['\u00b2', undefined],
]

for (const [text, number] of BYTES)
  test(`${JSON.stringify(text)} read as a byte is ${number}`, () => {
    assert.ok(Object.is(readInteger(text, 8), number))
  })

test('a long is read to its last digit, and not beyond its range', () => {
  assert.equal(readLong('9223372036854775807'), 2n ** 63n - 1n)
  assert.equal(readLong('-9223372036854775808'), -(2n ** 63n))
  assert.equal(readLong('+\u0967'), 1n)
  assert.equal(readLong('9223372036854775808'), undefined)
  assert.equal(readLong('1L'), undefined)
})

const DOUBLES: readonly (readonly [string, number | undefined])[] = [
  [' 1e3\t', 1000],
  ['1.', 1],
  ['.5f', 0.5],
  ['1D', 1],
  ['-0', -0],
  ['1e99999', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-NaN', Number.NaN],
  ['0x1p3', 8],
  ['-0X.8P1d', -1],
  ['0x1.00000000000008p0', 1],
  ['0x1.000000000000081p0', 1 + 2 ** -52],
  ['0x1p-1074', 2 ** -1074],
  ['0x1p-1075', 0],
  ['0x1p1024', Number.POSITIVE_INFINITY],
  ['0x1p-99999999999', 0],
  ['0x1', undefined],
  ['infinity', undefined],
  ['.', undefined],
  ['', undefined],
  ['1_0', undefined],
  ['\u0661', undefined],
]

for (const [text, number] of DOUBLES)
  test(`${JSON.stringify(text)} read as a double is ${number}`, () => {
    assert.ok(Object.is(readDouble(text), number))
  })

test('a float is rounded once, from the text', () => {
  // Read as a double first, this would lie half-way between two floats and go to the even one.
  assert.equal(readFloat('16777217.0000000001'), 16_777_218)
  assert.equal(readFloat('0x1.000001000000000001p0'), 1 + 2 ** -23)
  assert.equal(readFloat('x'), undefined)
})
