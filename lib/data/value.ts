import type { Schema, SchemaType } from './schema.ts'

/**
 * A value of Kafka Connect's data model. With a schema beside it:
 * int8–int32, float32, float64: number · int64: bigint · string · boolean · bytes: Buffer · array: Array · map: Map ·
 * struct: a plain object, one member a field, absent = null · Decimal · Date, Time, Timestamp: Instant.
 * Without a schema a number is a float64 and a bigint an int64; narrower numbers are `Sized`; a map is a Map or a plain object.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Buffer
  | Decimal
  | Instant
  | Sized
  | readonly Value[]
  | ReadonlyMap<Value, Value>
  | Struct

export type Struct = { readonly [field: string]: Value }

/** A number whose width no schema tells, or another one than it has: only then a float64 is one of these too. */
export class Sized {
  readonly type: Extract<SchemaType, 'int8' | 'int16' | 'int32' | 'float32' | 'float64'>
  readonly value: number
  constructor(type: Sized['type'], value: number) {
    this.type = type
    this.value = value
  }
}

/** unscaled × 10^-scale, as Java's BigDecimal. */
export class Decimal {
  readonly unscaled: bigint
  readonly scale: number
  constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled
    this.scale = scale
  }
}

/** A point in time: milliseconds since 1970 UTC. Value of the logical types Date, Time and Timestamp. */
export class Instant {
  readonly epochMs: number
  constructor(epochMs: number) {
    this.epochMs = epochMs
  }
}

/** A struct that carries a schema of its own, where none or another one stands around it. */
export const structSchema: unique symbol = Symbol('schema')
export const schemaOfStruct = (struct: object): Schema | undefined =>
  (struct as { [structSchema]?: Schema })[structSchema]

/**
 * What a struct holds in a field, null where nothing is; also in fields called `constructor` or `__proto__`.
 * What is inherited from Object is no value: asking for that takes half of the time that Object.hasOwn takes.
 */
export function fieldOf(struct: Struct, name: string): Value {
  const value: unknown = struct[name]
  if (value === undefined || typeof value === 'function' || value === Object.prototype) return null
  return value as Value
}
