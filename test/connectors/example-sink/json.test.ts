import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { jsonWriter } from '../../../lib/connectors/example-sink/json.ts'
import {
  DATE_SCHEMA,
  decimalSchema,
  TIME_SCHEMA,
  TIMESTAMP_SCHEMA,
} from '../../../lib/data/logical-types.ts'
import type { Schema } from '../../../lib/data/schema.ts'
import { Decimal, Instant, Sized, type Value } from '../../../lib/data/value.ts'

const struct = (fields: Readonly<Record<string, Schema>>): Schema => ({
  type: 'struct',
  fields: Object.entries(fields).map(([name, schema]) => ({ name, schema })),
})

const written: readonly { title: string; schema: Schema; value: Value; want: string }[] = [
  { title: 'a boolean', schema: { type: 'boolean' }, value: true, want: 'true' },
  { title: 'an int8', schema: { type: 'int8' }, value: -128, want: '-128' },
  { title: 'a sized number', schema: { type: 'int16' }, value: new Sized('int16', 7), want: '7' },
  {
    title: 'an int64 with every digit',
    schema: { type: 'int64' },
    value: 9223372036854775807n,
    want: '9223372036854775807',
  },
  {
    title: 'the shortest text of a float',
    schema: { type: 'float32' },
    value: Math.fround(0.1),
    want: '0.1',
  },
  { title: 'a whole double', schema: { type: 'float64' }, value: 3, want: '3.0' },
  { title: 'a large double', schema: { type: 'float64' }, value: 1e300, want: '1.0E300' },
  {
    title: 'NaN, which JSON has not, as a string',
    schema: { type: 'float64' },
    value: Number.NaN,
    want: '"NaN"',
  },
  {
    title: 'a string with all that needs an escape',
    schema: { type: 'string' },
    value: '"\\\n\u0001ü€😀',
    want: '"\\"\\\\\\n\\u0001ü€😀"',
  },
  {
    title: 'bytes as base64',
    schema: { type: 'bytes' },
    value: Buffer.from([0, 255, 254]),
    want: '"AP/+"',
  },
  {
    title: 'a decimal as a number',
    schema: decimalSchema(2),
    value: new Decimal(-1_713n, 2),
    want: '-17.13',
  },
  {
    title: 'a decimal with every digit',
    schema: decimalSchema(30),
    value: new Decimal(12345678901234567890123456789012345678901234567890n, 30),
    want: '12345678901234567890.123456789012345678901234567890',
  },
  { title: 'a Date as days', schema: DATE_SCHEMA, value: new Instant(86_400_000), want: '1' },
  { title: 'a Time as milliseconds', schema: TIME_SCHEMA, value: new Instant(1_500), want: '1500' },
  {
    title: 'a Timestamp as milliseconds',
    schema: TIMESTAMP_SCHEMA,
    value: new Instant(-1),
    want: '-1',
  },
  { title: 'null', schema: { type: 'int32', optional: true }, value: null, want: 'null' },
  {
    title: 'null where there is a default',
    schema: { type: 'int32', default: 5 },
    value: null,
    want: 'null',
  },
  {
    title: 'an array',
    schema: { type: 'array', values: { type: 'int32', optional: true } },
    value: [1, null, 3],
    want: '[1,null,3]',
  },
  {
    title: 'a map with strings for keys as an object',
    schema: { type: 'map', keys: { type: 'string' }, values: { type: 'int32' } },
    value: new Map([['a"b', 1]]),
    want: '{"a\\"b":1}',
  },
  {
    title: 'any other map as pairs',
    schema: { type: 'map', keys: { type: 'int32' }, values: { type: 'string' } },
    value: new Map([[1, 'a']]),
    want: '[[1,"a"]]',
  },
  { title: 'a struct without fields', schema: struct({}), value: {}, want: '{}' },
  {
    title: 'a struct in the order of its fields, and a struct within',
    schema: struct({
      b: { type: 'int32' },
      a: { ...struct({ c: { type: 'string' } }), optional: true },
    }),
    value: { a: { c: 'x' }, b: 1 },
    want: '{"b":1,"a":{"c":"x"}}',
  },
  {
    title: 'a member that is absent as null, also one that every object inherits',
    schema: {
      type: 'struct',
      fields: ['a', 'constructor'].map((name) => ({
        name,
        schema: { type: 'int32', optional: true },
      })),
    },
    value: {},
    want: '{"a":null,"constructor":null}',
  },
]

for (const { title, schema, value, want } of written)
  test(`${title} is written`, () => {
    const text = jsonWriter(schema)(value)

    assert.equal(text, want)
    assert.doesNotThrow(() => JSON.parse(text))
  })

describe('a value that is not what its schema says is refused, and the field named', () => {
  const row = struct({
    id: { type: 'int64' },
    inner: { ...struct({ n: { type: 'int32' } }), optional: true },
  })
  const refused: readonly [string, Value, RegExp][] = [
    ['null for a required field', { id: null }, /^field id: null for a required INT64$/],
    ['an absent required field', {}, /^field id: null for a required INT64$/],
    ['text for a number', { id: '1' }, /^field id: java\.lang\.String for INT64$/],
    ['an integer of 65 bits', { id: 2n ** 63n }, /^field id: .*BigInteger for INT64$/],
    [
      'a fraction for an integer',
      { id: 1n, inner: { n: 1.5 } },
      /^field inner: field n: .* for INT32$/,
    ],
  ]
  for (const [title, value, message] of refused)
    test(title, () => {
      assert.throws(() => jsonWriter(row)(value), { name: 'DataException', message })
    })
})
