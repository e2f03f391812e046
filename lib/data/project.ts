import { SchemaProjectorError } from '../errors.ts'
import { parseFloat32 } from './float-text.ts'
import { javaClass, schemaText, typeName } from './java-class.ts'
import type { Field, Schema, SchemaType } from './schema.ts'
import { sameParameters } from './schema-equality.ts'
import { valueIn } from './struct.ts'
import { isOfSchema, validateField } from './validate.ts'
import { Sized, type Struct, type Value } from './value.ts'

/**
 * A value of one version of a schema as another version has it: SchemaProjector. Numbers grow wider, never narrower; fields that the target does not
 * know fall away, and fields that it alone knows must be optional or have a default.
 * @throws SchemaProjectorError when the schemas are at odds; DataError when a field's value is at odds with its schema.
 */
export function project(source: Schema, value: Value, target: Schema): Value {
  checkCompatible(source, target)
  if (source.optional && !target.optional) {
    const fallback = target.default ?? null
    if (fallback === null)
      throw new SchemaProjectorError(
        'Writer schema is optional, however, target schema does not provide a default value.',
      )
    if (value === null) return fallback
  }
  return value === null ? null : projectPresent(source, value, target)
}

const PROMOTABLE: readonly SchemaType[] = ['int8', 'int16', 'int32', 'int64', 'float32', 'float64']

function isPromotable(source: SchemaType, target: SchemaType): boolean {
  const from = PROMOTABLE.indexOf(source)
  return from >= 0 && from <= PROMOTABLE.indexOf(target)
}

function checkCompatible(source: Schema, target: Schema): void {
  if (source.type !== target.type && !isPromotable(source.type, target.type))
    throw new SchemaProjectorError(
      `Schema type mismatch. source type: ${typeName(source.type)} and target type: ${typeName(target.type)}`,
    )
  if (source.name !== target.name)
    throw new SchemaProjectorError(
      `Schema name mismatch. source name: ${source.name ?? null} and target name: ${target.name ?? null}`,
    )
  if (!sameParameters(source.parameters ?? {}, target.parameters ?? {}))
    throw new SchemaProjectorError(
      `Schema parameters not equal. source parameters: ${parametersText(source)} and target parameters: ${parametersText(target)}`,
    )
}

function parametersText({ parameters = {} }: Schema): string {
  const texts = Object.entries(parameters).map(([key, value]) => `${key}=${value}`)
  return texts.length === 0 ? 'null' : `{${texts.join(', ')}}`
}

function projectPresent(source: Schema, value: Exclude<Value, null>, target: Schema): Value {
  if (PROMOTABLE.includes(target.type)) return promoted(value, target.type)
  if (target.type !== 'struct' && target.type !== 'array' && target.type !== 'map') return value
  if (!isOfSchema(source, value))
    throw new SchemaProjectorError(
      `A value of class ${javaClass(value, source)} is none of ${schemaText(source)}`,
    )
  if (target.type === 'struct') return projectStruct(source, value as Struct, target)
  return target.type === 'array'
    ? projectList(source, value as readonly Value[], target)
    : projectMap(source, value as ReadonlyMap<Value, Value>, target)
}

const INTEGER_BITS: Partial<Record<SchemaType, number>> = { int8: 8, int16: 16, int32: 32 }

/** What is no number, such as a date, stays as it is. */
function promoted(value: Exclude<Value, null>, type: SchemaType): Value {
  const number = value instanceof Sized ? value.value : value
  if (typeof number !== 'number' && typeof number !== 'bigint') return value
  if (type === 'float64') return Number(number)
  if (type === 'float32')
    return typeof number === 'bigint' ? parseFloat32(String(number)) : Math.fround(number)
  if (typeof number === 'number' && !Number.isInteger(number)) return value
  const bits = INTEGER_BITS[type]
  return bits === undefined ? BigInt(number) : Number(BigInt.asIntN(bits, BigInt(number)))
}

function projectStruct(source: Schema, struct: Struct, target: Schema): Struct {
  const members = (target.fields ?? []).flatMap((field): [string, Value][] => {
    const sourceField = source.fields?.find(({ name }) => name === field.name)
    const value = sourceField
      ? projectField(sourceField, struct, field)
      : missingField(source, field)
    if (value === undefined) return []
    validateField(field.name, field.schema, value)
    return [[field.name, value]]
  })
  return Object.fromEntries(members)
}

function projectField(sourceField: Field, struct: Struct, { name, schema }: Field): Value {
  try {
    return project(sourceField.schema, valueIn(struct, sourceField, true), schema)
  } catch (cause) {
    if (cause instanceof SchemaProjectorError)
      throw new SchemaProjectorError(`Error projecting ${name}`, { cause })
    throw cause
  }
}

/** undefined: it stays out. */
function missingField(source: Schema, { name, schema }: Field): Value | undefined {
  if (schema.optional) return undefined
  const fallback = schema.default ?? null
  if (fallback !== null) return fallback
  throw new SchemaProjectorError(
    `Required field \`${name}\` is missing from source schema: ${schemaText(source)}`,
  )
}

function projectList(source: Schema, list: readonly Value[], target: Schema): Value {
  const [from, to] = [inner(source, 'values'), inner(target, 'values')]
  return list.map((element) => project(from, element, to))
}

function projectMap(source: Schema, map: ReadonlyMap<Value, Value>, target: Schema): Value {
  const [fromKeys, toKeys] = [inner(source, 'keys'), inner(target, 'keys')]
  const [from, to] = [inner(source, 'values'), inner(target, 'values')]
  return new Map(
    Array.from(map, ([key, value]) => [project(fromKeys, key, toKeys), project(from, value, to)]),
  )
}

function inner(schema: Schema, part: 'keys' | 'values'): Schema {
  const found = schema[part]
  if (found) return found
  throw new SchemaProjectorError(`No schema of the ${part} in ${schemaText(schema)}`)
}
