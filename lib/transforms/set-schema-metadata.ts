import { javaClass } from '../data/java-class.ts'
import type { Field, Schema } from '../data/schema.ts'
import { valueIn } from '../data/struct.ts'
import { fieldOf, type Struct, schemaOfStruct, type Value } from '../data/value.ts'
import { ConfigError, DataError } from '../errors.ts'
import type { Example } from '../plugin.ts'
import { keyOrValue } from './key-or-value.ts'
import { movedTo, ownField } from './own-schema.ts'
import { perSchema } from './per-schema.ts'
import { REPLACE_NULL_WITH_DEFAULT } from './replace-null.ts'
import { requireSchema } from './requirements.ts'
import { fieldsOf } from './schema-builder.ts'
import { emptyStruct, fittingOf } from './struct-put.ts'

export const setSchemaMetadata = keyOrValue({
  name: 'org.apache.kafka.connect.transforms.SetSchemaMetadata',
  doc: 'Gives the schema of a struct another name, version, or both.',
  config: {
    'schema.name': {
      type: 'string',
      importance: 'high',
      default: null,
      doc: 'Schema name to set.',
    },
    'schema.version': {
      type: 'int',
      importance: 'high',
      default: null,
      doc: 'Schema version to set.',
    },
    ...REPLACE_NULL_WITH_DEFAULT,
  },
  configure({
    'schema.name': name,
    'schema.version': version,
    'replace.null.with.default': replaceNullWithDefault,
  }) {
    if (name === null && version === null)
      throw new ConfigError('Neither schema name nor version configured')
    const changes = { ...(name === null ? {} : { name }), ...(version === null ? {} : { version }) }
    const renamed = perSchema((source) => ({
      schema: { ...source, ...changes },
      refill: refilling(fieldsOf(source), replaceNullWithDefault),
    }))
    return (side) => {
      if (side.schema === null && side.value === null) return side
      const source = requireSchema(side.schema, 'updating schema metadata')
      const { schema, refill } = renamed(source)
      return { schema, value: isStruct(side.value, source) ? refill(side.value) : side.value }
    }
  },
})

const isStruct = (value: Value, schema: Schema): value is Struct =>
  value !== null && javaClass(value, schema) === 'org.apache.kafka.connect.data.Struct'

/** A copy of a struct, with what it holds checked once more. */
function refilling(fields: readonly Field[], replaceNullWithDefault: boolean) {
  const filled = fields.map((field, at) => ({ field, at, fitting: fittingOf(field) }))
  const empty = emptyStruct(fields)
  const readOwn = replaceNullWithDefault ? valueAtPlace : valueByName
  return (struct: Struct): Struct => {
    const own = schemaOfStruct(struct)
    const copy = { ...empty }
    for (const { field, at, fitting } of filled)
      copy[field.name] = fitting(
        own === undefined
          ? valueIn(struct, field, replaceNullWithDefault)
          : readOwn({ struct, own, field, at }),
      )
    return copy
  }
}

type Sought = {
  readonly struct: Struct
  readonly own: Schema
  readonly field: Field
  readonly at: number
}

// Where a struct has another schema, Struct.get(Field) looks at the place of the field, Struct.getWithoutDefault at its name.
function valueAtPlace({ struct, own, field, at }: Sought): Value {
  const found = fieldsOf(own)[at]
  if (found === undefined) throw new DataError(`The struct has no field ${at}`)
  const value = movedTo(field.schema, fieldOf(struct, found.name), found.schema)
  return value ?? field.schema.default ?? null
}

function valueByName({ struct, own, field }: Sought): Value {
  const found = ownField(own, field.name)
  return movedTo(field.schema, fieldOf(struct, found.name), found.schema)
}

export const examples: readonly Example[] = [
  {
    title: 'a struct gets name and version, and keeps all else',
    config: { 'schema.name': 'com.example.Order', 'schema.version': '2' },
    have: {
      valueSchema: {
        type: 'struct',
        name: 'order',
        optional: true,
        fields: [{ name: 'id', schema: { type: 'int64' } }],
      },
      value: { id: 7n },
    },
    want: {
      valueSchema: {
        type: 'struct',
        name: 'com.example.Order',
        version: 2,
        optional: true,
        fields: [{ name: 'id', schema: { type: 'int64' } }],
      },
    },
  },
  {
    title: 'a tombstone without a schema stays one',
    on: 'Key',
    config: { 'schema.version': '2' },
    have: { key: null },
    want: {},
  },
]
