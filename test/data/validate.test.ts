import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decimalSchema, TIMESTAMP_SCHEMA } from '../../lib/data/logical-types.ts'
import type { Schema } from '../../lib/data/schema.ts'
import { validateField, validateStruct, validateValue } from '../../lib/data/validate.ts'
import { Decimal, Instant, Sized, structSchema, type Value } from '../../lib/data/value.ts'
import { DataError } from '../../lib/errors.ts'
import { randomOf, schemaFrom, valueFrom } from '../vectors/generate.ts'

const INT32: Schema = { type: 'int32' }
const PAIR: Schema = { type: 'struct', fields: [{ name: 'a', schema: INT32 }] }

const REFUSED: readonly { schema: Schema; value: Value; message: string }[] = [
  {
    schema: INT32,
    value: 'x',
    message:
      'Invalid Java object for schema with type INT32: class java.lang.String for field: "f"',
  },
  {
    schema: decimalSchema(2),
    value: Buffer.from('x'),
    message:
      'Invalid Java object for schema "org.apache.kafka.connect.data.Decimal" with type BYTES: class [B for field: "f"',
  },
  {
    schema: INT32,
    value: null,
    message: 'Invalid value: null used for required field: "f", schema type: INT32',
  },
  {
    schema: INT32,
    value: 5n,
    message: 'Invalid Java object for schema with type INT32: class java.lang.Long for field: "f"',
  },
  {
    schema: { type: 'int64' },
    value: new Sized('int32', 5),
    message:
      'Invalid Java object for schema with type INT64: class java.lang.Integer for field: "f"',
  },
  {
    schema: { type: 'array', values: INT32 },
    value: [1, null],
    message:
      'Invalid value: null used for required element of array field: "f", schema type: INT32',
  },
  {
    schema: { type: 'map', keys: { type: 'string' }, values: INT32 },
    value: new Map([['k', 'v']]),
    message:
      'Invalid Java object for schema with type INT32: class java.lang.String for value of map field: "f"',
  },
  {
    schema: { type: 'map', keys: INT32, values: INT32 },
    value: new Map([['k', 1]]),
    message:
      'Invalid Java object for schema with type INT32: class java.lang.String for key of map field: "f"',
  },
  {
    schema: PAIR,
    value: {},
    message: 'Invalid value: null used for required field: "a", schema type: INT32',
  },
  {
    schema: PAIR,
    value: { a: 1, [structSchema]: { ...PAIR, doc: 'another' } } as Value,
    message: 'Struct schemas do not match.',
  },
  {
    schema: { type: 'array' },
    value: [],
    message: 'No schema defined for element of array field: "f"',
  },
]

const UNKEYED: Schema = { type: 'map', values: INT32 }

test('a map without a schema for its keys is refused', () => {
  assert.throws(() => validateValue(UNKEYED, new Map()), {
    message: 'No schema defined for key of map value',
  })
})

for (const { schema, value, message } of REFUSED)
  test(`refused: ${message}`, () => {
    assert.throws(() => validateField('f', schema, value), { name: 'DataException', message })
  })

test('a value by itself is called value', () => {
  assert.throws(() => validateValue(INT32, true), {
    message: 'Invalid Java object for schema with type INT32: class java.lang.Boolean for value',
  })
})

test('what was made for a schema fits it', () => {
  for (let seed = 0; seed < 1000; seed++) {
    const random = randomOf(seed)
    const schema = schemaFrom(random)

    validateValue(schema, valueFrom(random, schema))
  }
})

test('a logical type takes its own class alone', () => {
  validateValue(decimalSchema(0), new Decimal(1n, 0))
  validateValue(TIMESTAMP_SCHEMA, new Instant(1))

  assert.throws(() => validateValue(TIMESTAMP_SCHEMA, 5n), DataError)
  assert.throws(() => validateValue({ type: 'int64' }, new Instant(1)), DataError)
})

test('a field with a default may be missing from a struct, a required one without may not', () => {
  const schema: Schema = {
    type: 'struct',
    fields: [{ name: 'a', schema: { type: 'int32', default: 3 } }],
  }

  validateStruct(schema, {})

  assert.throws(() => validateStruct(PAIR, {}), DataError)
})
