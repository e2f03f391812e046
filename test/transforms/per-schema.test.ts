import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Schema } from '../../lib/data/schema.ts'
import { perSchema } from '../../lib/transforms/per-schema.ts'

const schemaOf = (version: number): Schema => ({ type: 'string', version })

/** What is made is counted. */
function counting() {
  const made: (number | undefined)[] = []
  const find = perSchema((schema) => {
    made.push(schema.version)
    return { of: schema.version }
  })
  return { made, find }
}

test('what is made of a schema is made once, by its identity and by its content', () => {
  const { made, find } = counting()
  const schema = schemaOf(1)

  const found = [find(schema), find(schemaOf(2)), find(schema), find(schemaOf(1))]

  assert.deepEqual(made, [1, 2])
  assert.equal(found[2], found[0])
  assert.equal(found[3], found[0])
})

test('of schemas that come anew each time the sixteen that came last are known', () => {
  const { made, find } = counting()
  for (let version = 0; version < 16; version++) find(schemaOf(version))
  find(schemaOf(0))
  find(schemaOf(16))
  made.length = 0

  find(schemaOf(0))
  find(schemaOf(1))

  assert.deepEqual(made, [1])
})

test('what could not be made is tried again', () => {
  let attempts = 0
  const find = perSchema(() => {
    attempts++
    throw new TypeError('no')
  })
  const schema = schemaOf(1)

  assert.throws(() => find(schema), TypeError)
  assert.throws(() => find(schema), TypeError)

  assert.equal(attempts, 2)
})
