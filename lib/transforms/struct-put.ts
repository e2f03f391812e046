/** New structs, field by field: what is put into a field has to fit it, as Java's Struct.put has it. */
import { DATE, DECIMAL, TIME, TIMESTAMP } from '../data/logical-types.ts'
import type { Field, Schema, SchemaType } from '../data/schema.ts'
import { validateField } from '../data/validate.ts'
import { Decimal, Instant, type Value } from '../data/value.ts'
import { keepingOwnType } from './own-type.ts'

export type NewStruct = Record<string, Value>

/** Every field of it is null. A copy of it takes `__proto__` for a field like any other. */
export const emptyStruct = (fields: readonly Field[]): NewStruct =>
  Object.fromEntries(fields.map(({ name }) => [name, null]))

/** Gives back the value that is to be put. @throws DataError when it does not fit the field. */
export type Fitting = (value: Value) => Value

/** `from`: the schema of the field that the value was read from. */
export function fittingOf({ name, schema }: Field, from = schema): Fitting {
  const fits = plainlyFits(schema)
  const optional = schema.optional ?? false
  const fitting: Fitting = (value) => {
    if (value === null ? !optional : !fits(value)) validateField(name, schema, value)
    return value
  }
  const own = keepingOwnType(from, schema)
  return own ? (value) => fitting(own(value)) : fitting
}

type Fits = (value: Value) => boolean

/** true: it fits. false: it has to be looked at more closely, which takes ten times as long. */
const plainlyFits = ({ name, type }: Schema): Fits =>
  name !== undefined && LOGICAL.has(name) ? fitsLogical(name, type) : (FITS[type] ?? never)

const fitsLogical = (name: string, type: SchemaType): Fits =>
  FITS[type] === undefined ? never : (LOGICAL.get(name) ?? never)

const never: Fits = () => false
const isInstant: Fits = (value) => value instanceof Instant

const LOGICAL: ReadonlyMap<string, Fits> = new Map([
  [DECIMAL, (value: Value) => value instanceof Decimal],
  [DATE, isInstant],
  [TIME, isInstant],
  [TIMESTAMP, isInstant],
])

const FITS: Partial<Record<SchemaType, Fits>> = {
  int8: (value) => typeof value === 'number' && (value << 24) >> 24 === value,
  int16: (value) => typeof value === 'number' && (value << 16) >> 16 === value,
  int32: (value) => typeof value === 'number' && (value | 0) === value,
  int64: (value) => typeof value === 'bigint' && BigInt.asIntN(64, value) === value,
  float32: (value) => typeof value === 'number',
  float64: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  bytes: (value) => Buffer.isBuffer(value),
}
