import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Schema } from '../../lib/data/schema.ts'
import { validateField } from '../../lib/data/validate.ts'
import { Sized, type Value } from '../../lib/data/value.ts'
import { fittingOf } from '../../lib/transforms/struct-put.ts'
import { pick, randomOf, schemaFrom, valueFrom } from '../vectors/generate.ts'

const outcomeOf = (put: () => unknown): string => {
  try {
    put()
    return 'fits'
  } catch (error) {
    return String(error)
  }
}

test('a value fits where validateField says so, whatever way it is found out', () => {
  const random = randomOf(4)
  const differing: unknown[] = []
  let misfits = 0
  for (let round = 0; round < 4000; round++) {
    const schema = schemaFrom(random, 2)
    const odd: Value[] = [null, 1, 1.5, -129, 1n, 2n ** 63n, true, 'x', [], new Map()]
    const from = schemaFrom(random, 1)
    const value = pick(random, [
      ...odd,
      new Sized('int8', 1),
      Buffer.of(1),
      valueFrom(random, from),
      valueFrom(random, schema),
      valueFrom(random, schema),
    ])

    const outcome = outcomeOf(() => fittingOf({ name: 'f', schema })(value))

    if (outcome !== 'fits') misfits++
    if (outcome !== outcomeOf(() => validateField('f', schema, value)))
      differing.push({ schema, value, outcome })
  }

  assert.deepEqual(differing, [])
  assert.ok(misfits > 500 && misfits < 3500)
})

test('a value from a field of another type is what it was there', () => {
  const [byte, int]: Schema[] = [{ type: 'int8' }, { type: 'int32' }]
  const fitting = fittingOf({ name: 'f', schema: int as Schema }, byte as Schema)

  assert.throws(() => fitting(1), {
    message: 'Invalid Java object for schema with type INT32: class java.lang.Byte for field: "f"',
  })
})

test('a struct from a field of another schema does not match, be it only by a doc', () => {
  const inner: Schema = { type: 'struct', fields: [{ name: 'a', schema: { type: 'int8' } }] }
  const from: Schema = { type: 'array', values: inner }
  const to: Schema = { type: 'array', values: { ...inner, doc: 'new' } }

  assert.throws(() => fittingOf({ name: 'f', schema: to }, from)([{ a: 1 }]), {
    message: 'Struct schemas do not match.',
  })
  assert.deepEqual(fittingOf({ name: 'f', schema: from }, { ...from, doc: 'new' })([{ a: 1 }]), [
    { a: 1 },
  ])
})
