import { KAFKA_VERSION } from '../config/kafka-version.ts'
import { someDistinctItems } from '../config/valid-list.ts'
import type { ConnectRecord } from '../data/record.ts'
import type { SchemaAndValue } from '../data/schema.ts'
import { valueIn } from '../data/struct.ts'
import type { Value } from '../data/value.ts'
import { DataError } from '../errors.ts'
import { type Example, transform } from '../plugin.ts'
import { perSchema } from './per-schema.ts'
import { REPLACE_NULL_WITH_DEFAULT } from './replace-null.ts'
import { requireMap, requireStruct } from './requirements.ts'
import { findField, structOf } from './schema-builder.ts'
import { emptyStruct, fittingOf } from './struct-put.ts'

const PURPOSE = 'copying fields from value to key'

export const valueToKey = transform({
  name: 'org.apache.kafka.connect.transforms.ValueToKey',
  version: KAFKA_VERSION,
  doc: 'Makes a new key of fields of the value, in the order in which they are listed.',
  config: {
    fields: {
      type: 'list',
      importance: 'high',
      doc: 'Field names on the record value to extract as the record key.',
      ...someDistinctItems('fields'),
    },
    ...REPLACE_NULL_WITH_DEFAULT,
  },
  configure({ fields, 'replace.null.with.default': replaceNullWithDefault }) {
    const ofStruct = structKey(fields, replaceNullWithDefault)
    return {
      apply: (record) =>
        record.valueSchema === null
          ? { ...record, keySchema: null, key: mapKey(fields, record.value) }
          : ofStruct(record),
    }
  },
})

function mapKey(fields: readonly string[], value: Value): Value {
  const map = requireMap(value, PURPOSE)
  return new Map(fields.map((name) => [name, map.get(name) ?? null]))
}

function structKey(names: readonly string[], replaceNullWithDefault: boolean) {
  const plan = perSchema((source) => {
    const fields = names.map((name) => {
      const field = findField(source, name)
      if (field === undefined) throw new DataError(`Field does not exist: ${name}`)
      return field
    })
    const copied = fields.map((field) => ({ field, fitting: fittingOf(field) }))
    return { keySchema: structOf({}, fields), copied, empty: emptyStruct(fields) }
  })
  return <R extends ConnectRecord>(record: R): R => {
    const side: SchemaAndValue = { schema: record.valueSchema, value: record.value }
    const { schema, struct } = requireStruct(side, PURPOSE)
    const { keySchema, copied, empty } = plan(schema)
    const key = { ...empty }
    for (const { field, fitting } of copied)
      key[field.name] = fitting(valueIn(struct, field, replaceNullWithDefault))
    return { ...record, keySchema, key, valueSchema: schema }
  }
}

export const examples: readonly Example[] = [
  {
    title: 'the key is a struct of the listed fields, in their order',
    config: { fields: 'region,id' },
    have: {
      keySchema: { type: 'string' },
      key: 'old',
      valueSchema: {
        type: 'struct',
        fields: [
          { name: 'id', schema: { type: 'int64' } },
          { name: 'name', schema: { type: 'string' } },
          { name: 'region', schema: { type: 'string', optional: true } },
        ],
      },
      value: { id: 7n, name: 'Ada', region: null },
    },
    want: {
      keySchema: {
        type: 'struct',
        fields: [
          { name: 'region', schema: { type: 'string', optional: true } },
          { name: 'id', schema: { type: 'int64' } },
        ],
      },
      key: { region: null, id: 7n },
    },
  },
  {
    title: 'without a schema a field that is missing is null in the key',
    config: { fields: 'id,region' },
    have: { value: new Map([['id', 7n]]) },
    want: {
      key: new Map([
        ['id', 7n],
        ['region', null],
      ]),
    },
  },
]
