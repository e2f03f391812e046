import assert from 'node:assert/strict'
import { test } from 'node:test'
import { doubleText, floatText, parseFloat32 } from '../../lib/data/float-text.ts'
import { randomOf } from '../vectors/generate.ts'

const DOUBLES: readonly (readonly [number, string])[] = [
  [1, '1.0'],
  [0, '0.0'],
  [-0, '-0.0'],
  [0.1, '0.1'],
  [123456.789, '123456.789'],
  [9999999, '9999999.0'],
  [1e7, '1.0E7'],
  [12345678.9, '1.23456789E7'],
  [0.001, '0.001'],
  [0.00099, '9.9E-4'],
  [1e21, '1.0E21'],
  [-1e-7, '-1.0E-7'],
  [5e-324, '4.9E-324'],
  [1e-323, '9.9E-324'],
  [Number.MAX_VALUE, '1.7976931348623157E308'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
]

for (const [value, text] of DOUBLES)
  test(`the double ${value} is written ${text}`, () => {
    assert.equal(doubleText(value), text)
  })

const FLOATS: readonly (readonly [number, string])[] = [
  [1, '1.0'],
  [0.1, '0.1'],
  [1e10, '1.0E10'],
  [3.4028234663852886e38, '3.4028235E38'],
  [1.4e-45, '1.4E-45'],
  [2.8e-45, '2.8E-45'],
  [-0, '-0.0'],
  [16777216, '1.6777216E7'],
  [8388608, '8388608.0'],
  [0.3, '0.3'],
  // Half-way between two decimals of eight digits: the even one.
  [171670.125, '171670.12'],
  [2 ** -126, '1.1754944E-38'],
  [2 ** 27, '1.3421773E8'],
  [Number.NaN, 'NaN'],
]

for (const [value, text] of FLOATS)
  test(`the float ${value} is written ${text}`, () => {
    assert.equal(floatText(value), text)
  })

/** Every float has 32 bits. */
const floatOfBits = (bits: number): number =>
  new Float32Array(new Uint32Array([bits]).buffer)[0] ?? Number.NaN

test('a float reads back as itself, and no shorter decimal does', () => {
  const random = randomOf(7)
  const powersOfTwo = Array.from({ length: 254 }, (_, exponent) => (exponent + 1) << 23)
  const others = Array.from({ length: 20_000 }, () => Math.floor(random() * 2 ** 32))
  for (const bits of [...powersOfTwo, ...others]) {
    const float = floatOfBits(bits)
    if (!Number.isFinite(float) || float === 0) continue

    const text = floatText(float)

    assert.equal(parseFloat32(text), float, text)
    for (const shorter of shorterThan(text)) assert.notEqual(parseFloat32(shorter), float, text)
  }
})

/** The decimals next to it with one digit less; two digits there always are. */
function shorterThan(text: string): string[] {
  const digits = Number(text).toExponential().replace(/e.*/, '').replace(/[-.]/g, '').length
  if (digits <= 2) return []
  const [mantissa = '', exponent] = Number(text)
    .toExponential(digits - 2)
    .split('e')
  const unit = 10 ** -(digits - 2)
  return [-1, 0, 1].map(
    (step) => `${(Number(mantissa) + step * unit).toFixed(digits - 2)}e${exponent}`,
  )
}

test('a decimal beside the middle of two floats is not rounded twice', () => {
  const middle = 1 + 2 ** -24

  assert.equal(parseFloat32('1.000000059604644775390625'), 1)
  assert.equal(parseFloat32('1.000000059604644775390626'), 1 + 2 ** -23)
  assert.equal(parseFloat32('1.000000059604644775390624'), 1)
  assert.equal(Number('1.000000059604644775390626'), middle)
  assert.equal(parseFloat32('340282356779733661637539395458142568447'), 3.4028234663852886e38)
  assert.equal(parseFloat32('340282356779733661637539395458142568448'), Number.POSITIVE_INFINITY)
})
