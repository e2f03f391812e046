import assert from 'node:assert/strict'
import { test } from 'node:test'
import { structSchema } from '../../lib/data/value.ts'
import { DataError } from '../../lib/errors.ts'
import { examples, setSchemaMetadata } from '../../lib/transforms/set-schema-metadata.ts'
import { testRecorded } from '../vectors/record-vectors.ts'
import { configured, recordOf, testExamples } from './examples.ts'

testExamples(setSchemaMetadata, examples)
testRecorded('transforms', ['SetSchemaMetadata'])

const [, onValue] = setSchemaMetadata

test('a struct with a schema of its own is read by place, or by name where nulls stay', () => {
  const own = { type: 'struct', fields: [{ name: 'a', schema: { type: 'int8' } }] } as const
  const record = recordOf({
    valueSchema: { type: 'struct', fields: [{ name: 'b', schema: { type: 'int8' } }] },
    value: Object.assign({ a: 5 }, { [structSchema]: own }),
  })
  const byName = configured(onValue, {
    'schema.name': 'N',
    'replace.null.with.default': 'false',
  })

  const byPlace = configured(onValue, { 'schema.name': 'N' }).apply(record)

  assert.deepEqual(byPlace?.value, { b: 5 })
  assert.throws(() => byName.apply(record), new DataError('b is not a valid field name'))
})
