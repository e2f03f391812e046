import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DATE_SCHEMA,
  decimalSchema,
  TIME_SCHEMA,
  TIMESTAMP_SCHEMA,
} from '../../lib/data/logical-types.ts'
import { parseValue } from '../../lib/data/parse-value.ts'
import type { Schema, SchemaAndValue } from '../../lib/data/schema.ts'
import { sameSchema, sameValue } from '../../lib/data/schema-equality.ts'
import { Decimal, Instant, Sized, type Value } from '../../lib/data/value.ts'
import { valueText } from '../../lib/data/value-text.ts'
import { DataError } from '../../lib/errors.ts'
import { below, pick, type Random, randomOf } from '../vectors/generate.ts'

const INT8: Schema = { type: 'int8' }
const FLOAT32: Schema = { type: 'float32' }
const STRING: Schema = { type: 'string' }
const array = (values: Schema): Schema => ({ type: 'array', values })

type Case = readonly [string, Schema | null, Value]

const string = (text: string): Case => [text, STRING, text]

const CASES: readonly Case[] = [
  ['', STRING, ''],
  ['null', null, null],
  [' true\n', { type: 'boolean' }, true],
  string('TRUE'),
  ['1.0', INT8, 1],
  ['1e3', { type: 'int16' }, 1000],
  ['-32769', { type: 'int32' }, -32769],
  ['2147483648', { type: 'int64' }, 2147483648n],
  ['9223372036854775808', decimalSchema(0), new Decimal(9223372036854775808n, 0)],
  ['1e400', decimalSchema(-400), new Decimal(1n, -400)],
  ['1e39', { type: 'float64' }, 1e39],
  ['0.1', FLOAT32, Math.fround(0.1)],
  ['٤٥', INT8, 45],
  string('.5'),
  string('0x10'),
  string('1e2147483648'),
  ['2024-13-01', DATE_SCHEMA, new Instant(Date.UTC(2025, 0, 1))],
  ['14:34:54.346Z', TIME_SCHEMA, new Instant(52_494_346)],
  ['2019-08-23T14:34:54.346Z', TIMESTAMP_SCHEMA, new Instant(1566570894346)],
  ['14\\:34\\:54.346Z', TIME_SCHEMA, new Instant(52_494_346)],
  // The first delimiter ends it.
  ['1,2', INT8, 1],
  ['2019-08-23,1', DATE_SCHEMA, new Instant(1566518400000)],
  string('a,1'),
  ['[1, 300]', array({ type: 'int16' }), [1, 300]],
  ['[1.5,2]', array(FLOAT32), [1.5, 2]],
  ['[1,]', array(INT8), [1]],
  ['["a\\"b"]', array(STRING), ['a\\"b']],
  // Blanks between two delimiters are lost.
  ['["a, ,b"]', array(STRING), ['a,,b']],
  ['["2019-08-23"]', array(DATE_SCHEMA), [new Instant(1566518400000)]],
  string('[2019-08-23,70000000000]'),
  ['[2019-08-23,1]', array(DATE_SCHEMA), [new Instant(1566518400000), new Instant(86_400_000)]],
  ['[1,2019-08-23]', array(DATE_SCHEMA), [new Instant(86_400_000), new Instant(1566518400000)]],
  ['[1,"a"]', { type: 'array' }, [new Sized('int8', 1), 'a']],
  ['[null]', { type: 'array' }, [null]],
  ['[[1],["a"]]', array(array(STRING)), [[new Sized('int8', 1)], ['a']]],
  ['{}', { type: 'map' }, new Map()],
  ['{1:true}', { type: 'map', keys: INT8, values: { type: 'boolean' } }, new Map([[1, true]])],
  [
    '{"a":1"b":2}',
    { type: 'map', keys: STRING, values: INT8 },
    new Map([
      ['a', 1],
      ['b', 2],
    ]),
  ],
  ['{"a":null}', { type: 'map', keys: STRING }, new Map([['a', null]])],
  ['{"a":null,"a":1}', { type: 'map', keys: STRING, values: INT8 }, new Map([['a', 1]])],
  ['{[1]:1,[1]:2}', { type: 'map', keys: array(INT8), values: INT8 }, new Map([[[1], 2]])],
  string('[1,null]'),
  string('[1,,2]'),
  string('[a]'),
  string('[1'),
  string('{"a":1,"b":null}'),
  string('{null:1}'),
  string('{1,2}'),
  // All that Kafka Connect keeps of it.
  ['  [a]', STRING, '  '],
]

