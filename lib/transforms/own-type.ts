/** A value that comes from a field of one schema to a field of another: in Java it stays of the class that it was. */
import { javaClass } from '../data/java-class.ts'
import type { Schema, SchemaType } from '../data/schema.ts'
import { sameSchema } from '../data/schema-equality.ts'
import { Sized, type Struct, schemaOfStruct, structSchema, type Value } from '../data/value.ts'

/** undefined where nothing tells the difference: what fits one schema is of the same classes in the other. */
export function keepingOwnType(from: Schema, to: Schema): ((value: Value) => Value) | undefined {
  if (from === to) return undefined
  const isStruct = from.type === 'struct' || to.type === 'struct'
  const differs = isStruct ? !sameSchema(from, to) : from.type !== to.type || innerDiffers(from, to)
  return differs ? (value) => ofOwnType(value, from) : undefined
}

const innerDiffers = (from: Schema, to: Schema): boolean =>
  [[from.keys, to.keys] as const, [from.values, to.values] as const].some(
    ([one, other]) => one && other && keepingOwnType(one, other) !== undefined,
  )

function ofOwnType(value: Value, schema: Schema): Value {
  if (typeof value === 'number') return new Sized(numberType(schema.type), value)
  if (Array.isArray(value)) return value.map((one) => inner(one, schema.values))
  if (value instanceof Map)
    return new Map(
      Array.from(value, ([key, one]) => [inner(key, schema.keys), inner(one, schema.values)]),
    )
  return isBareStruct(value, schema)
    ? Object.assign({ ...value }, { [structSchema]: schema })
    : value
}

const inner = (value: Value, schema: Schema | undefined): Value =>
  schema === undefined ? value : ofOwnType(value, schema)

const isBareStruct = (value: Value, schema: Schema): value is Struct =>
  value !== null &&
  schema.type === 'struct' &&
  javaClass(value, schema) === 'org.apache.kafka.connect.data.Struct' &&
  schemaOfStruct(value as Struct) === undefined

/** A plain number at odds with its schema is a double. */
const numberType = (type: SchemaType): Sized['type'] =>
  NUMBERS.find((number) => number === type) ?? 'float64'

const NUMBERS: readonly Sized['type'][] = ['int8', 'int16', 'int32', 'float32']
