import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validateConfig } from '../../lib/config/config-def.ts'
import type { Schema } from '../../lib/data/schema.ts'
import type { Value } from '../../lib/data/value.ts'
import { replaceField } from '../../lib/transforms/replace-field.ts'
import { testRecorded } from '../vectors/record-vectors.ts'
import { configured, recordOf } from './examples.ts'

testRecorded('transforms', ['ReplaceField'])

// Answers of connect-transforms 4.3.1 (JDK 17, UTC) to random records and configurations of all transforms that rebuild fields.
testRecorded('transforms', ['parity-fields'])

const [, replaceValue] = replaceField

const PAIR: Schema = {
  type: 'struct',
  fields: [
    { name: 'a', schema: { type: 'int32' } },
    { name: 'b', schema: { type: 'string', optional: true } },
  ],
}

test('two fields can change their names with each other', () => {
  const transform = configured(replaceValue, { renames: 'a:b,b:a' })

  const changed = transform.apply(recordOf({ valueSchema: PAIR, value: { a: 1, b: 'x' } }))

  assert.deepEqual(changed?.value, { b: 1, a: 'x' })
})

test('a rename of what is not there takes the value from there all the same', () => {
  const transform = configured(replaceValue, { renames: 'gone:a' })

  const apply = () => transform.apply(recordOf({ valueSchema: PAIR, value: { a: 1, b: null } }))

  assert.throws(apply, { name: 'DataException', message: 'gone is not a valid field name' })
})

test('the value of an excluded field comes back under the name that it was to get', () => {
  const transform = configured(replaceValue, { exclude: 'a', renames: 'a:b' })

  const apply = () => transform.apply(recordOf({ valueSchema: PAIR, value: { a: 1, b: 'x' } }))

  assert.throws(apply, {
    message:
      'Invalid Java object for schema with type STRING: class java.lang.Integer for field: "b"',
  })
})

test('of two members of a map that get one name the later one stays', () => {
  const value = new Map<string, Value>([
    ['b', 'first'],
    ['a', 'second'],
  ])
  const transform = configured(replaceValue, { renames: 'a:b' })

  const changed = transform.apply(recordOf({ value }))

  assert.deepEqual(changed?.value, new Map([['b', 'second']]))
})

const errorsOf = (config: Readonly<Record<string, string>>): string[] =>
  validateConfig(replaceValue.config, config).flatMap((value) => value.errors)

test('validation names what is listed twice; a transform lets it pass', () => {
  const config = { include: 'a,a', renames: 'a:x,a:x' }

  assert.deepEqual(errorsOf(config), ["Configuration 'include' values must not be duplicated."])
  const changed = configured(replaceValue, config).apply(
    recordOf({ valueSchema: PAIR, value: { a: 1, b: null } }),
  )
  assert.deepEqual(changed?.value, { x: 1 })
})

for (const mapping of ['a', 'a:', ':', 'a:b:c'])
  test(`${mapping} is no rename`, () => {
    assert.deepEqual(errorsOf({ renames: `x:y,${mapping}` }), [
      `Invalid value [x:y, ${mapping}] for configuration renames: Invalid rename mapping: ${mapping}`,
    ])
  })
