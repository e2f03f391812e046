import assert from 'node:assert/strict'
import { test } from 'node:test'
import { regexRouter } from '../../lib/transforms/regex-router.ts'
import { testRecorded } from '../vectors/record-vectors.ts'
import { configured, recordOf } from './examples.ts'

testRecorded('transforms', ['RegexRouter'])

test('the first match is replaced, which may be less than the whole name', () => {
  const transform = configured(regexRouter, { regex: 'a|ab', replacement: 'x' })

  assert.equal(transform.apply(recordOf({ topic: 'ab' }))?.topic, 'xb')
})

test('a replacement that names no group fails each record whose topic matches, and no other', () => {
  const transform = configured(regexRouter, { regex: '(o).*', replacement: '$2' })

  for (let count = 0; count < 2; count++)
    assert.throws(() => transform.apply(recordOf({ topic: 'orders' })), {
      name: 'IndexOutOfBoundsException',
      message: 'No group 2',
    })
  assert.equal(transform.apply(recordOf({ topic: 'sales' }))?.topic, 'sales')
})
