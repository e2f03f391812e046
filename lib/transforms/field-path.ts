/** Paths to a field, SingleFieldPath: a name as it stands (V1), or names divided by dots (V2). */

import type { Field, Schema } from '../data/schema.ts'
import { valueIn } from '../data/struct.ts'
import type { Struct, Value } from '../data/value.ts'
import { ConfigError, IllegalArgumentError } from '../errors.ts'
import { requireMap, requireStruct } from './requirements.ts'
import { findField } from './schema-builder.ts'

export type FieldPath = readonly string[]

const PURPOSE = 'nested field access'

/** @throws ConfigError for a backtick without its partner */
export const parsePath = (text: string, syntax: 'V1' | 'V2'): FieldPath =>
  syntax === 'V1' ? [text] : stepsOf(text)

/** A name in backticks may hold dots; a backtick in it that a dot follows needs a backslash before it. */
function stepsOf(path: string): string[] {
  const steps: string[] = []
  let at = 0
  while (at < path.length) {
    const { step, next } = path[at] === '`' ? quotedStep(path, at) : plainStep(path, at)
    steps.push(step)
    at = next
  }
  if (path.endsWith('.')) steps.push('')
  return steps
}

type Step = { readonly step: string; readonly next: number }

function plainStep(path: string, start: number): Step {
  const dot = path.indexOf('.', start)
  const end = dot < 0 ? path.length : dot
  return { step: path.slice(start, end), next: end + 1 }
}

function quotedStep(path: string, start: number): Step {
  let step = ''
  let from = start + 1
  for (let at = path.indexOf('`', from); at >= 0; at = path.indexOf('`', at + 1)) {
    const escaped = path[at - 1] === '\\'
    const isLast = at === path.length - 1
    if (isLast && escaped) break
    // A backtick in the middle of a name is a part of it.
    if (!isLast && path[at + 1] !== '.') continue
    if (!escaped) return { step: step + path.slice(from, at), next: at + 2 }
    step += `${path.slice(from, at - 1)}\``
    from = at + 1
  }
  throw new ConfigError(
    `Incomplete backtick pair in path: [${path}], consider adding a backslash before backtick at position ${start} to escape it`,
  )
}

/** undefined where the path leads nowhere. @throws DataError where it leads into something that is no struct. */
export function fieldAt(schema: Schema, path: FieldPath): Field | undefined {
  let field: Field | undefined
  let current = schema
  for (const step of nonEmpty(path)) {
    field = findField(current, step)
    if (field === undefined) return undefined
    current = field.schema
  }
  return field
}

/** null where the path leads nowhere. On the way defaults always stand in for null. */
export function valueInStruct(
  whole: { readonly schema: Schema; readonly struct: Struct },
  path: FieldPath,
  replaceNullWithDefault: boolean,
): Value {
  let { schema, struct } = whole
  const last = path.length - 1
  for (const [at, step] of path.entries()) {
    const field = findField(schema, step)
    if (field === undefined) return null
    const value = valueIn(struct, field, at < last || replaceNullWithDefault)
    if (at === last || value === null) return value
    ;({ schema, struct } = requireStruct({ schema: field.schema, value }, PURPOSE))
  }
  return null
}

/** null where the path leads nowhere. */
export function valueInMap(map: ReadonlyMap<Value, Value>, path: FieldPath): Value {
  let value: Value = null
  for (const [at, step] of nonEmpty(path).entries()) {
    value = (at === 0 ? map : requireMap(value, PURPOSE)).get(step) ?? null
    if (value === null) return null
  }
  return value
}

/** An empty text in V2 is a path without steps, which Java takes until it is followed. */
function nonEmpty(path: FieldPath): FieldPath {
  if (path.length > 0) return path
  throw new IllegalArgumentError('fromIndex(0) > toIndex(-1)')
}
