import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Schema } from '../../lib/data/schema.ts'
import { checkedSchema } from '../../lib/data/schema-builder.ts'
import type { Value } from '../../lib/data/value.ts'
import { SchemaBuilderError } from '../../lib/errors.ts'
import { randomOf, schemaFrom } from '../vectors/generate.ts'

const INT8: Schema = { type: 'int8' }
const field = (name: string, schema: Schema = INT8) => ({ name, schema })
const struct = (...fields: readonly ReturnType<typeof field>[]): Schema => ({
  type: 'struct',
  fields,
})
const absent = undefined as unknown as Schema // what a caller without types hands over

const REFUSED: readonly (readonly [string, Schema, string])[] = [
  [
    'a field name that comes twice',
    struct(field('a'), field('b'), field('a')),
    'Cannot create field because of field name duplication a',
  ],
  ['an empty field name', struct(field('')), 'fieldName cannot be null.'],
  [
    'a field without a schema',
    struct({ name: 'a', schema: absent }),
    'fieldSchema for field a cannot be null.',
  ],
  [
    'fields of a number',
    { type: 'int8', fields: [field('a')] },
    'Cannot create fields on type INT8',
  ],
  ['a list without a schema of its elements', { type: 'array' }, 'valueSchema cannot be null.'],
  [
    'a map without a schema of its keys',
    { type: 'map', values: INT8 },
    'keySchema cannot be null.',
  ],
  [
    'a map without a schema of its values',
    { type: 'map', keys: INT8 },
    'valueSchema cannot be null.',
  ],
  ['a default of another type', { type: 'int8', default: 'x' }, 'Invalid default value'],
  ['a default too great', { type: 'int8', default: 128 }, 'Invalid default value'],
  [
    'a default with a null in it',
    { type: 'array', values: INT8, default: [1, null] },
    'Invalid default value',
  ],
  ['a struct as default', { ...struct(field('a')), default: { a: 1 } }, 'Invalid default value'],
  [
    'a mistake inside of a list',
    { type: 'array', values: struct(field('')) },
    'fieldName cannot be null.',
  ],
  [
    'a mistake inside of a field',
    struct(field('a', { type: 'array' })),
    'valueSchema cannot be null.',
  ],
  [
    'a mistake inside of a key',
    { type: 'map', keys: { type: 'array' }, values: INT8 },
    'valueSchema cannot be null.',
  ],
]

for (const [title, schema, message] of REFUSED)
  test(`refused: ${title}`, () => {
    assert.throws(
      () => checkedSchema(schema),
      (error) => error instanceof SchemaBuilderError && error.message === message,
    )
  })

test('a null where a default would be means that there is none', () => {
  const schema: Schema = { type: 'int8', default: null as Value }

  assert.equal(checkedSchema(schema), schema)
})

test('every schema that can be is given back as it is', () => {
  for (let seed = 0; seed < 500; seed++) {
    const schema = schemaFrom(randomOf(seed))

    assert.equal(checkedSchema(schema), schema, `seed ${seed}`)
  }
})
