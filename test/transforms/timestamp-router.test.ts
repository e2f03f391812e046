import assert from 'node:assert/strict'
import { test } from 'node:test'
import { timestampRouter } from '../../lib/transforms/timestamp-router.ts'
import { testRecorded } from '../vectors/record-vectors.ts'
import { configured, recordOf } from './examples.ts'

testRecorded('transforms', ['TimestampRouter'])

test('a record without a time fails, whatever the pattern', () => {
  const transform = configured(timestampRouter, { 'timestamp.format': 'b' })

  assert.throws(() => transform.apply(recordOf({ timestamp: null })), {
    name: 'DataException',
    message: /^Timestamp missing on record: /,
  })
})

test('a pattern that is none fails each record, not the start', () => {
  const transform = configured(timestampRouter, { 'timestamp.format': 'b' })

  for (let count = 0; count < 2; count++)
    assert.throws(() => transform.apply(recordOf({ timestamp: 0 })), {
      name: 'IllegalArgumentException',
      message: "Illegal pattern character 'b'",
    })
})

test('the name of a topic is taken as it is', () => {
  const transform = configured(timestampRouter, {})

  const changed = transform.apply(recordOf({ topic: '$&$1', timestamp: 0 }))

  assert.equal(changed?.topic, '$&$1-19700101')
})
