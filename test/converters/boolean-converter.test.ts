import assert from 'node:assert/strict'
import { test } from 'node:test'
import { booleanConverter } from '../../lib/converters/boolean-converter.ts'
import { SerializationError } from '../../lib/errors.ts'
import { configured } from '../vectors/cases.ts'
import { testRecordedConverter } from '../vectors/converter-vectors.ts'

testRecordedConverter('BooleanConverter', booleanConverter)

const CAUSES: readonly { bytes: readonly number[]; message: string }[] = [
  { bytes: [], message: 'Size of data received by BooleanDeserializer is not 1' },
  { bytes: [1, 1], message: 'Size of data received by BooleanDeserializer is not 1' },
  { bytes: [2], message: 'Unexpected byte received by BooleanDeserializer: 2' },
  { bytes: [255], message: 'Unexpected byte received by BooleanDeserializer: -1' },
]

for (const { bytes, message } of CAUSES)
  test(`bytes [${bytes}] are refused with the deserializer's own words as the cause`, () => {
    assert.throws(() => configured(booleanConverter).toConnect('t', Buffer.from(bytes)), {
      name: 'DataException',
      message: 'Failed to deserialize boolean: ',
      cause: new SerializationError(message),
    })
  })
