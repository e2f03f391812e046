import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TIMESTAMP_SCHEMA } from '../../lib/data/logical-types.ts'
import type { Schema } from '../../lib/data/schema.ts'
import { Instant } from '../../lib/data/value.ts'
import { timestampConverter } from '../../lib/transforms/timestamp-converter.ts'
import { testRecorded } from '../vectors/record-vectors.ts'
import { configured, recordOf } from './examples.ts'

// The second file: answers of connect-transforms 4.3.1 (JDK 17, UTC) to random configurations and records, each record given twice.
testRecorded('transforms', ['TimestampConverter', 'parity-timestamp-converter'])

const [, converter] = timestampConverter

const INT64: Schema = { type: 'int64' }

for (const { precision, have, want } of [
  { precision: 'seconds', have: -1n, want: -1000 },
  { precision: 'microseconds', have: -1999n, want: -1 },
  { precision: 'nanoseconds', have: 1_700_000_000_123_456_789n, want: 1_700_000_000_123 },
])
  test(`${have} ${precision} are ${want} ms: what is less is cut off`, () => {
    const transform = configured(converter, {
      'target.type': 'Timestamp',
      'unix.precision': precision,
    })

    const changed = transform.apply(recordOf({ valueSchema: INT64, value: have }))

    assert.deepEqual(changed?.value, new Instant(want))
    assert.deepEqual(changed?.valueSchema, TIMESTAMP_SCHEMA)
  })

test('Unix time that is too much for 64 bits stays at their limit', () => {
  const transform = configured(converter, {
    'target.type': 'unix',
    'unix.precision': 'nanoseconds',
  })
  const record = recordOf({ valueSchema: TIMESTAMP_SCHEMA, value: new Instant(8.64e15) })

  assert.equal(transform.apply(record)?.value, 2n ** 63n - 1n)
})

test('a time that milliseconds do not hold exactly is refused, though written as text it is exact', () => {
  const far = recordOf({ value: 2n ** 63n - 1n })
  const text = configured(converter, { 'target.type': 'string', format: 'yyyy SSS' })
  const timestamp = configured(converter, { 'target.type': 'Timestamp' })

  assert.equal(text.apply(far)?.value, '292278994 807')
  assert.throws(() => timestamp.apply(far), { name: 'DataException', message: /out of range/ })
})

test('a struct that is null gets the new schema, even where the field is no time', () => {
  const schema: Schema = {
    type: 'struct',
    optional: true,
    fields: [{ name: 'at', schema: { type: 'int32' } }],
  }
  const transform = configured(converter, { field: 'at', 'target.type': 'unix' })

  const changed = transform.apply(recordOf({ valueSchema: schema, value: null }))

  assert.deepEqual(changed?.valueSchema, { ...schema, fields: [{ name: 'at', schema: INT64 }] })
  assert.throws(() => transform.apply(recordOf({ valueSchema: schema, value: { at: 1 } })), {
    name: 'ConnectException',
    message: 'Schema Schema{INT32} does not correspond to a known timestamp type format',
  })
})
