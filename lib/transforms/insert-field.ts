import { TIMESTAMP_SCHEMA } from '../data/logical-types.ts'
import type { ConnectRecord, SinkRecord } from '../data/record.ts'
import { type Field, type Schema, type SchemaAndValue, STRING } from '../data/schema.ts'
import { valueIn } from '../data/struct.ts'
import { Instant, Sized, type Value } from '../data/value.ts'
import { ConfigError, DataError } from '../errors.ts'
import type { Example } from '../plugin.ts'
import { keyOrValue } from './key-or-value.ts'
import { perSchema } from './per-schema.ts'
import { REPLACE_NULL_WITH_DEFAULT } from './replace-null.ts'
import { requireMap, requireStruct } from './requirements.ts'
import { basicsOf, fieldsOf, structOf } from './schema-builder.ts'
import { emptyStruct, type Fitting, fittingOf } from './struct-put.ts'

const PURPOSE = 'field insertion'

const OPTIONALITY =
  'Suffix with <code>!</code> to make this a required field, or <code>?</code> to keep it optional (the default).'

export const insertField = keyOrValue({
  name: 'org.apache.kafka.connect.transforms.InsertField',
  doc: 'Adds fields with where and when the record is in Kafka, or with a fixed text.',
  config: {
    'topic.field': {
      type: 'string',
      importance: 'medium',
      default: null,
      doc: `Field name for Kafka topic. ${OPTIONALITY}`,
    },
    'partition.field': {
      type: 'string',
      importance: 'medium',
      default: null,
      doc: `Field name for Kafka partition. ${OPTIONALITY}`,
    },
    'offset.field': {
      type: 'string',
      importance: 'medium',
      default: null,
      doc: `Field name for Kafka offset - only applicable to sink connectors.<br/>${OPTIONALITY}`,
    },
    'timestamp.field': {
      type: 'string',
      importance: 'medium',
      default: null,
      doc: `Field name for record timestamp. ${OPTIONALITY}`,
    },
    'static.field': {
      type: 'string',
      importance: 'medium',
      default: null,
      doc: `Field name for static data field. ${OPTIONALITY}`,
    },
    'static.value': {
      type: 'string',
      importance: 'medium',
      default: null,
      doc: 'Static field value, if field name configured.',
    },
    ...REPLACE_NULL_WITH_DEFAULT,
  },
  configure(config) {
    const insertions = insertionsOf(config)
    const intoStruct = structInsertion(insertions, config['replace.null.with.default'])
    return (side, record) => {
      if (side.value === null) return side
      return side.schema === null
        ? { schema: null, value: intoMap(insertions, side.value, record) }
        : intoStruct(side, record)
    }
  },
})

/** What is inserted, by what reads it off the record; null: nothing is, however required the field. */
type Insertion = {
  readonly field: Field
  readonly fitting: Fitting
  readonly read: (record: ConnectRecord) => Value
  /** the same for a map, where no schema tells what it is */
  readonly readBare: (record: ConnectRecord) => Value
}

type Metadata = Omit<Insertion, 'field' | 'fitting'> & { readonly schema: Schema }

/** In the order in which the fields are appended. */
const METADATA = {
  'topic.field': { schema: STRING, read: ({ topic }) => topic, readBare: ({ topic }) => topic },
  'partition.field': {
    schema: { type: 'int32' },
    read: ({ partition }) => partition,
    readBare: ({ partition }) => (partition === null ? null : new Sized('int32', partition)),
  },
  'offset.field': { schema: { type: 'int64' }, read: offsetOf, readBare: offsetOf },
  'timestamp.field': {
    schema: TIMESTAMP_SCHEMA,
    read: ({ timestamp }) => (timestamp === null ? null : new Instant(timestamp)),
    readBare: ({ timestamp }) => (timestamp === null ? null : BigInt(timestamp)),
  },
} as const satisfies Readonly<Record<string, Metadata>>

const METADATA_KEYS = Object.keys(METADATA) as readonly (keyof typeof METADATA)[]

