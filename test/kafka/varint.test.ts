import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readVarint, sizeOfVarint, writeVarint } from '../../lib/kafka/varint.ts'

const examples: readonly (readonly [value: number, bytes: string])[] = [
  [0, '00'],
  [-1, '01'],
  [1, '02'],
  [63, '7e'],
  [-64, '7f'],
  [64, '8001'],
  [300, 'd804'],
  [2 ** 31 - 1, 'feffffff0f'],
  [-(2 ** 31), 'ffffffff0f'],
  [2 ** 31, '8080808010'],
  [1_700_000_000_000, '80a0abfef962'],
  [-1_700_000_000_000, 'ff9fabfef962'],
]

for (const [value, bytes] of examples)
  test(`${value} is ${bytes}`, () => {
    const written = Buffer.alloc(10)

    const end = writeVarint(value, written, 0)

    assert.equal(written.subarray(0, end).toString('hex'), bytes)
    assert.equal(sizeOfVarint(value), end)
    const cursor = { bytes: written, at: 0 }
    assert.equal(readVarint(cursor), value)
    assert.equal(cursor.at, end)
  })

test('a number that is cut off is an error', () => {
  assert.throws(() => readVarint({ bytes: Buffer.from([0x80]), at: 0 }), RangeError)
})
