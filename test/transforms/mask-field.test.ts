import assert from 'node:assert/strict'
import { test } from 'node:test'
import { structSchema } from '../../lib/data/value.ts'
import { DataError } from '../../lib/errors.ts'
import { examples, maskField } from '../../lib/transforms/mask-field.ts'
import { testRecorded } from '../vectors/record-vectors.ts'
import { configured, recordOf, testExamples } from './examples.ts'

testExamples(maskField, examples)
testRecorded('transforms', ['MaskField'])

const [, onValue] = maskField

test('of two fields that cannot be masked, Java meets first the one that its hash says', () => {
  const value = new Map<string, unknown>([
    ['c', ['list']],
    ['a', new Map()],
    ['b', true],
  ])
  const transform = configured(onValue, { fields: 'c,b,a', replacement: 'x' })

  assert.throws(
    () => transform.apply(recordOf({ value: value as never })),
    new DataError('Cannot mask value of type class java.util.HashMap with custom replacement.'),
  )
})

test('a whole number beyond 64 bits is read as BigInteger is: digits alone', () => {
  const value = new Map([['n', 2n ** 70n]])

  const masked = configured(onValue, { fields: 'n', replacement: '-5' }).apply(recordOf({ value }))
  const withPoint = configured(onValue, { fields: 'n', replacement: '1.5' })

  assert.deepEqual(masked?.value, new Map([['n', -5n]]))
  assert.throws(
    () => withPoint.apply(recordOf({ value })),
    new DataError('Unable to convert 1.5 (class java.lang.String) to number'),
  )
})

test('a struct with a schema of its own keeps it', () => {
  const own = { type: 'struct', fields: [{ name: 'a', schema: { type: 'string' } }] } as const
  const record = recordOf({
    valueSchema: { type: 'struct', fields: [] },
    value: Object.assign({ a: 'x' }, { [structSchema]: own }),
  })

  const masked = configured(onValue, { fields: 'a' }).apply(record)

  assert.deepEqual(masked?.value, { a: '', [structSchema]: own })
  assert.equal(masked?.valueSchema, record.valueSchema)
})