function offsetOf(record: ConnectRecord): Value {
  if ('offset' in record) return BigInt((record as SinkRecord).offset)
  throw new DataError(
    `Only SinkRecord supported for [${PURPOSE}], found: org.apache.kafka.connect.source.SourceRecord`,
  )
}

type Keys = keyof typeof METADATA | 'static.field' | 'static.value'

/** @throws ConfigError when there is nothing to insert. */
function insertionsOf(config: Readonly<Record<Keys, string | null>>): readonly Insertion[] {
  const metadata = METADATA_KEYS.flatMap((key) => insertion(config[key], METADATA[key]))
  const { 'static.field': field, 'static.value': text } = config
  if (metadata.length === 0 && field === null)
    throw new ConfigError('No field insertion configured')
  if (field !== null && text === null)
    throw new ConfigError(
      `Invalid value null for configuration static.value: No value specified for static field: ${field}`,
    )
  const fixed = () => text
  return [...metadata, ...insertion(field, { schema: STRING, read: fixed, readBare: fixed })]
}

function insertion(spec: string | null, { schema, read, readBare }: Metadata): Insertion[] {
  if (spec === null) return []
  const name = /[?!]$/.test(spec) ? spec.slice(0, -1) : spec
  const field = { name, schema: spec.endsWith('!') ? schema : { ...schema, optional: true } }
  return [{ field, fitting: fittingOf(field), read, readBare }]
}

function intoMap(insertions: readonly Insertion[], value: Value, record: ConnectRecord): Value {
  const map = new Map(requireMap(value, PURPOSE))
  for (const { field, readBare } of insertions) {
    const inserted = readBare(record)
    if (inserted !== null) map.set(field.name, inserted)
  }
  return map
}

function structInsertion(insertions: readonly Insertion[], replaceNullWithDefault: boolean) {
  const plan = perSchema((source) => {
    const appended = insertions.map(({ field }) => field)
    const schema = structOf(basicsOf(source), [...fieldsOf(source), ...appended])
    const kept = fieldsOf(source).map((field) => ({ field, fitting: fittingOf(field) }))
    return { schema, kept, empty: emptyStruct(fieldsOf(schema)) }
  })
  return (side: SchemaAndValue, record: ConnectRecord): SchemaAndValue => {
    const given = requireStruct(side, PURPOSE)
    const { schema, kept, empty } = plan(given.schema)
    const value = { ...empty }
    for (const { field, fitting } of kept)
      value[field.name] = fitting(valueIn(given.struct, field, replaceNullWithDefault))
    for (const { field, fitting, read } of insertions) {
      const inserted = read(record)
      if (inserted !== null) value[field.name] = fitting(inserted)
    }
    return { schema, value }
  }
}

export const examples: readonly Example[] = [
  {
    title: 'topic and time are appended; what stands with ! is a required field',
    config: { 'topic.field': 'topic!', 'timestamp.field': 'at' },
    have: {
      timestamp: 1_700_000_000_123,
      valueSchema: { type: 'struct', fields: [{ name: 'id', schema: { type: 'int32' } }] },
      value: { id: 7 },
    },
    want: {
      valueSchema: {
        type: 'struct',
        fields: [
          { name: 'id', schema: { type: 'int32' } },
          { name: 'topic', schema: STRING },
          { name: 'at', schema: { ...TIMESTAMP_SCHEMA, optional: true } },
        ],
      },
      value: { id: 7, topic: 'orders', at: new Instant(1_700_000_000_123) },
    },
  },
  {
    title: 'without a schema a fixed text takes the place of what has its name',
    on: 'Key',
    config: { 'static.field': 'origin', 'static.value': 'shop' },
    have: { key: new Map([['origin', 'none']]) },
    want: { key: new Map([['origin', 'shop']]) },
  },
  {
    title: 'a tombstone stays one',
    config: { 'static.field': 'origin', 'static.value': 'shop' },
    have: { value: null },
    want: {},
  },
]
