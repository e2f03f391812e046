import type { Field } from './schema.ts'
import { fieldOf, type Struct, type Value } from './value.ts'

/** What a struct holds in a field; where that is null, with `replaceNullWithDefault`, the default of the field's schema. Struct.get and Struct.getWithoutDefault. */
export function valueIn(struct: Struct, field: Field, replaceNullWithDefault: boolean): Value {
  const value = fieldOf(struct, field.name)
  return value === null && replaceNullWithDefault ? (field.schema.default ?? null) : value
}