for (const [text, schema, value] of CASES)
  test(`${JSON.stringify(text)} is ${schema === null ? 'null' : schema.type}`, () => {
    assert.deepEqual(parseValue(text), { schema, value })
  })

test('-0 is a key of its own beside 0', () => {
  const { value } = parseValue('{-1e-50:1,0:2,1.5:3}')

  assert.deepEqual(
    [...(value as ReadonlyMap<Value, Value>).keys()],
    [new Sized('float32', -0), 0, 1.5],
  )
})

type Made = { readonly schema: Schema; readonly make: (random: Random) => Value }

const MS_PER_DAY = 86_400_000

const LEAVES: readonly Made[] = [
  { schema: INT8, make: (random) => below(random, 256) - 128 },
  { schema: { type: 'int64' }, make: (random) => 2n ** 40n + BigInt(below(random, 2 ** 40)) },
  { schema: FLOAT32, make: (random) => below(random, 1000) + 0.5 },
  { schema: { type: 'boolean' }, make: (random) => random() < 0.5 },
  {
    schema: decimalSchema(0),
    make: (random) => new Decimal(10n ** 20n + BigInt(below(random, 9)), 0),
  },
  { schema: DATE_SCHEMA, make: (random) => new Instant((1 + below(random, 1e5)) * MS_PER_DAY) },
  { schema: TIME_SCHEMA, make: (random) => new Instant(below(random, MS_PER_DAY)) },
  {
    schema: TIMESTAMP_SCHEMA,
    make: (random) => new Instant(below(random, 1e6) * MS_PER_DAY + 1 + MS_PER_DAY),
  },
]

const NAMES = ['a', 'name', 'ünï', '😀']

/** Lists and maps of one kind, without nulls and never empty: what Kafka Connect reads back as it was. */
function nested(random: Random, depth: number): SchemaAndValue & { readonly schema: Schema } {
  const { schema, make } = pick(random, LEAVES)
  if (depth === 0) return { schema, value: make(random) }
  const inner = nested(random, depth - 1)
  if (random() < 0.5) return { schema: array(inner.schema), value: [inner.value, inner.value] }
  return {
    schema: { type: 'map', keys: STRING, values: inner.schema },
    value: new Map([[pick(random, NAMES), inner.value]]),
  }
}

test('numbers, dates, lists and maps of one kind are read back from their text', () => {
  for (let seed = 0; seed < 1000; seed++) {
    const { schema, value } = nested(randomOf(seed), seed % 4)

    const read = parseValue(valueText(value, schema))

    assert.ok(read.schema && sameSchema(read.schema, schema), `seed ${seed}`)
    assert.ok(sameValue(read.value, value), `seed ${seed}`)
  }
})

test('lists lie in at most 1000 others, maps as keys of maps too', () => {
  const nestedIn = (depth: number, [open, close]: readonly [string, string]): string =>
    `${open.repeat(depth)}1${close.repeat(depth)}`

  for (const brackets of [
    ['[', ']'],
    ['{', ':1}'],
    ['{1:', '}'],
  ] as const) {
    assert.notEqual(parseValue(nestedIn(1000, brackets)).schema?.type, 'string')
    assert.throws(() => parseValue(nestedIn(1001, brackets)), DataError)
  }
})

const LONG = 300_000

const LONG_TEXTS: Readonly<Record<string, string>> = {
  'lists that are not closed': '['.repeat(800) + '1,'.repeat(LONG),
  'keys in keys': `${'{'.repeat(900)}[${'1,'.repeat(LONG)}]${':1}'.repeat(900)}`,
  'digits and a letter': `${'1'.repeat(LONG)}x`,
  backslashes: `["${'\\'.repeat(LONG)}`,
  'quotes in a list': `[${'"'.repeat(LONG)}`,
  blanks: `[${' '.repeat(LONG)},`,
  'blanks after digits': `[${`1${' '.repeat(1000)}:`.repeat(LONG / 1000)}`,
  'digits with a point': `0.${'0'.repeat(LONG)}1`,
}

// Each takes a second or so; one that went through the whole text for each of its parts would take minutes.
for (const [title, text] of Object.entries(LONG_TEXTS))
  test(`reading takes time in proportion to the text: ${title}`, { timeout: 20_000 }, () => {
    const before = performance.now()

    parseValue(text)

    assert.ok(performance.now() - before < 10_000)
  })
