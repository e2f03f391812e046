import { DATE, dateOfDays, MS_PER_DAY, TIME, TIMESTAMP } from './logical-types.ts'
import type { Schema, SchemaType } from './schema.ts'
import { Instant, Sized, type Value } from './value.ts'

/** From narrow to wide: each holds what those before it hold, if not every digit. */
const NUMBER_TYPES = ['int8', 'int16', 'int32', 'int64', 'float32', 'float64'] as const

/** The schema that all elements of a list that was read can have; null is what a null has. undefined when there is none. */
export function commonSchema(schemas: readonly (Schema | null)[]): Schema | undefined {
  let common: Schema | undefined
  for (const schema of schemas) {
    if (schema === null) continue
    common = common === undefined ? schema : wider(common, schema)
    if (common === undefined) return undefined
  }
  return common
}

/** Of two of the same type the second, even where they hold something different, as in Kafka Connect. */
function wider(one: Schema, other: Schema): Schema | undefined {
  if (one.type === other.type) return other
  const [width, otherWidth] = [widthOf(one), widthOf(other)]
  if (width < 0 || otherWidth < 0) return undefined
  return width > otherWidth ? one : other
}

const widthOf = ({ type }: Schema): number => (NUMBER_TYPES as readonly SchemaType[]).indexOf(type)

/**
 * What was read, as the common schema has it: numbers widened, or days and milliseconds made dates. Doubles are Sized.
 * undefined for a null, a date in a number's place, a number that is no time of day, and milliseconds that a number does not hold exactly.
 */
export function aligned(value: Value, schema: Schema): Value | undefined {
  if (value === null) return undefined
  if (schema.name === DATE || schema.name === TIME || schema.name === TIMESTAMP)
    return value instanceof Instant ? value : instantOf(value, schema.name)
  if (widthOf(schema) < 0) return value
  return value instanceof Instant ? undefined : widened(value, schema.type)
}

function instantOf(value: Value, name: string): Instant | undefined {
  const number = numberOf(value)
  if (name === DATE) return dateOfDays(number)
  const fits = name === TIME ? number >= 0 && number <= MS_PER_DAY : Number.isSafeInteger(number)
  return fits ? new Instant(number) : undefined
}

function widened(value: Value, type: SchemaType): Value {
  if (type === 'int64') return typeof value === 'bigint' ? value : BigInt(numberOf(value))
  const number = numberOf(value)
  // The caller has asked whether it is the type of a number.
  return new Sized(type as Sized['type'], type === 'float32' ? Math.fround(number) : number)
}

const numberOf = (value: Value): number => Number(value instanceof Sized ? value.value : value)
