import type { Schema } from './schema.ts'
import { Decimal, fieldOf, Instant, Sized, type Struct, type Value } from './value.ts'

/** Equal in everything, doc, parameters and default included, as in Kafka Connect. */
export function sameSchema(one: Schema, other: Schema): boolean {
  if (one === other) return true
  return (
    one.type === other.type &&
    (one.optional ?? false) === (other.optional ?? false) &&
    one.name === other.name &&
    one.version === other.version &&
    one.doc === other.doc &&
    sameParameters(one.parameters ?? {}, other.parameters ?? {}) &&
    sameValue(one.default ?? null, other.default ?? null) &&
    sameFields(one, other) &&
    sameInner(one.keys, other.keys) &&
    sameInner(one.values, other.values)
  )
}

const sameInner = (one: Schema | undefined, other: Schema | undefined): boolean =>
  one === undefined || other === undefined ? one === other : sameSchema(one, other)

function sameFields({ fields: one = [] }: Schema, { fields: other = [] }: Schema): boolean {
  if (one.length !== other.length) return false
  return one.every(({ name, schema }, at) => {
    const field = other[at]
    return field !== undefined && field.name === name && sameSchema(schema, field.schema)
  })
}

type Parameters = Readonly<Record<string, string>>

export function sameParameters(one: Parameters, other: Parameters): boolean {
  const keys = Object.keys(one)
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && one[key] === other[key])
  )
}

/** Two values of one schema, by type and worth: NaN equals NaN, 0 differs from -0, 1.0 from 1.00. */
export function sameValue(one: Value, other: Value): boolean {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return false
  if (Buffer.isBuffer(one)) return Buffer.isBuffer(other) && one.equals(other)
  if (one instanceof Decimal)
    return other instanceof Decimal && one.scale === other.scale && one.unscaled === other.unscaled
  if (one instanceof Instant) return other instanceof Instant && one.epochMs === other.epochMs
  if (one instanceof Sized)
    return other instanceof Sized && one.type === other.type && Object.is(one.value, other.value)
  if (Array.isArray(one)) return Array.isArray(other) && sameList(one, other)
  if (one instanceof Map) return other instanceof Map && sameMap(one, other)
  return isPlain(other) && sameStruct(one as Struct, other as Struct)
}

const isPlain = (value: object): boolean =>
  !Array.isArray(value) &&
  !Buffer.isBuffer(value) &&
  ![Map, Decimal, Instant, Sized].some((type) => value instanceof type)

const sameList = (one: readonly Value[], other: readonly Value[]): boolean =>
  one.length === other.length && one.every((element, at) => sameValue(element, other[at] ?? null))

/** Keys that are no primitives are looked for by worth. */
function sameMap(one: ReadonlyMap<Value, Value>, other: ReadonlyMap<Value, Value>): boolean {
  if (one.size !== other.size) return false
  const entries = [...other]
  return [...one].every(([key, value]) =>
    entries.some(
      ([otherKey, otherValue]) => sameValue(key, otherKey) && sameValue(value, otherValue),
    ),
  )
}

const sameStruct = (one: Struct, other: Struct): boolean =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].every((name) =>
    sameValue(fieldOf(one, name), fieldOf(other, name)),
  )
