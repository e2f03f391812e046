import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  readData,
  readSchema,
  readValue,
  type ValueNotation,
  writeData,
  writeSchema,
  writeValue,
} from '../../lib/data/notation.ts'
import type { Schema } from '../../lib/data/schema.ts'
import { sameSchema, sameValue } from '../../lib/data/schema-equality.ts'
import { Sized, schemaOfStruct } from '../../lib/data/value.ts'
import { randomOf, schemaFrom, valueFrom } from '../vectors/generate.ts'

test('schemas and values are the same after they were written down, sent as JSON and read', () => {
  for (let seed = 0; seed < 1000; seed++) {
    const random = randomOf(seed)
    const schema = schemaFrom(random)
    const value = valueFrom(random, schema)

    const schemaBack = readSchema(JSON.parse(JSON.stringify(writeSchema(schema))))
    const valueBack = readValue(JSON.parse(JSON.stringify(writeValue(value, schema))), schemaBack)

    assert.ok(schemaBack && sameSchema(schemaBack, schema), `seed ${seed}`)
    assert.ok(sameValue(valueBack, value), `seed ${seed}`)
  }
})

const NUMBERS: readonly { notation: ValueNotation; schema: Schema | null; value: unknown }[] = [
  { notation: { int8: 5 }, schema: { type: 'int8' }, value: 5 },
  { notation: { int8: 5 }, schema: { type: 'int16' }, value: new Sized('int8', 5) },
  { notation: { int8: 5 }, schema: null, value: new Sized('int8', 5) },
  { notation: { float64: '1.5' }, schema: null, value: 1.5 },
  { notation: { float64: '1.5' }, schema: { type: 'string' }, value: 1.5 },
  { notation: { float64: '1.0' }, schema: { type: 'int32' }, value: new Sized('float64', 1) },
  { notation: { float64: '1.0' }, schema: { type: 'int64' }, value: new Sized('float64', 1) },
  { notation: { int64: '9223372036854775807' }, schema: null, value: 2n ** 63n - 1n },
]

for (const { notation, schema, value } of NUMBERS)
  test(`${JSON.stringify(notation)} keeps its type beside ${schema?.type ?? 'no schema'}`, () => {
    const read = readValue(notation, schema)

    assert.deepEqual(read, value)
    assert.deepEqual(readValue(writeValue(read, schema), schema), value)
  })

test('a struct with a schema of its own keeps it, unless it is the one around', () => {
  const around: Schema = { type: 'struct', fields: [{ name: 'a', schema: { type: 'int8' } }] }
  const own = writeSchema({ ...around, doc: 'own' })
  const notation: ValueNotation = { struct: { a: { int8: 1 } }, schema: own }

  const read = readValue(notation, around)

  assert.equal(schemaOfStruct(read as object)?.doc, 'own')
  assert.deepEqual(writeValue(read, around), notation)
  assert.deepEqual(writeValue(readValue({ struct: { a: { int8: 1 } } }, around), around), {
    struct: { a: { int8: 1 } },
  })
})

test('bytes that are text are written as text, others in base64', () => {
  assert.deepEqual(writeData(Buffer.from('é')), { utf8: 'é' })
  assert.deepEqual(writeData(Buffer.from([0xc3])), { base64: 'ww==' })
  assert.equal(writeData(null), null)
  assert.deepEqual(readData({ base64: 'ww==' }), Buffer.from([0xc3]))
})
