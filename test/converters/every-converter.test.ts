/** What holds for all converters alike, over values and bytes at random. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Schema, SchemaType } from '../../lib/data/schema.ts'
import { sameValue } from '../../lib/data/schema-equality.ts'
import type { Value } from '../../lib/data/value.ts'
import { DataError } from '../../lib/errors.ts'
import type { Converter } from '../../lib/plugin.ts'
import { plugins } from '../../lib/registry.ts'
import { configured } from '../vectors/cases.ts'
import { below, pick, type Random, randomOf, schemaFrom, valueFrom } from '../vectors/generate.ts'
import { bytesFrom, mutated } from '../vectors/mutate.ts'

type Settings = Readonly<Record<string, string>>

const BOOLEANS = ['true', 'false']

const CONTENT =
  '{"type":"struct","fields":[{"type":"int32","optional":true,"field":"a"},{"type":"map","keys":{"type":"int8"},"values":{"type":"bytes","name":"org.apache.kafka.connect.data.Decimal","parameters":{"scale":"2"}},"field":"m"}]}'

const JSON_SETTINGS: readonly Settings[] = [
  ...BOOLEANS.flatMap((enabled) =>
    BOOLEANS.flatMap((replaced) =>
      ['BASE64', 'NUMERIC'].map((format) => ({
        'schemas.enable': enabled,
        'replace.null.with.default': replaced,
        'decimal.format': format,
      })),
    ),
  ),
  { 'schemas.cache.size': '0' },
  { 'schemas.cache.size': '-1' },
  { 'schema.content': CONTENT },
  { 'schema.content': '{"type":"array","items":{"type":"float"}}' },
]

const ENCODINGS = ['UTF-8', 'ISO-8859-1', 'US-ASCII', 'UTF-16', 'UTF-16BE', 'UTF-16LE']

/** All there are; a converter that is not named here has no settings. */
const SETTINGS: Readonly<Record<string, readonly Settings[]>> = {
  JsonConverter: JSON_SETTINGS,
  StringConverter: ENCODINGS.map((encoding) => ({ 'converter.encoding': encoding })),
}

const CONVERTERS = plugins.all.filter((plugin): plugin is Converter => plugin.kind === 'converter')

const simpleName = ({ name }: Converter): string => name.slice(name.lastIndexOf('.') + 1)

const settingsOf = (plugin: Converter): readonly Settings[] => SETTINGS[simpleName(plugin)] ?? [{}]

const positionOf = (plugin: Converter) => (plugin.headersOnly ? 'header' : 'value')

test('there are the ten converters of Kafka Connect', () => {
  assert.deepEqual(CONVERTERS.map(simpleName).sort(), [
    'BooleanConverter',
    'ByteArrayConverter',
    'DoubleConverter',
    'FloatConverter',
    'IntegerConverter',
    'JsonConverter',
    'LongConverter',
    'ShortConverter',
    'SimpleHeaderConverter',
    'StringConverter',
  ])
})

