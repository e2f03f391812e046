import {
  DATE_SCHEMA,
  decimalSchema,
  TIME_SCHEMA,
  TIMESTAMP_SCHEMA,
} from '../../lib/data/logical-types.ts'
import type { Schema, SchemaType } from '../../lib/data/schema.ts'
import { Decimal, Instant, type Value } from '../../lib/data/value.ts'

/** Numbers from 0 to 1 that are the same again for the same seed: mulberry32. */
export function randomOf(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export type Random = () => number

export const below = (random: Random, limit: number): number => Math.floor(random() * limit)

/** `of` is not empty. */
export const pick = <T>(random: Random, of: readonly T[]): T => of[below(random, of.length)] as T

const many = <T>(random: Random, most: number, make: () => T): T[] =>
  Array.from({ length: below(random, most + 1) }, make)

const TEXTS = [
  '',
  'a',
  'Ada Lovelace',
  'quo"te',
  'back\\slash',
  'tab\there\n',
  '\u0000\u001f\u007f',
  'café 你好',
  '\u2028\u2029',
  '😀😀',
  'null',
  '{"payload":1}',
  '/path/',
]

const NAMES = [
  'id',
  'name',
  'a b',
  'na.me',
  'ünï',
  'quo"te',
  '😀',
  'constructor',
  '0',
  'schema',
  'payload',
]

export const textFrom = (random: Random): string =>
  random() < 0.7 ? pick(random, TEXTS) : many(random, 3, () => pick(random, TEXTS)).join('-')

const PRIMITIVES: readonly SchemaType[] = [
  'int8',
  'int16',
  'int32',
  'int64',
  'float32',
  'float64',
  'boolean',
  'string',
  'bytes',
]

/** A schema of any kind, with every attribute now and then. */
export function schemaFrom(random: Random, depth = 3): Schema {
  const bare = { ...kindFrom(random, depth), ...attributesFrom(random) }
  // A struct has no default that Kafka Connect accepts.
  return bare.type !== 'struct' && random() < 0.15
    ? { ...bare, default: valueFrom(random, bare) }
    : bare
}

function kindFrom(random: Random, depth: number): Schema {
  const roll = random()
  if (depth > 0 && roll < 0.3) return { type: 'struct', fields: fieldsFrom(random, depth) }
  if (depth > 0 && roll < 0.4) return { type: 'array', values: schemaFrom(random, depth - 1) }
  if (depth > 0 && roll < 0.5)
    return { type: 'map', keys: keySchemaFrom(random), values: schemaFrom(random, depth - 1) }
  if (roll < 0.65)
    return pick(random, [
      decimalSchema(below(random, 6) - 1),
      DATE_SCHEMA,
      TIME_SCHEMA,
      TIMESTAMP_SCHEMA,
    ])
  return { type: pick(random, PRIMITIVES) }
}

const keySchemaFrom = (random: Random): Schema => ({
  type: pick(random, ['string', 'string', 'int32', 'int64', 'boolean']),
})

const fieldsFrom = (random: Random, depth: number) =>
  [...new Set(many(random, 5, () => pick(random, NAMES)))].map((name) => ({
    name,
    schema: schemaFrom(random, depth - 1),
  }))

const attributesFrom = (random: Random): Partial<Schema> => ({
  ...(random() < 0.4 ? { optional: true } : {}),
  ...(random() < 0.1 ? { doc: textFrom(random) } : {}),
  ...(random() < 0.1 ? { version: below(random, 5) } : {}),
})

const INTEGER_LIMITS = { int8: 2 ** 7, int16: 2 ** 15, int32: 2 ** 31 }

const REALS = [
  0, 1, -1.5, 0.1, 1e7, 12345678.9, 1e-3, 9.99e-4, 1e21, -4.9e-324, 1.7976931348623157e308,
]

function integerFrom(random: Random, limit: number): number {
  const roll = random()
  if (roll < 0.1) return limit - 1
  return roll < 0.2 ? -limit : Math.floor((random() * 2 - 1) * limit)
}

function longFrom(random: Random): bigint {
  const limits = [0n, -1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)]
  if (random() < 0.3) return pick(random, limits)
  const wide = (BigInt(below(random, 2 ** 31)) << 32n) | BigInt(below(random, 2 ** 31))
  return BigInt.asIntN(64, wide >> BigInt(below(random, 60))) * (random() < 0.5 ? 1n : -1n)
}

/** A value that fits the schema; null now and then where that is allowed. */
export function valueFrom(random: Random, schema: Schema): Value {
  if (schema.optional && random() < 0.25) return null
  if (schema.name === DATE_SCHEMA.name)
    return new Instant(integerFrom(random, 100_000) * 86_400_000)
  if (schema.name === TIME_SCHEMA.name) return new Instant(below(random, 86_400_001))
  if (schema.name === TIMESTAMP_SCHEMA.name) return new Instant(integerFrom(random, 8.64e15))
  if (schema.parameters) return new Decimal(longFrom(random), Number(schema.parameters['scale']))
  return kindOfValueFrom(random, schema)
}

function kindOfValueFrom(random: Random, schema: Schema): Value {
  const { type, values, keys, fields = [] } = schema
  switch (type) {
    case 'int8':
    case 'int16':
    case 'int32':
      return integerFrom(random, INTEGER_LIMITS[type])
    case 'int64':
      return longFrom(random)
    case 'float32':
      return Math.fround(random() < 0.5 ? pick(random, REALS.slice(0, 8)) : random() * 1e6)
    case 'float64':
      return random() < 0.5 ? pick(random, REALS) : (random() - 0.5) * 10 ** below(random, 30)
    case 'boolean':
      return random() < 0.5
    case 'string':
      return textFrom(random)
    case 'bytes':
      return Buffer.from(many(random, 9, () => below(random, 256)))
    case 'array':
      return many(random, 4, () => valueFrom(random, values ?? { type: 'string' }))
    case 'map':
      return new Map(
        many(random, 4, () => [
          valueFrom(random, keys ?? { type: 'string' }),
          valueFrom(random, values ?? { type: 'string' }),
        ]),
      )
    case 'struct':
      return Object.fromEntries(fields.map(({ name, schema }) => [name, valueFrom(random, schema)]))
  }
}
