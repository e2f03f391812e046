import { parseConfig, type RawConfig } from '../../lib/config/config-def.ts'
import type { ConnectRecord, SinkRecord } from '../../lib/data/record.ts'
import type { Schema } from '../../lib/data/schema.ts'
import type { Value } from '../../lib/data/value.ts'
import type { Predicate, Transform } from '../../lib/plugin.ts'
import { plugins } from '../../lib/registry.ts'
import type { Figures } from './bench.ts'
import { figureName, perSecond } from './rounds.ts'
import { rowsOf, WIDE, wideRow } from './rows.ts'

const PACKAGE = 'org.apache.kafka.connect.transforms.'

type Step = {
  /** the figure's, where it is not the class's */
  readonly name?: string
  readonly className: string
  readonly config: RawConfig
  /** there is nothing it could do without a schema */
  readonly needsSchema?: true
  /** the row stands in a field of another struct */
  readonly isNested?: true
}

/** A usual configuration of each, for the fields of `WIDE`. */
const STEPS: readonly Step[] = [
  { className: 'Cast$Value', config: { spec: 'quantity:int64,weight:string,paid:int8' } },
  { className: 'DropHeaders', config: { headers: 'trace' } },
  { className: 'ExtractField$Value', config: { field: 'id' } },
  { className: 'Filter', config: {} },
  { className: 'Flatten$Value', config: { delimiter: '_' }, isNested: true },
  {
    className: 'HeaderFrom$Value',
    config: { fields: 'id,name', headers: 'id,name', operation: 'copy' },
  },
  { className: 'HoistField$Value', config: { field: 'row' } },
  {
    className: 'InsertField$Value',
    config: {
      'topic.field': 'topic',
      'offset.field': 'offset',
      'timestamp.field': 'written_at',
      'static.field': 'origin',
      'static.value': 'mysql',
    },
  },
  { className: 'InsertHeader', config: { header: 'origin', 'value.literal': 'mysql' } },
  { className: 'MaskField$Value', config: { fields: 'name,note' } },
  { className: 'RegexRouter', config: { regex: '(\\w+)\\.(\\w+)', replacement: '$2-$1' } },
  { className: 'ReplaceField$Value', config: { exclude: 'note', renames: 'id:key,name:label' } },
  {
    className: 'SetSchemaMetadata$Value',
    config: { 'schema.name': 'com.example.Order', 'schema.version': '2' },
    needsSchema: true,
  },
  {
    className: 'TimestampConverter$Value',
    config: { field: 'created_at', 'target.type': 'unix' },
  },
  {
    name: 'timestamp_converter_text',
    className: 'TimestampConverter$Value',
    config: { field: 'created_at', 'target.type': 'string', format: "yyyy-MM-dd'T'HH:mm:ss.SSS" },
  },
  {
    className: 'TimestampRouter',
    config: { 'topic.format': '$' + '{topic}-$' + '{timestamp}', 'timestamp.format': 'yyyyMMdd' },
  },
  { className: 'ValueToKey', config: { fields: 'id,channel' } },
  { className: 'predicates.HasHeaderKey', config: { name: 'span' } },
  { className: 'predicates.RecordIsTombstone', config: {} },
  { className: 'predicates.TopicNameMatches', config: { pattern: '.*\\.orders' } },
]

const recordOf = (at: number): SinkRecord => ({
  topic: 'shop.orders',
  partition: at % 8,
  offset: at,
  originalTopic: 'shop.orders',
  originalPartition: at % 8,
  timestamp: 1_700_000_000_000 + at * 61_003,
  timestampType: 'CREATE_TIME',
  keySchema: { type: 'int64' },
  key: BigInt(at),
  valueSchema: WIDE,
  value: wideRow(at),
  headers: [
    { key: 'trace', schema: { type: 'string' }, value: `trace ${at}` },
    { key: 'span', schema: { type: 'string' }, value: 'span' },
  ],
})

/** What plain JSON gives: maps, float64 and int64. */
const schemalessOf = (at: number): SinkRecord => ({
  ...recordOf(at),
  keySchema: null,
  valueSchema: null,
  value: new Map<Value, Value>([
    ...Object.entries(wideRow(at)),
    ['quantity', BigInt(at % 97)],
    ['price', (at * 13 + 199) / 100],
    ['created_at', 1_700_000_000_000n + BigInt(at) * 61_003n],
    ['region', BigInt(at % 311)],
  ]),
})

/** Such a record in a struct or map of two fields, for what works on nested ones. */
const nested = ({ valueSchema, value, ...record }: SinkRecord): SinkRecord =>
  valueSchema === null
    ? {
        ...record,
        valueSchema,
        value: new Map<Value, Value>([
          ['id', 7n],
          ['order', value],
        ]),
      }
    : { ...record, valueSchema: ENVELOPE, value: { id: 7n, order: value } }

const ENVELOPE: Schema = {
  type: 'struct',
  fields: [
    { name: 'id', schema: { type: 'int64' } },
    { name: 'order', schema: WIDE },
  ],
}

/** Each transform and predicate that is registered, alone: nanoseconds that it adds to a record. */
export function benchTransforms(rows: number): Figures {
  const [records, schemaless] = [rowsOf(recordOf), rowsOf(schemalessOf)]
  return Object.assign({}, ...STEPS.map(benchStep))

  function benchStep(step: Step): Figures {
    const plugin = plugins.all.find(({ name }) => name === PACKAGE + step.className)
    if (plugin?.kind !== 'transform' && plugin?.kind !== 'predicate') return {}
    const work = workOf(plugin, step.config)
    const figure = `${plugin.kind}_${step.name ?? figureName(step.className)}`
    const nanoseconds = (of: readonly SinkRecord[]) =>
      1e9 / perSecond(step.isNested ? of.map(nested) : of, rows, work)
    return {
      [`${figure}_ns_per_record`]: nanoseconds(records),
      ...(step.needsSchema
        ? {}
        : { [`${figure}_schemaless_ns_per_record`]: nanoseconds(schemaless) }),
    }
  }
}

function workOf(plugin: Transform | Predicate, raw: RawConfig): (record: ConnectRecord) => number {
  const config = parseConfig(plugin.config, raw)
  if (plugin.kind === 'predicate') {
    const predicate = plugin.configure(config)
    return (record) => (predicate.test(record) ? 1 : 0)
  }
  const transform = plugin.configure(config)
  return (record) => (transform.apply(record) === null ? 0 : 1)
}
