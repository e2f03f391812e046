import type { Schema, SchemaType } from '../../data/schema.ts'
import { checkDepth } from './depth.ts'
import { type EncodeSettings, encoderOf } from './encode.ts'
import { quote } from './quote.ts'

export const TYPE_NAMES: Readonly<Record<SchemaType, string>> = {
  int8: 'int8',
  int16: 'int16',
  int32: 'int32',
  int64: 'int64',
  float32: 'float',
  float64: 'double',
  boolean: 'boolean',
  string: 'string',
  bytes: 'bytes',
  array: 'array',
  map: 'map',
  struct: 'struct',
}

/** The schema part of an envelope. `depth`: objects and arrays around it. @throws DataError when a default does not fit. */
export function schemaJson(
  schema: Schema | null | undefined,
  settings: EncodeSettings,
  depth: number,
): string {
  if (schema === null || schema === undefined) return 'null'
  return `{${schemaMembers(schema, settings, depth + 1).join(',')}}`
}

function schemaMembers(schema: Schema, settings: EncodeSettings, depth: number): string[] {
  checkDepth(depth)
  const members = [
    `"type":"${TYPE_NAMES[schema.type]}"`,
    ...innerMembers(schema, settings, depth),
    `"optional":${schema.optional ?? false}`,
  ]
  if (schema.name !== undefined) members.push(`"name":${quote(schema.name)}`)
  if (schema.version !== undefined) members.push(`"version":${schema.version}`)
  if (schema.doc !== undefined) members.push(`"doc":${quote(schema.doc)}`)
  if (schema.parameters !== undefined) members.push(...parametersJson(schema.parameters, depth))
  const fallback = schema.default ?? null
  if (fallback !== null)
    members.push(`"default":${encoderOf(schema, settings, depth).encode(fallback)}`)
  return members
}

function parametersJson(parameters: Readonly<Record<string, string>>, depth: number): string[] {
  const members = Object.entries(parameters).map(([key, value]) => `${quote(key)}:${quote(value)}`)
  if (members.length === 0) return []
  checkDepth(depth + 1)
  return [`"parameters":{${members.join(',')}}`]
}

function innerMembers(schema: Schema, settings: EncodeSettings, depth: number): string[] {
  switch (schema.type) {
    case 'array':
      return [`"items":${schemaJson(schema.values, settings, depth)}`]
    case 'map':
      return [
        `"keys":${schemaJson(schema.keys, settings, depth)}`,
        `"values":${schemaJson(schema.values, settings, depth)}`,
      ]
    case 'struct':
      return [`"fields":[${fieldsJson(schema, settings, depth + 1)}]`]
    default:
      return []
  }
}

function fieldsJson(struct: Schema, settings: EncodeSettings, depth: number): string {
  checkDepth(depth)
  const fields = (struct.fields ?? []).map(({ name, schema }) => {
    const members = schemaMembers(schema, settings, depth + 1)
    return `{${[...members, `"field":${quote(name)}`].join(',')}}`
  })
  return fields.join(',')
}
