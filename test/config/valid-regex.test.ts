import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refuseRegex } from '../../lib/config/valid-regex.ts'

for (const [pattern, refused] of [
  ['', undefined],
  ['orders-\\p{Digit}++', undefined],
  ['(', 'Invalid regex: Unclosed group near index 1\n('],
  ['*a', "Invalid regex: Dangling meta character '*' near index 0\n*a\n^"],
  [null, 'Invalid regex: Cannot invoke "String.isEmpty()" because "this.pattern" is null'],
] as const)
  test(`the pattern ${pattern} ${refused ? 'is refused in the words of Java' : 'is one'}`, () =>
    assert.equal(refuseRegex(pattern), refused))
