import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Schema } from '../../lib/data/schema.ts'
import { Instant, Sized, type Value } from '../../lib/data/value.ts'
import { SerializationError } from '../../lib/errors.ts'
import { plugins } from '../../lib/registry.ts'
import { configured } from '../vectors/cases.ts'
import { testRecordedConverter } from '../vectors/converter-vectors.ts'

const NAMES = ['Short', 'Integer', 'Long', 'Float', 'Double'] as const

for (const name of NAMES)
  testRecordedConverter(`${name}Converter`, plugins.converter(`${name}Converter`))

const SIZES = { Short: 2, Integer: 4, Long: 8, Float: 4, Double: 8 }

for (const name of NAMES)
  test(`${name}Converter tells the deserializer's own words as the cause`, () => {
    const converter = configured(plugins.converter(`${name}Converter`))

    assert.throws(() => converter.toConnect('t', Buffer.alloc(3)), {
      name: 'DataException',
      message: `Failed to deserialize ${name.toLowerCase()}: `,
      cause: new SerializationError(
        `Size of data received by ${name}Deserializer is not ${SIZES[name]}`,
      ),
    })
  })

for (const position of ['key', 'value', 'header'] as const)
  test(`a number is the same as a ${position}`, () => {
    const converter = configured(plugins.converter('IntegerConverter'), {}, position)

    const bytes = converter.fromConnect('t', { type: 'int32' }, -2)

    assert.deepEqual(bytes, Buffer.from([0xff, 0xff, 0xff, 0xfe]))
    assert.deepEqual(converter.toConnect('t', bytes), {
      schema: { type: 'int32', optional: true },
      value: -2,
    })
  })

const REFUSED: readonly { name: string; schema: Schema | null; value: Value; found: string }[] = [
  { name: 'Short', schema: { type: 'int32' }, value: 1, found: 'Integer' },
  { name: 'Integer', schema: null, value: 1, found: 'Double' },
  { name: 'Integer', schema: { type: 'int64' }, value: 1n, found: 'Long' },
  { name: 'Long', schema: { type: 'int32' }, value: 1, found: 'Integer' },
  { name: 'Float', schema: null, value: 1.5, found: 'Double' },
  { name: 'Double', schema: { type: 'float32' }, value: 1.5, found: 'Float' },
  { name: 'Double', schema: null, value: new Sized('float32', 1.5), found: 'Float' },
]

for (const { name, schema, value, found } of REFUSED)
  test(`${name}Converter does not widen or narrow a ${found}`, () => {
    const converter = configured(plugins.converter(`${name}Converter`))

    assert.throws(() => converter.fromConnect('t', schema, value), {
      name: 'DataException',
      message: `Failed to serialize to ${name.toLowerCase()} (was class java.lang.${found}): `,
    })
  })

test('values that are no numbers are refused, whatever their schema', () => {
  const values: readonly Value[] = [true, '1', Buffer.of(1), [1], new Map(), {}, new Instant(0)]
  for (const name of NAMES)
    for (const value of [...values, 2n ** 63n])
      assert.throws(
        () => configured(plugins.converter(`${name}Converter`)).fromConnect('t', null, value),
        { name: 'DataException', message: /^Failed to serialize to \w+ \(was class (java\.|\[B)/ },
        name,
      )
})
