import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonConverter } from '../../lib/converters/json-converter/index.ts'
import { decimalSchema, TIMESTAMP_SCHEMA } from '../../lib/data/logical-types.ts'
import type { Schema } from '../../lib/data/schema.ts'
import { Decimal, Instant, Sized, structSchema, type Value } from '../../lib/data/value.ts'
import { DataError } from '../../lib/errors.ts'
import { configured } from '../vectors/cases.ts'

const USER: Schema = {
  type: 'struct',
  fields: [
    { name: 'id', schema: { type: 'int64' } },
    { name: 'name', schema: { type: 'string', optional: true } },
  ],
}
const BARE = { 'schemas.enable': 'false' }

const textOf = (schema: Schema | null, value: Value, config = {}): string | undefined =>
  configured(jsonConverter, config).fromConnect('t', schema, value)?.toString('utf8')

const decoded = (text: string, config = {}): Value =>
  configured(jsonConverter, config).toConnect('t', Buffer.from(text)).value

const enveloped = (schema: string, payload: string): string =>
  `{"schema":${schema},"payload":${payload}}`

test('an int64 of 19 digits is written and read without losing one', () => {
  const row = { id: 9007199254740993n, name: null }

  const bytes = configured(jsonConverter).fromConnect('t', USER, row)
  const back = configured(jsonConverter).toConnect('t', bytes)

  assert.match(bytes?.toString() ?? '', /"id":9007199254740993,/)
  assert.deepEqual(back.value, row)
})

test('a value of no schema and no value is a tombstone, both ways', () => {
  const converter = configured(jsonConverter)

  assert.equal(converter.fromConnect('t', null, null), null)
  assert.deepEqual(converter.toConnect('t', null), { schema: null, value: null })
})

test('a null of an optional schema is no tombstone', () => {
  assert.equal(textOf({ type: 'string', optional: true }, null, BARE), 'null')
})

test('the same schema gives the identical object again, whatever stands between and however it is written', () => {
  const converter = configured(jsonConverter)
  const read = (text: string) => converter.toConnect('t', Buffer.from(text)).schema
  const schema = '{"type":"int32","optional":true}'

  const first = read(enveloped(schema, '1'))
  read(enveloped('{"type":"string"}', '"x"'))
  const again = read(enveloped(schema, '2'))
  const spaced = read(`{ "payload": 3, "schema": {"optional": true, "type": "int32"} }`)

  assert.ok(first)
  assert.equal(again, first)
  assert.equal(spaced, first)
})

test('a schema is forgotten once schemas.cache.size others came after it', () => {
  const converter = configured(jsonConverter, { 'schemas.cache.size': '2' })
  const read = (type: string) =>
    converter.toConnect('t', Buffer.from(enveloped(`{"type":"${type}"}`, '1'))).schema
  const first = read('int8')
  const second = read('int16')

  read('int32')

  assert.equal(read('int16'), second)
  assert.notEqual(read('int8'), first)
})

test('a message whose beginning is known is read even when the rest is written in another way', () => {
  const converter = configured(jsonConverter)
  const schema =
    '{"type":"struct","fields":[{"field":"a","type":"int32"},{"field":"b","type":"string"}]}'
  const read = (payload: string) =>
    converter.toConnect('t', Buffer.from(enveloped(schema, payload))).value

  const values = [
    read('{"a":1,"b":"x"}'),
    read('{"b":"x","a":1}'),
    read('{ "a" : 1, "b" : "x", "c" : [] }'),
    read('{"a":1.0,"b":"\\u0078"}'),
  ]

  assert.deepEqual(values, Array(4).fill({ a: 1, b: 'x' }))
})

const WRAPPED: readonly (readonly [string, string, Value])[] = [
  ['int8', '127', 127],
  ['int8', '128', -128],
  ['int8', '-129', 127],
  ['int16', '32768', -32768],
  ['int32', '2147483648', -2147483648],
  ['int32', '-2147483649', 2147483647],
  ['int64', '9223372036854775807', 2n ** 63n - 1n],
  ['int64', '9223372036854775808', -(2n ** 63n)],
]

