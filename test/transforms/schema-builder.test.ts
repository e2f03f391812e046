import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Field, Schema } from '../../lib/data/schema.ts'
import {
  basicsOf,
  fieldsOf,
  findField,
  structOf,
  withDefault,
} from '../../lib/transforms/schema-builder.ts'

const field = (name: string): Field => ({ name, schema: { type: 'int32' } })

test('of a schema its name, version, doc and parameters are copied, and nothing else', () => {
  const basics = { name: 'N', version: 0, doc: '', parameters: { a: 'b' } }
  const schema: Schema = { type: 'int8', ...basics, optional: true, default: 1 }

  assert.deepEqual(basicsOf(schema), basics)
  assert.deepEqual(basicsOf({ type: 'int8' }), {})
})

test('a field needs a name of its own', () => {
  assert.throws(() => structOf({}, [field('a'), field('')]), {
    name: 'SchemaBuilderException',
    message: 'fieldName cannot be null.',
  })
  assert.throws(() => structOf({}, [field('a'), field('b'), field('a')]), {
    name: 'SchemaBuilderException',
    message: 'Cannot create field because of field name duplication a',
  })
})

test('a default has to fit', () => {
  assert.deepEqual(withDefault({ type: 'int8' }, 7), { type: 'int8', default: 7 })
  assert.deepEqual(withDefault({ type: 'int8' }, null), { type: 'int8' })
  assert.throws(() => withDefault({ type: 'int8' }, 128), {
    name: 'SchemaBuilderException',
    message: 'Invalid default value',
  })
})

test('only a struct has fields', () => {
  const schema = structOf({}, [field('a')])

  assert.deepEqual(fieldsOf(schema), [field('a')])
  assert.deepEqual(findField(schema, 'a'), field('a'))
  assert.equal(findField(schema, 'b'), undefined)
  assert.throws(() => fieldsOf({ type: 'int8' }), {
    message: 'Cannot list fields on non-struct type',
  })
  assert.throws(() => findField({ type: 'int8' }, 'a'), {
    message: 'Cannot look up fields on non-struct type',
  })
})
