import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Schema } from '../../lib/data/schema.ts'
import { Decimal, Instant, Sized, structSchema, type Value } from '../../lib/data/value.ts'
import { valueText } from '../../lib/data/value-text.ts'

const STRUCT: Schema = {
  type: 'struct',
  fields: [
    { name: 'a"b', schema: { type: 'float32', optional: true } },
    { name: 'c', schema: { type: 'string', default: 'none' } },
    { name: 'd', schema: { type: 'array', values: { type: 'int8' }, optional: true } },
  ],
}

const TEXTS: readonly (readonly [Value, Schema | null, string])[] = [
  [null, null, 'null'],
  ['say "hi"', null, 'say "hi"'],
  [1, { type: 'int32' }, '1'],
  [1, { type: 'float32' }, '1.0'],
  [1e10, null, '1.0E10'],
  [new Sized('int16', 7), { type: 'string' }, '7'],
  [2n ** 63n - 1n, null, '9223372036854775807'],
  [new Decimal(110n, 2), null, '1.10'],
  [Buffer.from([1, 2]), null, 'AQI='],
  [new Instant(0), { type: 'int64' }, '00:00:00.000Z'],
  [new Instant(-1), null, '23:59:59.999Z'],
  [new Instant(86_400_000), null, '1970-01-02'],
  [new Instant(86_400_001), null, '1970-01-02T00:00:00.001Z'],
  [new Instant(8.64e15), null, '275760-09-13'],
  [
    ['a\\"', Buffer.from([1]), null, new Instant(0)],
    null,
    '["a\\\\\\"","AQ==",null,00:00:00.000Z]',
  ],
  [
    new Map<Value, Value>([
      ['k', 1],
      [2n, []],
    ]),
    null,
    '{"k":1.0,2:[]}',
  ],
  [{ k: true }, null, '{"k":true}'],
  [{ 'a"b': 1.5, d: [1] }, STRUCT, '{"a\\"b":1.5,"c":"none","d":[1]}'],
  [{}, { type: 'struct' }, '{}'],
  [Object.assign({ c: 'x' }, { [structSchema]: STRUCT }), null, '{"a\\"b":null,"c":"x","d":null}'],
]

for (const [value, schema, text] of TEXTS)
  test(`the text ${text} with ${schema?.type ?? 'no schema'}`, () => {
    assert.equal(valueText(value, schema), text)
  })