for (const [type, payload, value] of WRAPPED)
  test(`${payload} for an ${type} wraps around as in Java, known schema or not`, () => {
    const converter = configured(jsonConverter)
    const message = Buffer.from(enveloped(`{"type":"${type}"}`, payload))

    assert.equal(converter.toConnect('t', message).value, value)
    assert.equal(converter.toConnect('t', message).value, value)
  })

test('half a surrogate pair passes in a value and is refused in a key', () => {
  assert.equal(decoded('"\\ud83d"', BARE), '\ud83d')
  assert.throws(() => decoded('{"\\ud83d":1}', BARE), DataError)
})

test('a value without a schema is written after one with a schema', () => {
  const converter = configured(jsonConverter)
  const encode = (schema: Schema | null, value: Value) =>
    converter.fromConnect('t', schema, value)?.toString()

  assert.equal(encode({ type: 'int8' }, 5), enveloped('{"type":"int8","optional":false}', '5'))
  assert.equal(encode(null, 'x'), enveloped('null', '"x"'))
  assert.equal(encode({ type: 'int8' }, 6), enveloped('{"type":"int8","optional":false}', '6'))
})

test('what follows a known payload is not overlooked', () => {
  const converter = configured(jsonConverter)
  const read = (text: string) => converter.toConnect('t', Buffer.from(text)).value
  const message = enveloped('{"type":"int32"}', '1')
  read(message)

  assert.equal(read(`${message.slice(0, -1)},"payload":2}`), 2)
  assert.throws(() => read(`${message.slice(0, -1)},"extra":2}`), DataError)
  assert.throws(() => read(message.slice(0, -1)), DataError)
})

test('a struct with a schema of its own must agree with the one around it', () => {
  const other: Schema = { type: 'struct', fields: [{ name: 'id', schema: { type: 'int32' } }] }
  const copy: Schema = structuredClone(USER)

  assert.equal(
    textOf(USER, { id: 1n, [structSchema]: copy } as Value, BARE),
    '{"id":1,"name":null}',
  )
  assert.throws(() => textOf(USER, { id: 1n, [structSchema]: other } as Value), {
    name: 'DataException',
    message: 'Mismatching schema.',
  })
})

test('an equal schema of another identity is encoded the same', () => {
  const converter = configured(jsonConverter)
  const encode = (schema: Schema) =>
    converter.fromConnect('t', schema, { id: 1n, name: 'x' })?.toString()

  assert.equal(encode(structuredClone(USER)), encode(USER))
})

test('bytes handed out before are not changed by what is encoded later', () => {
  const converter = configured(jsonConverter)
  const first = converter.fromConnect('t', USER, { id: 1n, name: 'first' })
  const before = first?.toString()

  for (let id = 0n; id < 5000n; id++) converter.fromConnect('t', USER, { id, name: 'later' })
  converter.fromConnect('t', USER, { id: 2n, name: 'é'.repeat(100_000) })

  assert.equal(first?.toString(), before)
})

test('a value of 100,000 characters is written whole', () => {
  const name = 'é😀"'.repeat(25_000)

  const bytes = configured(jsonConverter).fromConnect('t', USER, { id: 2n, name })

  assert.equal(JSON.parse(bytes?.toString() ?? '').payload.name, name)
})

