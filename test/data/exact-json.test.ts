import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exactText, readExactly } from '../../lib/data/exact-json.ts'

test('what was read is written again as it stood, digit by digit', () => {
  for (const text of [
    '{"a":9007199254740993,"b":[1.10,1E400,-0.0,1e2,0]}',
    '[123456789012345678901234567890.123456789,"1.10",null,true]',
    '18446744073709551615',
    '{"__proto__":{"x":1.0},"é":"\\ud800"}',
  ])
    assert.equal(exactText(readExactly(text)), text)
})

test('numbers that lose nothing are numbers', () => {
  assert.deepEqual(readExactly('[1,-2.5,{"a":0}]'), [1, -2.5, { a: 0 }])
})

test('a bigint is written with all its digits', () => {
  assert.equal(exactText({ at: 2n ** 63n }), '{"at":9223372036854775808}')
})

test('what is no JSON is no JSON', () => {
  for (const text of ['', '{a', '01', 'NaN', 'text'])
    assert.throws(() => readExactly(text), SyntaxError)
})
