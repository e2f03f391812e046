import { refuseEmptyList } from '../config/valid-list.ts'
import { schemaText } from '../data/java-class.ts'
import { javaText } from '../data/java-text.ts'
import { DATE, DECIMAL, TIME, TIMESTAMP } from '../data/logical-types.ts'
import type { Header } from '../data/record.ts'
import type { Schema, SchemaAndValue } from '../data/schema.ts'
import { valueIn } from '../data/struct.ts'
import { isOfSchema } from '../data/validate.ts'
import { Decimal, Instant, type Struct, schemaOfStruct, type Value } from '../data/value.ts'
import { ConfigError, DataError } from '../errors.ts'
import type { Example } from '../plugin.ts'
import { keyOrValue } from './key-or-value.ts'
import { movedTo, ownField } from './own-schema.ts'
import { perSchema } from './per-schema.ts'
import { REPLACE_NULL_WITH_DEFAULT } from './replace-null.ts'
import { requireMap, requireStruct } from './requirements.ts'
import { basicsOf, fieldsOf, findField, structOf } from './schema-builder.ts'
import { emptyStruct, fittingOf } from './struct-put.ts'

export const headerFrom = keyOrValue({
  name: 'org.apache.kafka.connect.transforms.HeaderFrom',
  doc: 'Copies fields to headers, or moves them there.',
  config: {
    fields: {
      type: 'list',
      importance: 'high',
      doc: 'Field names in the record whose values are to be copied or moved to headers.',
      refuse: refuseEmptyList,
    },
    headers: {
      type: 'list',
      importance: 'high',
      doc: 'Header names, in the same order as the field names listed in the fields configuration property.',
      refuse: refuseEmptyList,
    },
    operation: {
      type: 'string',
      importance: 'high',
      oneOf: ['move', 'copy'],
      doc: 'Either <code>move</code> if the fields are to be moved to the headers (removed from the key/value), or <code>copy</code> if the fields are to be copied to the headers (retained in the key/value).',
    },
    ...REPLACE_NULL_WITH_DEFAULT,
  },
  configure({ fields, headers, operation, 'replace.null.with.default': replaceNullWithDefault }) {
    if (fields.length !== headers.length)
      throw new ConfigError(
        "'fields' config must have the same number of elements as 'headers' config.",
      )
    const purpose = `header ${operation}`
    const fromMap = mapHeaders({ fields, headers, operation })
    const fromStruct = structHeaders({ fields, headers, operation, replaceNullWithDefault })
    return (side, record) => {
      const { schema, value, added } =
        side.schema === null
          ? fromMap(requireMap(side.value, purpose))
          : fromStruct(side.schema, requireStruct(side, purpose))
      return { schema, value, headers: [...record.headers, ...added] }
    }
  },
})

/** The n-th field goes to the n-th header; either may be listed more than once. */
type Pairs = {
  readonly fields: readonly string[]
  readonly headers: readonly string[]
  readonly operation: string
}

type Parted = SchemaAndValue & { readonly added: readonly Header[] }

function mapHeaders({ fields, headers, operation }: Pairs) {
  const left = operation === 'move' ? without(new Set(fields)) : wholeMap
  return (map: ReadonlyMap<Value, Value>): Parted => ({
    schema: null,
    value: left(map),
    added: headers.map((key, at) => bareHeader(key, map.get(fields[at] ?? '') ?? null)),
  })
}

const wholeMap = (map: ReadonlyMap<Value, Value>): Value => map

const without =
  (moved: ReadonlySet<string>) =>
  (map: ReadonlyMap<Value, Value>): Value => {
    const left = new Map(map)
    for (const name of moved) left.delete(name)
    return left
  }

