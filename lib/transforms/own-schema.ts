/** A struct may carry another schema than stands around it. */
import type { Field, Schema } from '../data/schema.ts'
import type { Value } from '../data/value.ts'
import { DataError } from '../errors.ts'
import { keepingOwnType } from './own-type.ts'
import { findField } from './schema-builder.ts'

/** The field of this name that such a struct has. @throws DataError when there is none. */
export function ownField(own: Schema, name: string): Field {
  const found = findField(own, name)
  if (found === undefined) throw new DataError(`${name} is not a valid field name`)
  return found
}

/** A value as it stands under another schema: it remembers what it was, so that a misfit is found out. */
export function movedTo(to: Schema, value: Value, from: Schema): Value {
  const keep = keepingOwnType(from, to)
  return keep === undefined ? value : keep(value)
}
