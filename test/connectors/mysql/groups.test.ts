import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groups } from '../../../lib/connectors/mysql/groups.ts'

const shares = [
  { items: 'a', limit: 1, want: ['a'] },
  { items: 'a', limit: 5, want: ['a'] },
  { items: 'abcd', limit: 1, want: ['abcd'] },
  { items: 'abcd', limit: 2, want: ['ab', 'cd'] },
  { items: 'abcde', limit: 2, want: ['abc', 'de'] },
  { items: 'abcde', limit: 3, want: ['ab', 'cd', 'e'] },
  { items: 'abcdefgh', limit: 3, want: ['abc', 'def', 'gh'] },
]

for (const { items, limit, want } of shares)
  test(`${items.length} tables for at most ${limit} tasks make ${want.length}, of neighbours`, () => {
    assert.deepEqual(
      groups([...items], limit).map((group) => group.join('')),
      want,
    )
  })
