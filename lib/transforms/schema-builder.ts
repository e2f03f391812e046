/** New schemas made of others. */
import type { Field, Schema } from '../data/schema.ts'
import { checkDefault, newField } from '../data/schema-builder.ts'
import type { Value } from '../data/value.ts'
import { DataError } from '../errors.ts'

/** SchemaUtil.copySchemaBasics: neither `optional` nor the default nor what is inside comes along. */
export function basicsOf({ name, version, doc, parameters }: Schema): Partial<Schema> {
  return {
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    ...(doc === undefined ? {} : { doc }),
    ...(parameters === undefined ? {} : { parameters }),
  }
}

/** @throws SchemaBuilderError for a field without a name, or with the name of another, as soon as it comes. */
export function structOf(basics: Partial<Schema>, fields: Iterable<Field>): Schema {
  const names = new Set<string>()
  const built = Array.from(fields, ({ name, schema }) => newField(names, name, schema))
  return { ...basics, type: 'struct', fields: built }
}

/** A default of null is none. @throws SchemaBuilderError when it does not fit. */
export function withDefault(schema: Schema, value: Value): Schema {
  checkDefault(schema, value)
  return value === null ? schema : { ...schema, default: value }
}

/** @throws DataError when the schema is not of a struct. */
export function fieldsOf(schema: Schema): readonly Field[] {
  if (schema.type === 'struct') return schema.fields ?? []
  throw new DataError('Cannot list fields on non-struct type')
}

/** @throws DataError when the schema is not of a struct. */
export function findField(schema: Schema, name: string): Field | undefined {
  if (schema.type === 'struct') return schema.fields?.find((field) => field.name === name)
  throw new DataError('Cannot look up fields on non-struct type')
}

/** `optional` where it is meant, and no member where it is not. */
export const optionalIf = (optional: boolean | undefined): Partial<Schema> =>
  optional ? { optional } : {}
