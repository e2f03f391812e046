import type { Refusal } from '../../config/config-def.ts'
import { typeName } from '../../data/java-class.ts'
import { inJavaOrder } from '../../data/java-order.ts'
import { javaTrim } from '../../data/java-trim.ts'
import { ConfigError, messageOf } from '../../errors.ts'
import { partsOf } from '../colon-pairs.ts'
import { TARGETS, type Target } from './cast-value.ts'

/** What to cast the whole value to, or which fields to what. */
export type Spec = {
  readonly whole: Target | undefined
  /** in the order in which Kafka Connect goes through them */
  readonly fields: ReadonlyMap<string, Target>
}

export function refuseSpec(items: readonly string[] | null): Refusal | undefined {
  if (items === null || items.length === 0)
    return { message: 'Must specify at least one field to cast.' }
  try {
    parseSpec(items)
    return undefined
  } catch (error) {
    return { message: messageOf(error) }
  }
}

/** @throws ConfigError */
export function parseSpec(items: readonly string[]): Spec {
  const casts = items.map((item) => parseCast(item, items))
  const whole = casts.find(({ field }) => field === undefined)?.target
  if (whole !== undefined && items.length > 1)
    throw new ConfigError(
      'Cast transformations that specify a type to cast the entire value to may only specify a single cast in their spec',
    )
  const fields = new Map(casts.map(({ field = '', target }) => [field, target]))
  return { whole, fields: inJavaOrder(fields) }
}

type OneCast = { readonly field: string | undefined; readonly target: Target }

function parseCast(item: string, items: readonly string[]): OneCast {
  const [first, second, ...more] = partsOf(item)
  // `renames` is what Cast says: the check is ReplaceField's.
  if (more.length > 0)
    throw new ConfigError(
      `Invalid value [${items.join(', ')}] for configuration renames: Invalid rename mapping: ${item}`,
    )
  // Only colons: Java runs past the end of what it has split.
  if (first === undefined) throw new ConfigError(`Invalid cast: ${item}`)
  if (second === undefined) return { field: undefined, target: parseType(javaTrim(first)) }
  return { field: javaTrim(first), target: parseType(javaTrim(second)) }
}

function parseType(text: string): Target {
  const name = text.toUpperCase()
  const target = TARGETS.find((one) => typeName(one) === name)
  if (target !== undefined) return target
  const supported = TARGETS.map(typeName).join(', ')
  throw new ConfigError(
    OTHER_TYPES.has(name)
      ? `Cast transformation does not support casting to ${name}; supported types are [${supported}]`
      : // Kafka Connect's message has its two halves swapped.
        `Invalid value java.lang.IllegalArgumentException: No enum constant org.apache.kafka.connect.data.Schema.Type.${name} for configuration Invalid type found in casting spec: ${text}`,
  )
}

const OTHER_TYPES: ReadonlySet<string> = new Set(['BYTES', 'ARRAY', 'MAP', 'STRUCT'])