function structHeaders(config: Pairs & { readonly replaceNullWithDefault: boolean }) {
  const { fields, headers, operation, replaceNullWithDefault } = config
  const left = operation === 'move' ? remainder(fields, replaceNullWithDefault) : whole
  const listed = perSchema((schema) => fields.map((name) => findField(schema, name)))
  return (around: Schema, given: StructOfSchema): Parted => {
    const { schema, value } = left(around, given)
    const sources = listed(given.schema)
    const targets = listed(around)
    const added = headers.map((key, at): Header => {
      const [source, target] = [sources[at], targets[at]]
      if (target === undefined) throw new DataError(`Field does not exist: ${fields[at]}`)
      if (source === undefined) return headerOf(key, target.schema, null)
      const value = valueIn(given.struct, source, replaceNullWithDefault)
      return headerOf(key, target.schema, movedTo(target.schema, value, source.schema))
    })
    return { schema, value, added }
  }
}

/** A struct and the schema that is its own, be it the one around it or another. */
type StructOfSchema = { readonly schema: Schema; readonly struct: Struct }

const whole = (schema: Schema, { struct }: StructOfSchema): SchemaAndValue => ({
  schema,
  value: struct,
})

/** What is left of a struct when fields are moved away. */
function remainder(moved: readonly string[], replaceNullWithDefault: boolean) {
  const plan = perSchema((around) => {
    const kept = fieldsOf(around).filter(({ name }) => !moved.includes(name))
    const filled = kept.map((field) => ({ field, fitting: fittingOf(field) }))
    return { schema: structOf(basicsOf(around), kept), filled, empty: emptyStruct(kept) }
  })
  return (around: Schema, { schema: own, struct }: StructOfSchema): SchemaAndValue => {
    const { schema, filled, empty } = plan(around)
    const value = { ...empty }
    for (const { field, fitting } of filled) {
      const source = own === around ? field : ownField(own, field.name)
      const given = valueIn(struct, source, replaceNullWithDefault)
      value[field.name] = fitting(movedTo(field.schema, given, source.schema))
    }
    return { schema, value }
  }
}

/** A struct tells its schema itself. */
const bareHeader = (key: string, value: Value): Header => ({
  key,
  schema: isObject(value) ? (schemaOfStruct(value) ?? null) : null,
  value,
})

const isObject = (value: Value): value is Exclude<Value & object, null> =>
  typeof value === 'object' && value !== null

/** ConnectHeaders.add. @throws DataError when the value is not of the schema's kind. */
function headerOf(key: string, schema: Schema, value: Value): Header {
  if (value === null && !schema.optional)
    throw new DataError(`A null value requires an optional schema but was ${schemaText(schema)}`)
  if (value !== null && !isOfKind(schema, value))
    throw new DataError(
      `The value ${javaText(value, schema)} is not compatible with the schema ${schemaText(schema)}`,
    )
  return { key, schema, value }
}

/** Unlike a struct, a header asks for a logical type's own kind of schema, and takes the bare kind of value with it as well. */
function isOfKind({ type, name }: Schema, value: Exclude<Value, null>): boolean {
  if (value instanceof Decimal) return type === 'bytes' && name === DECIMAL
  if (!(value instanceof Instant)) return isOfSchema({ type }, value)
  return type === 'int32' ? name === DATE || name === TIME : type === 'int64' && name === TIMESTAMP
}

export const examples: readonly Example[] = [
  {
    title: 'a field is moved to a header behind those there are',
    config: { fields: 'trace', headers: 'trace-id', operation: 'move' },
    have: {
      valueSchema: {
        type: 'struct',
        fields: [
          { name: 'id', schema: { type: 'int32' } },
          { name: 'trace', schema: { type: 'string' } },
        ],
      },
      value: { id: 7, trace: 'a1' },
      headers: [{ key: 'trace-id', schema: null, value: 'old' }],
    },
    want: {
      valueSchema: { type: 'struct', fields: [{ name: 'id', schema: { type: 'int32' } }] },
      value: { id: 7 },
      headers: [
        { key: 'trace-id', schema: null, value: 'old' },
        { key: 'trace-id', schema: { type: 'string' }, value: 'a1' },
      ],
    },
  },
  {
    title: 'without a schema a field that is missing makes a header of null',
    on: 'Key',
    config: { fields: 'id,trace', headers: 'id,trace', operation: 'copy' },
    have: { key: new Map([['id', 7n]]) },
    want: {
      headers: [
        { key: 'id', schema: null, value: 7n },
        { key: 'trace', schema: null, value: null },
      ],
    },
  },
]