const UNFIT: readonly { title: string; schema: Schema; value: Value; message: string }[] = [
  {
    title: 'a number that int8 cannot hold',
    schema: { type: 'int8' },
    value: 128,
    message: 'Invalid type for INT8: class java.lang.Long',
  },
  {
    title: 'half a number where a whole one belongs',
    schema: { type: 'int32' },
    value: 1.5,
    message: 'Invalid type for INT32: class java.lang.Double',
  },
  {
    title: 'a number where a bigint belongs',
    schema: { type: 'int64' },
    value: 5,
    message: 'Invalid type for INT64: class java.lang.Double',
  },
  {
    title: 'a bigint of 64 bits and more',
    schema: { type: 'int64' },
    value: 2n ** 63n,
    message: 'Invalid type for INT64: class java.math.BigInteger',
  },
  {
    title: 'a number of another width',
    schema: { type: 'int32' },
    value: new Sized('int16', 5),
    message: 'Invalid type for INT32: class java.lang.Short',
  },
  {
    title: 'a decimal of another scale',
    schema: decimalSchema(3),
    value: new Decimal(150n, 2),
    message:
      'Decimal value has mismatching scale for given Decimal schema. Schema has scale 3, value has scale 2.',
  },
  {
    title: 'a moment that is no whole millisecond',
    schema: TIMESTAMP_SCHEMA,
    value: new Instant(0.5),
    message: 'Timestamp 0.5 is out of range: at most 9007199254740991 ms from 1970',
  },
]

for (const { title, schema, value, message } of UNFIT)
  test(`${title} is refused`, () => {
    assert.throws(() => textOf(schema, value), { name: 'DataException', message })
  })

test('fields called like members of every object are only what the struct holds', () => {
  const names = ['constructor', '__proto__', 'toString']
  const schema: Schema = {
    type: 'struct',
    fields: names.map((name) => ({ name, schema: { type: 'string', optional: true } })),
  }
  const full = Object.fromEntries(names.map((name) => [name, 'x']))

  assert.equal(textOf(schema, {}, BARE), '{"constructor":null,"__proto__":null,"toString":null}')
  const converter = configured(jsonConverter)
  const bytes = converter.fromConnect('t', schema, full)
  assert.deepEqual(converter.toConnect('t', bytes).value, full)
  assert.deepEqual(converter.toConnect('t', bytes).value, full)
})

test('a map is written in the order of its pairs, a plain object too', () => {
  const map = new Map([
    ['b', 1n],
    ['a', 2n],
  ])

  assert.equal(textOf(null, map, BARE), '{"b":1,"a":2}')
  assert.equal(textOf(null, { b: 1n, a: [true, null] }, BARE), '{"b":1,"a":[true,null]}')
})

test('a timestamp that a number does not hold exactly is refused, and not rounded', () => {
  const text = enveloped(
    '{"type":"int64","name":"org.apache.kafka.connect.data.Timestamp"}',
    '9223372036854775807',
  )

  assert.throws(() => decoded(text), /Timestamp 9223372036854775807 is out of range/)
})

test('broken JSON tells in its cause where it broke', () => {
  assert.throws(
    () => decoded('{"a":tru}', BARE),
    (error: Error) => /at byte 5$/.test((error.cause as Error).message),
  )
})

test('schema.content makes the whole message the payload', () => {
  const content = '{"type":"struct","fields":[{"field":"a","type":"int64"}]}'
  const converter = configured(jsonConverter, { 'schema.content': content })

  const { schema, value } = converter.toConnect('t', Buffer.from('{"a":5}'))

  assert.deepEqual(value, { a: 5n })
  assert.equal(schema?.type, 'struct')
})

test('what sticks to a number of schema.content is refused, what stands behind it is not', () => {
  const converter = configured(jsonConverter, { 'schema.content': '{"type":"int32"}' })

  assert.equal(converter.toConnect('t', Buffer.from('5 x')).value, 5)
  assert.throws(() => converter.toConnect('t', Buffer.from('5x')), DataError)
})

test('a schema.content that is no JSON fails when the converter is configured', () => {
  assert.throws(() => configured(jsonConverter, { 'schema.content': '{' }), {
    name: 'DataException',
    message: 'Failed to parse schema in converter config due to serialization error: ',
  })
})
