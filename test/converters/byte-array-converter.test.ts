import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byteArrayConverter } from '../../lib/converters/byte-array-converter.ts'
import { configured } from '../vectors/cases.ts'
import { testRecordedConverter } from '../vectors/converter-vectors.ts'

testRecordedConverter('ByteArrayConverter', byteArrayConverter)

test('bytes pass as they are, without a copy', () => {
  const bytes = Buffer.from([0, 255])
  const converter = configured(byteArrayConverter)

  assert.equal(converter.fromConnect('t', null, bytes), bytes)
  assert.equal(converter.toConnect('t', bytes).value, bytes)
})
