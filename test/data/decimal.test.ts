import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  decimalFromBytes,
  decimalText,
  decimalToBytes,
  parseDecimal,
} from '../../lib/data/decimal.ts'
import { Decimal } from '../../lib/data/value.ts'

const BYTES: readonly (readonly [bigint, string])[] = [
  [0n, '00'],
  [1n, '01'],
  [127n, '7f'],
  [128n, '0080'],
  [255n, '00ff'],
  [256n, '0100'],
  [-1n, 'ff'],
  [-128n, '80'],
  [-129n, 'ff7f'],
  [-256n, 'ff00'],
  [2n ** 47n - 1n, '7fffffffffff'],
  [2n ** 47n, '00800000000000'],
  [-(2n ** 47n), '800000000000'],
  [-(2n ** 47n) - 1n, 'ff7fffffffffff'],
  [2n ** 63n, '008000000000000000'],
  [-(2n ** 63n), '8000000000000000'],
  [10n ** 30n, '0c9f2c9cd04674edea40000000'],
]

for (const [unscaled, hex] of BYTES)
  test(`${unscaled} has the bytes ${hex} and no more, and is read from them`, () => {
    assert.equal(decimalToBytes(unscaled).toString('hex'), hex)
    assert.equal(decimalFromBytes(Buffer.from(hex, 'hex')), unscaled)
  })

test('leading bytes that need not be there are read all the same', () => {
  assert.equal(decimalFromBytes(Buffer.from('0000000000000000000001', 'hex')), 1n)
  assert.equal(decimalFromBytes(Buffer.from('ffffffffffffffff85', 'hex')), -123n)
})

const TEXTS: readonly (readonly [bigint, number, string])[] = [
  [1050n, 2, '10.50'],
  [-5n, 2, '-0.05'],
  [0n, 2, '0.00'],
  [0n, 0, '0'],
  [0n, 8, '0E-8'],
  [0n, -3, '0E+3'],
  [5n, -3, '5E+3'],
  [1n, 6, '0.000001'],
  [1n, 7, '1E-7'],
  [12n, 8, '1.2E-7'],
  [-123n, -2, '-1.23E+4'],
  [1n, 10, '1E-10'],
]

for (const [unscaled, scale, text] of TEXTS)
  test(`${unscaled} of scale ${scale} is written ${text}, and read with its scale`, () => {
    assert.equal(decimalText(new Decimal(unscaled, scale)), text)
    assert.deepEqual(parseDecimal(text), new Decimal(unscaled, scale))
  })

test('the text of a JSON number is read with its exponent in either case', () => {
  assert.deepEqual(parseDecimal('1e3'), new Decimal(1n, -3))
  assert.deepEqual(parseDecimal('-1.50E+2'), new Decimal(-150n, 0))
})