/** Nested, long or without an end. */
const HOSTILE: readonly string[] = [
  '['.repeat(50_000),
  '['.repeat(50_000) + ']'.repeat(50_000),
  '{"a":'.repeat(50_000),
  `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  '{1:['.repeat(20_000),
  '[1,'.repeat(20_000),
  '"'.repeat(50_001),
  '\\'.repeat(50_001),
  '\\"'.repeat(50_001),
  '9'.repeat(50_000),
  '1e999999999',
  '-1e-999999999',
  `0.${'0'.repeat(50_000)}1`,
  ','.repeat(50_000),
  '[1:2,'.repeat(10_000),
  '{"schema":'.repeat(20_000),
  '{"type":"array","items":'.repeat(20_000),
  `{"schema":${'{"type":"array","items":'.repeat(400)}{"type":"int8"}${'}'.repeat(400)},"payload":[[[[[1]]]]]}`,
  `{"schema":${'{"type":"array","items":'.repeat(2000)}{"type":"int8"}${'}'.repeat(2000)},"payload":[]}`,
  ' '.repeat(100_000),
  '2019-08-23T14:34:54.346Z'.repeat(2000),
]

/** Bytes of messages that this converter writes, changed; where it refuses a value, bytes at random. */
function bytesLikeThose(random: Random, plugin: Converter, settings: Settings): Buffer {
  const schema = schemaFrom(random, 2)
  try {
    const writer = configured(plugin, settings, positionOf(plugin))
    const bytes = writer.fromConnect('t', schema, valueFrom(random, schema))
    return bytes === null ? Buffer.alloc(0) : mutated(random, bytes)
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    return bytesFrom(random, 40)
  }
}

for (const plugin of CONVERTERS)
  describe(simpleName(plugin), () => {
    for (const settings of settingsOf(plugin))
      test(`reads any bytes or refuses them with a DataError, set to ${JSON.stringify(settings)}`, {
        timeout: 20_000,
      }, () => {
        const random = randomOf(settingsOf(plugin).indexOf(settings))
        const converter = configured(plugin, settings, positionOf(plugin))
        const inputs = [
          ...Array.from({ length: 300 }, () => bytesFrom(random, 40)),
          ...Array.from({ length: 300 }, () => bytesLikeThose(random, plugin, settings)),
          ...HOSTILE.map((text) => Buffer.from(text)),
        ]

        for (const bytes of inputs) readOrRefuse(() => converter.toConnect('t', bytes), bytes)
      })

    test('writes any value or refuses it with a DataError', () => {
      for (let seed = 0; seed < 500; seed++) {
        const random = randomOf(seed)
        const [schema, other] = [schemaFrom(random), schemaFrom(random)]
        const around = pick(random, [null, schema, other])
        const converter = configured(plugin, pick(random, settingsOf(plugin)), positionOf(plugin))
        const value = valueFrom(random, schema)

        readOrRefuse(() => converter.fromConnect('t', around, value), `seed ${seed}`)
      }
    })
  })

function readOrRefuse(work: () => unknown, what: Buffer | string): void {
  try {
    work()
  } catch (error) {
    if (error instanceof DataError) return
    const shown = Buffer.isBuffer(what) ? what.toString('latin1').slice(0, 200) : what
    throw new Error(`no DataError for ${shown}`, { cause: error })
  }
}

type Trip = {
  readonly converter: string
  readonly schemaType: SchemaType
  readonly settings?: Settings
  /** of which values it holds, where not of all */
  readonly where?: (value: Value) => boolean
}

const isWellFormed = (value: Value): boolean => typeof value === 'string' && value.isWellFormed()
const isLatin1 = (value: Value): boolean => /^[\0-\xff]*$/.test(String(value))
const isAscii = (value: Value): boolean => /^[\0-\x7f]*$/.test(String(value))

/** JsonConverter is in json-converter-properties.test.ts; SimpleHeaderConverter, which guesses types from text, is below. */
const TRIPS: readonly Trip[] = [
  { converter: 'BooleanConverter', schemaType: 'boolean' },
  { converter: 'ByteArrayConverter', schemaType: 'bytes' },
  { converter: 'ShortConverter', schemaType: 'int16' },
  { converter: 'IntegerConverter', schemaType: 'int32' },
  { converter: 'LongConverter', schemaType: 'int64' },
  { converter: 'FloatConverter', schemaType: 'float32' },
  { converter: 'DoubleConverter', schemaType: 'float64' },
  // Half a surrogate pair becomes a question mark in any encoding.
  ...['UTF-8', 'UTF-16', 'UTF-16BE', 'UTF-16LE'].map((encoding) => ({
    converter: 'StringConverter',
    schemaType: 'string' as const,
    settings: { 'converter.encoding': encoding },
    where: isWellFormed,
  })),
  {
    converter: 'StringConverter',
    schemaType: 'string',
    settings: { 'converter.encoding': 'ISO-8859-1' },
    where: isLatin1,
  },
  {
    converter: 'StringConverter',
    schemaType: 'string',
    settings: { 'converter.encoding': 'US-ASCII' },
    where: isAscii,
  },
]

for (const { converter: name, schemaType, settings = {}, where = () => true } of TRIPS)
  test(`${name} gives back what it was given, set to ${JSON.stringify(settings)}`, () => {
    const schema: Schema = { type: schemaType, optional: true }
    let compared = 0
    for (let seed = 0; seed < 2000; seed++) {
      const random = randomOf(seed)
      const value = valueFrom(random, schema)
      if (value !== null && !where(value)) continue
      const position = pick(random, ['key', 'value', 'header'] as const)
      const converter = configured(plugins.converter(name), settings, position)

      const back = converter.toConnect('t', converter.fromConnect('t', schema, value))

      assert.deepEqual(back.schema, schema)
      assert.ok(sameValue(back.value, value), `seed ${seed}`)
      compared++
    }
    assert.ok(compared > 500)
  })

const EXTREMES: readonly { name: string; type: SchemaType; values: readonly number[] }[] = [
  {
    name: 'FloatConverter',
    type: 'float32',
    values: [Number.NaN, Infinity, -Infinity, -0, 2 ** -149, 3.4028234663852886e38],
  },
  {
    name: 'DoubleConverter',
    type: 'float64',
    values: [Number.NaN, Infinity, -Infinity, -0, 5e-324, Number.MAX_VALUE],
  },
]

for (const { name, type, values } of EXTREMES)
  test(`${name} keeps what JSON cannot: NaN, the infinities and the negative zero`, () => {
    const converter = configured(plugins.converter(name))

    const back = values.map(
      (value) => converter.toConnect('t', converter.fromConnect('t', { type }, value)).value,
    )

    for (const [at, value] of values.entries()) assert.ok(Object.is(back[at], value), `${value}`)
  })

test('every pattern of bits is a number, and is written as it was read', () => {
  const random = randomOf(7)
  const wholes = [
    ['ShortConverter', 2],
    ['IntegerConverter', 4],
    ['LongConverter', 8],
  ] as const
  for (const [name, size] of wholes)
    for (let round = 0; round < 1000; round++) {
      const bytes = Buffer.from(Array.from({ length: size }, () => below(random, 256)))
      const converter = configured(plugins.converter(name))

      const { schema, value } = converter.toConnect('t', bytes)

      assert.deepEqual(converter.fromConnect('t', schema, value), bytes)
    }
})

test('SimpleHeaderConverter gives back booleans, the worth of integers, and text that looks like nothing else', () => {
  const converter = configured(plugins.converter('SimpleHeaderConverter'), {}, 'header')
  const back = (schema: Schema, value: Value): Value =>
    converter.toConnect('t', converter.fromConnect('t', schema, value)).value
  for (let seed = 0; seed < 2000; seed++) {
    const random = randomOf(seed)
    const type = pick(random, ['int8', 'int16', 'int32', 'int64'] as const)
    const integer = valueFrom(random, { type })
    const text = `x${valueFrom(random, { type: 'string' })}`

    assert.equal(String(back({ type }, integer)), String(integer), `seed ${seed}`)
    assert.equal(back({ type: 'boolean' }, seed % 2 === 0), seed % 2 === 0)
    assert.equal(back({ type: 'string' }, text), text, `seed ${seed}`)
  }
})
