import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonConverter } from '../../lib/converters/json-converter/index.ts'
import type { Schema } from '../../lib/data/schema.ts'
import { sameSchema, sameValue } from '../../lib/data/schema-equality.ts'
import { DataError } from '../../lib/errors.ts'
import type { ConfiguredConverter } from '../../lib/plugin.ts'
import { configured } from '../vectors/cases.ts'
import { pick, randomOf, schemaFrom, valueFrom } from '../vectors/generate.ts'
import { mutated } from '../vectors/mutate.ts'

// The default would take the place of a null.
const KEEP_NULLS = { 'replace.null.with.default': 'false' }

const describe = (seed: number, schema: Schema): string =>
  `seed ${seed}: ${JSON.stringify(schema, stringified)}`

const stringified = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value

test('what is encoded is decoded as it was, with its schema', () => {
  for (let seed = 0; seed < 2000; seed++) {
    const random = randomOf(seed)
    const schema = schemaFrom(random)
    const value = valueFrom(random, schema)
    const converter = configured(jsonConverter, {
      ...KEEP_NULLS,
      'decimal.format': pick(random, ['BASE64', 'NUMERIC']),
    })
    const bytes = converter.fromConnect('t', schema, value)

    const slow = converter.toConnect('t', bytes)
    const fast = converter.toConnect('t', bytes)

    assert.ok(slow.schema && sameSchema(slow.schema, schema), describe(seed, schema))
    assert.equal(fast.schema, slow.schema)
    for (const back of [slow.value, fast.value])
      assert.ok(sameValue(back, value), describe(seed, schema))
  }
})

type Outcome = { readonly value: unknown } | { readonly refused: string }

function outcomeOf(converter: ConfiguredConverter, bytes: Buffer): Outcome {
  try {
    return { value: converter.toConnect('t', bytes).value }
  } catch (error) {
    // Anything else is no answer: it ends the test.
    if (!(error instanceof DataError)) throw error
    return { refused: `${error.name}: ${error.message}` }
  }
}

test('a changed message is answered alike by a converter that knows its schema and by one that remembers nothing', () => {
  let refused = 0
  for (let seed = 0; seed < 3000; seed++) {
    const random = randomOf(seed)
    const schema = schemaFrom(random)
    const settings = { 'replace.null.with.default': pick(random, ['true', 'false']) }
    const knowing = configured(jsonConverter, settings)
    const forgetful = configured(jsonConverter, { ...settings, 'schemas.cache.size': '0' })
    const message = knowing.fromConnect('t', schema, valueFrom(random, schema)) ?? Buffer.alloc(0)
    outcomeOf(knowing, message)
    const changed = mutated(random, message)

    const [fast, slow] = [outcomeOf(knowing, changed), outcomeOf(forgetful, changed)]

    assert.deepEqual(fast, slow, `seed ${seed}: ${changed.toString('latin1')}`)
    if ('refused' in slow) refused++
  }
  assert.ok(refused > 500 && refused < 2500, `${refused} refused`)
})

const HOSTILE: readonly { title: string; text: string }[] = [
  { title: '100,000 arrays in each other', text: '['.repeat(100_000) },
  {
    title: '100,000 arrays in each other, closed',
    text: '['.repeat(100_000) + ']'.repeat(100_000),
  },
  { title: '100,000 objects in each other', text: '{"a":'.repeat(100_000) },
  { title: 'a number of a million digits', text: '7'.repeat(1_000_000) },
  { title: 'an exponent of a thousand million', text: '[1e99999999999]' },
  { title: 'a string without an end', text: `"${'a'.repeat(1_000_000)}` },
  { title: 'a million backslashes', text: `"${'\\'.repeat(1_000_001)}` },
]

for (const { title, text } of HOSTILE)
  test(`${title} is refused`, { timeout: 5000 }, () => {
    const converter = configured(jsonConverter, { 'schemas.enable': 'false' })

    assert.throws(() => converter.toConnect('t', Buffer.from(text)), DataError)
  })

test('a number of a vast exponent costs nothing', { timeout: 5000 }, () => {
  const converter = configured(jsonConverter)
  const decode = (type: string, payload: string) =>
    converter.toConnect('t', Buffer.from(`{"schema":{"type":"${type}"},"payload":${payload}}`))
      .value

  assert.equal(decode('int64', '1e2000000000'), 0n)
  assert.equal(decode('int32', '1e-2000000000'), 0)
  assert.equal(decode('double', '1e2000000000'), Number.POSITIVE_INFINITY)
})

test('deep nesting that Jackson does not write is refused when it is encoded', () => {
  const nested = (depth: number): string =>
    JSON.stringify(
      Array(depth)
        .fill(0)
        .reduce((inner) => [inner], 0),
    )
  const value = JSON.parse(nested(1001))

  assert.throws(
    () => configured(jsonConverter, { 'schemas.enable': 'false' }).fromConnect('t', null, value),
    { name: 'DataException', message: /^Converting Kafka Connect data to byte\[\] failed/ },
  )
})
