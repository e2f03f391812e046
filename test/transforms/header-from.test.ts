import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DATE } from '../../lib/data/logical-types.ts'
import { Instant, structSchema } from '../../lib/data/value.ts'
import { DataError } from '../../lib/errors.ts'
import { examples, headerFrom } from '../../lib/transforms/header-from.ts'
import { testRecorded } from '../vectors/record-vectors.ts'
import { configured, recordOf, testExamples } from './examples.ts'

testExamples(headerFrom, examples)
testRecorded('transforms', ['HeaderFrom'])

const [, onValue] = headerFrom

test('a header is stricter than a struct: a date takes the type that dates have', () => {
  const schema = { type: 'int64', name: DATE } as const
  const record = recordOf({
    valueSchema: { type: 'struct', fields: [{ name: 'day', schema }] },
    value: { day: new Instant(0) },
  })
  const transform = configured(onValue, { fields: 'day', headers: 'h', operation: 'copy' })

  assert.throws(
    () => transform.apply(record),
    new DataError(
      'The value Thu Jan 01 00:00:00 UTC 1970 is not compatible with the schema Schema{org.apache.kafka.connect.data.Date:INT64}',
    ),
  )
})

test('of a struct with a schema of its own, what has no field there is refused by name', () => {
  const own = { type: 'struct', fields: [{ name: 'a', schema: { type: 'int8' } }] } as const
  const record = recordOf({
    valueSchema: { type: 'struct', fields: [{ name: 'b', schema: { type: 'int8' } }] },
    value: Object.assign({ a: 1 }, { [structSchema]: own }),
  })
  const transform = configured(onValue, { fields: 'a', headers: 'h', operation: 'move' })

  assert.throws(() => transform.apply(record), new DataError('b is not a valid field name'))
})

test('the map that fields are moved from stays as it was', () => {
  const value = new Map([['a', 1n]])
  const transform = configured(onValue, { fields: 'a', headers: 'h', operation: 'move' })

  const changed = transform.apply(recordOf({ value }))

  assert.deepEqual(changed?.value, new Map())
  assert.deepEqual(value, new Map([['a', 1n]]))
})
