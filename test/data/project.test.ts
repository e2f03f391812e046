import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DATE_SCHEMA, decimalSchema } from '../../lib/data/logical-types.ts'
import { project } from '../../lib/data/project.ts'
import type { Schema, SchemaType } from '../../lib/data/schema.ts'
import { sameValue } from '../../lib/data/schema-equality.ts'
import { Decimal, Instant, Sized, type Value } from '../../lib/data/value.ts'
import { DataError, SchemaProjectorError } from '../../lib/errors.ts'
import { randomOf, schemaFrom, valueFrom } from '../vectors/generate.ts'

const INT8: Schema = { type: 'int8' }
const INT32: Schema = { type: 'int32' }
const INT64: Schema = { type: 'int64' }
const STRING: Schema = { type: 'string' }
const struct = (fields: Readonly<Record<string, Schema>>, name?: string): Schema => ({
  type: 'struct',
  ...(name === undefined ? {} : { name }),
  fields: Object.entries(fields).map(([name, schema]) => ({ name, schema })),
})

type Case = {
  readonly title: string
  readonly source: Schema
  readonly value: Value
  readonly target: Schema
  readonly want: Value
}

const PROJECTED: readonly Case[] = [
  { title: 'an int8 becomes an int64', source: INT8, value: -5, target: INT64, want: -5n },
  {
    title: 'an int64 becomes the nearest float, rounded once',
    source: INT64,
    value: 9007199791611905n,
    target: { type: 'float32' },
    want: 9007200328482816,
  },
  {
    title: 'an int64 becomes the nearest double',
    source: INT64,
    value: 2n ** 53n + 1n,
    target: { type: 'float64' },
    want: 2 ** 53,
  },
  {
    title: 'a number of a type of its own takes that of the target',
    source: INT8,
    value: new Sized('int8', 5),
    target: INT32,
    want: 5,
  },
  {
    title: 'a date stays a date',
    source: DATE_SCHEMA,
    value: new Instant(86_400_000),
    target: DATE_SCHEMA,
    want: new Instant(86_400_000),
  },
  {
    title: 'a null of an optional schema becomes the default',
    source: { ...STRING, optional: true },
    value: null,
    target: { ...STRING, default: 'none' },
    want: 'none',
  },
  {
    title: 'a null stays null where that is allowed, default or not',
    source: { ...STRING, optional: true },
    value: null,
    target: { ...STRING, optional: true, default: 'none' },
    want: null,
  },
  {
    title: 'elements and entries are projected one by one',
    source: { type: 'array', values: { type: 'map', keys: INT8, values: INT32 } },
    value: [new Map([[1, 2]])],
    target: { type: 'array', values: { type: 'map', keys: INT64, values: INT64 } },
    want: [new Map([[1n, 2n]])],
  },
  {
    title: 'fields are widened, dropped, filled with defaults and left out',
    source: struct({ id: INT8, gone: STRING, note: { ...STRING, default: 'old' } }),
    value: { id: 1, gone: 'x' },
    target: struct({
      id: INT64,
      note: STRING,
      added: { ...INT8, default: 7 },
      maybe: { ...INT8, optional: true, default: 8 },
    }),
    want: { id: 1n, note: 'old', added: 7 },
  },
  {
    title: 'a field may be called __proto__',
    source: struct(Object.fromEntries([['__proto__', INT8]])),
    value: Object.fromEntries([['__proto__', 1]]),
    target: struct(Object.fromEntries([['__proto__', INT32]])),
    want: Object.fromEntries([['__proto__', 1]]),
  },
]

for (const { title, source, value, target, want } of PROJECTED)
  test(title, () => {
    assert.deepEqual(project(source, value, target), want)
  })

const NUMBERS: readonly SchemaType[] = ['int8', 'int16', 'int32', 'int64', 'float32', 'float64']

for (const [at, type] of NUMBERS.entries())
  for (const narrower of NUMBERS.slice(0, at))
    test(`${type} is not narrowed to ${narrower}`, () => {
      const message = `Schema type mismatch. source type: ${type.toUpperCase()} and target type: ${narrower.toUpperCase()}`

      assert.throws(() => project({ type }, null, { type: narrower }), { message })
    })

