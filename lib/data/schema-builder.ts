/** The rules by which schemas are put together, in the words of Kafka Connect's SchemaBuilder. */
import { DataError, SchemaBuilderError } from '../errors.ts'
import { typeName } from './java-class.ts'
import type { Field, Schema } from './schema.ts'
import { validateValue } from './validate.ts'
import type { Value } from './value.ts'

/** The schema itself: for those composed at run time, such as of a table's columns. @throws SchemaBuilderError for what no SchemaBuilder builds. */
export function checkedSchema(schema: Schema): Schema {
  checkFields(schema)
  if (schema.type === 'map') checkedSchema(innerSchema('key', schema.keys))
  if (schema.type === 'map' || schema.type === 'array')
    checkedSchema(innerSchema('value', schema.values))
  checkDefault(schema, schema.default ?? null)
  return schema
}

function checkFields({ type, fields = [] }: Schema): void {
  if (type !== 'struct' && fields.length > 0)
    throw new SchemaBuilderError(`Cannot create fields on type ${typeName(type)}`)
  const names = new Set<string>()
  for (const { name, schema } of fields) checkedSchema(newField(names, name, schema).schema)
}

/** A field of a struct, whose name joins those of the fields before it. @throws SchemaBuilderError */
export function newField(names: Set<string>, name: string, schema: Schema | null): Field {
  if (!name) throw new SchemaBuilderError('fieldName cannot be null.')
  if (!schema) throw new SchemaBuilderError(`fieldSchema for field ${name} cannot be null.`)
  if (names.has(name))
    throw new SchemaBuilderError(`Cannot create field because of field name duplication ${name}`)
  names.add(name)
  return { name, schema }
}

/** What a map or list needs of its keys or elements. @throws SchemaBuilderError where there is none. */
export function innerSchema(part: 'key' | 'value', schema: Schema | null | undefined): Schema {
  if (schema) return schema
  throw new SchemaBuilderError(`${part}Schema cannot be null.`)
}

/** null is no default. @throws SchemaBuilderError when the value is not what the schema says. */
export function checkDefault(schema: Schema, value: Value): void {
  if (value === null) return
  // In Kafka Connect it never is: the struct's schema is compared with one that is not built yet.
  if (schema.type === 'struct') throw new SchemaBuilderError('Invalid default value')
  try {
    validateValue(schema, value)
  } catch (cause) {
    if (cause instanceof DataError) throw new SchemaBuilderError('Invalid default value', { cause })
    throw cause
  }
}
