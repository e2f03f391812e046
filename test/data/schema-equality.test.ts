import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Schema } from '../../lib/data/schema.ts'
import { sameSchema, sameValue } from '../../lib/data/schema-equality.ts'
import { Decimal, Instant, Sized, type Value } from '../../lib/data/value.ts'
import { randomOf, schemaFrom } from '../vectors/generate.ts'

const FULL: Schema = {
  type: 'struct',
  name: 'N',
  version: 1,
  doc: 'd',
  parameters: { a: '1', b: '2' },
  fields: [
    { name: 'x', schema: { type: 'map', keys: { type: 'string' }, values: { type: 'int8' } } },
    { name: 'y', schema: { type: 'array', values: { type: 'int8', default: 5 } } },
  ],
}
const [X, Y] = FULL.fields ?? []

const DIFFERENT: readonly { title: string; schema: Schema }[] = [
  { title: 'optional', schema: { ...FULL, optional: true } },
  { title: 'name', schema: { ...FULL, name: 'M' } },
  { title: 'version', schema: { ...FULL, version: 2 } },
  { title: 'doc', schema: { ...FULL, doc: 'e' } },
  { title: 'parameters', schema: { ...FULL, parameters: { a: '1', b: '3' } } },
  { title: 'default', schema: { ...FULL, default: {} } },
  {
    title: 'order of fields',
    schema: { ...FULL, fields: [Y, X].filter((one) => one !== undefined) },
  },
  { title: 'number of fields', schema: { ...FULL, fields: [] } },
  {
    title: 'a default inside',
    schema: {
      ...FULL,
      fields: [
        ...(X ? [X] : []),
        { name: 'y', schema: { type: 'array', values: { type: 'int8', default: 6 } } },
      ],
    },
  },
]

for (const { title, schema } of DIFFERENT)
  test(`schemas differ by their ${title}`, () => {
    assert.equal(sameSchema(FULL, schema), false)
    assert.equal(sameSchema(schema, FULL), false)
  })

test('schemas are equal whatever the order of parameters, and when false or empty is left out', () => {
  assert.ok(sameSchema(FULL, { ...FULL, optional: false, parameters: { b: '2', a: '1' } }))
  assert.ok(sameSchema({ type: 'int8' }, { type: 'int8', parameters: {} }))
})

test('a schema made again is equal, another one is not', () => {
  for (let seed = 0; seed < 200; seed++) {
    const schema = schemaFrom(randomOf(seed))

    assert.ok(sameSchema(schema, schemaFrom(randomOf(seed))))
    assert.equal(sameSchema(schema, { ...schema, doc: 'another' }), false)
  }
})

const VALUES: readonly { one: Value; other: Value; same: boolean }[] = [
  { one: Number.NaN, other: Number.NaN, same: true },
  { one: 0, other: -0, same: false },
  { one: 1, other: 1n, same: false },
  { one: new Decimal(10n, 1), other: new Decimal(10n, 1), same: true },
  { one: new Decimal(10n, 1), other: new Decimal(100n, 2), same: false },
  { one: new Instant(5), other: new Instant(5), same: true },
  { one: new Sized('int8', 5), other: new Sized('int16', 5), same: false },
  { one: Buffer.from('a'), other: Buffer.from('a'), same: true },
  { one: [1, [2]], other: [1, [2]], same: true },
  { one: [1], other: [1, 2], same: false },
  {
    one: new Map([
      ['a', 1],
      ['b', 2],
    ]),
    other: new Map([
      ['b', 2],
      ['a', 1],
    ]),
    same: true,
  },
  { one: new Map([['a', 1]]), other: new Map([['a', 2]]), same: false },
  { one: { a: 1, b: null }, other: { a: 1 }, same: true },
  { one: { a: 1 }, other: { a: null }, same: false },
  { one: {}, other: [], same: false },
  { one: null, other: {}, same: false },
]

for (const { one, other, same } of VALUES)
  test(`${String(one)} and ${String(other)} are ${same ? 'the same' : 'not the same'} value (${VALUES.findIndex((v) => v.one === one)})`, () => {
    assert.equal(sameValue(one, other), same)
    assert.equal(sameValue(other, one), same)
  })