type Refused = Omit<Case, 'want'> & { readonly message: string; readonly cause?: string }

const REFUSED: readonly Refused[] = [
  {
    title: 'another type',
    source: STRING,
    value: 'x',
    target: INT8,
    message: 'Schema type mismatch. source type: STRING and target type: INT8',
  },
  {
    title: 'another name',
    source: { ...INT8, name: 'a' },
    value: 1,
    target: INT8,
    message: 'Schema name mismatch. source name: a and target name: null',
  },
  {
    title: 'another scale',
    source: decimalSchema(2),
    value: new Decimal(1n, 2),
    target: { ...decimalSchema(3), parameters: { scale: '3', precision: '9' } },
    message:
      'Schema parameters not equal. source parameters: {scale=2} and target parameters: {scale=3, precision=9}',
  },
  {
    title: 'parameters where there were none',
    source: INT8,
    value: 1,
    target: { ...INT8, parameters: { a: 'b' } },
    message: 'Schema parameters not equal. source parameters: null and target parameters: {a=b}',
  },
  {
    title: 'optional to required without a default, whatever the value',
    source: { ...INT8, optional: true },
    value: 1,
    target: INT8,
    message: 'Writer schema is optional, however, target schema does not provide a default value.',
  },
  {
    title: 'a required field that was not there',
    source: struct({ a: INT8 }, 'S'),
    value: { a: 1 },
    target: struct({ n: INT8 }, 'S'),
    message: 'Required field `n` is missing from source schema: Schema{S:STRUCT}',
  },
  {
    title: 'a field of another type',
    source: struct({ a: STRING }),
    value: { a: 'x' },
    target: struct({ a: INT8 }),
    message: 'Error projecting a',
    cause: 'Schema type mismatch. source type: STRING and target type: INT8',
  },
]

for (const { title, source, value, target, message, cause } of REFUSED)
  test(`refused: ${title}`, () => {
    assert.throws(
      () => project(source, value, target),
      (error) =>
        error instanceof SchemaProjectorError &&
        error.message === message &&
        (error.cause as Error | undefined)?.message === cause,
    )
  })

test('a required field that is null is named', () => {
  const schema = struct({ a: INT8 })

  assert.throws(() => project(schema, {}, schema), {
    name: 'DataException',
    message: 'Invalid value: null used for required field: "a", schema type: INT8',
  })
})

for (const [value, schema] of [
  ['x', struct({})],
  ['x', { type: 'array', values: INT8 }],
  [[1], { type: 'map', keys: INT8, values: INT8 }],
  [[1], { type: 'array' }],
] as const satisfies readonly (readonly [Value, Schema])[])
  test(`a value that is no ${schema.type} of elements with a schema is an error of data`, () => {
    assert.throws(() => project(schema, value, schema), DataError)
  })

test('a value keeps its worth when its schema stays the same', () => {
  for (let seed = 0; seed < 1000; seed++) {
    const random = randomOf(seed)
    const schema = schemaFrom(random)
    const value = valueFrom(random, schema)

    assert.ok(
      sameValue(project(schema, value, schema), withDefaults(schema, value)),
      `seed ${seed}`,
    )
  }
})

/** What a reader of the struct is given for a null. */
function withDefaults(schema: Schema, value: Value): Value {
  if (Array.isArray(value) && schema.values) {
    const { values } = schema
    return value.map((element) => withDefaults(values, element))
  }
  if (value instanceof Map && schema.values) {
    const { values } = schema
    return new Map(Array.from(value, ([key, of]) => [key, withDefaults(values, of)]))
  }
  if (value === null || schema.type !== 'struct') return value
  const members = value as Readonly<Record<string, Value>>
  return Object.fromEntries(
    (schema.fields ?? []).map((field) => [
      field.name,
      withDefaults(
        field.schema,
        (Object.hasOwn(members, field.name) ? members[field.name] : null) ??
          field.schema.default ??
          null,
      ),
    ]),
  )
}
