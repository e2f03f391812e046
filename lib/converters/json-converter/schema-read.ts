import type { Field, Schema, SchemaType } from '../../data/schema.ts'
import { checkDefault, innerSchema, newField } from '../../data/schema-builder.ts'
import { DataError, SchemaBuilderError } from '../../errors.ts'
import { convert, type DecodeSettings, isReal, type Node } from './convert.ts'
import { TYPE_NAMES } from './schema-json.ts'

const TYPES: ReadonlyMap<string, SchemaType> = new Map(
  Object.entries(TYPE_NAMES).map(([type, name]) => [name, type as SchemaType]),
)

/** The schema that an envelope's first part tells. @throws DataError */
export function readSchema(node: Node, settings: DecodeSettings): Schema | null {
  if (node === null) return null
  const typeName = member(node, 'type')
  if (typeof typeName !== 'string') throw new DataError("Schema must contain 'type' field")
  const type = TYPES.get(typeName)
  if (type === undefined) throw new DataError(`Unknown schema type: ${typeName}`)
  const inner = innerOf(type, node, settings)
  const schema: Schema = { type, ...inner, ...attributesOf(node) }
  const fallback = member(node, 'default')
  return fallback === undefined ? schema : withDefault(schema, fallback, settings)
}

const member = (node: Node, name: string): Node =>
  node instanceof Map ? node.get(name) : undefined

function innerOf(type: SchemaType, node: Node, settings: DecodeSettings): Partial<Schema> {
  if (type === 'array') return { values: elementSchema(member(node, 'items'), settings) }
  if (type === 'map') return mapSchemas(node, settings)
  return type === 'struct' ? { fields: readFields(member(node, 'fields'), settings) } : {}
}

function elementSchema(items: Node, settings: DecodeSettings): Schema {
  const schema = items === undefined ? null : readSchema(items, settings)
  if (schema === null) throw new DataError('Array schema did not specify the element type')
  return schema
}

function mapSchemas(node: Node, settings: DecodeSettings): Partial<Schema> {
  const [keys, values] = [member(node, 'keys'), member(node, 'values')]
  if (keys === undefined) throw new DataError('Map schema did not specify the key type')
  if (values === undefined) throw new DataError('Map schema did not specify the value type')
  const [keySchema, valueSchema] = [readSchema(keys, settings), readSchema(values, settings)]
  return { keys: innerSchema('key', keySchema), values: innerSchema('value', valueSchema) }
}

function readFields(nodes: Node, settings: DecodeSettings): Field[] {
  if (!Array.isArray(nodes))
    throw new DataError('Struct schema\'s "fields" argument is not an array.')
  const names = new Set<string>()
  return nodes.map((node) => {
    const name = member(node, 'field')
    if (typeof name !== 'string')
      throw new DataError("Struct schema's field name not specified properly")
    return newField(names, name, readSchema(node, settings))
  })
}

/** What is of another JSON type than it should be is left out, but for parameters. */
function attributesOf(node: Node): Partial<Schema> {
  const [name, version, doc] = [member(node, 'name'), member(node, 'version'), member(node, 'doc')]
  const parameters = readParameters(member(node, 'parameters'))
  return {
    ...(member(node, 'optional') === true ? { optional: true } : {}),
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof version === 'bigint' ? { version: Number(BigInt.asIntN(32, version)) } : {}),
    ...(typeof doc === 'string' ? { doc } : {}),
    ...(parameters.length > 0 ? { parameters: Object.fromEntries(parameters) } : {}),
  }
}

function readParameters(node: Node): [string, string][] {
  if (!(node instanceof Map)) return []
  return Array.from(node, ([key, value]) => {
    if (typeof value !== 'string') throw new DataError('Schema parameters must have string values.')
    return [key, value]
  })
}

function withDefault(schema: Schema, node: Node, settings: DecodeSettings): Schema {
  const value = convert(schema, node, settings)
  // Written down, null is a default like any other: it has to be allowed.
  if (value === null && !schema.optional) throw new SchemaBuilderError('Invalid default value')
  checkDefault(schema, value)
  return value === null ? schema : { ...schema, default: value }
}

/** The same for nodes that Jackson calls equal: whatever the order of members. */
export function canonicalText(node: Node): string {
  if (Array.isArray(node)) return `[${node.map(canonicalText).join(',')}]`
  if (node instanceof Map) {
    const members = Array.from(
      node,
      ([key, value]) => `${JSON.stringify(key)}:${canonicalText(value)}`,
    )
    return `{${members.sort().join(',')}}`
  }
  if (isReal(node)) return node.real
  return typeof node === 'string' ? JSON.stringify(node) : String(node)
}
