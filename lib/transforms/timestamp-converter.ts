import type { ConfigDef, Parsed } from '../config/config-def.ts'
import { type DateFormat, dateFormat } from '../data/date-format.ts'
import type { Field, Schema } from '../data/schema.ts'
import { valueIn } from '../data/struct.ts'
import { Instant, type Struct, type Value } from '../data/value.ts'
import { ConfigError, messageOf } from '../errors.ts'
import type { Example } from '../plugin.ts'
import { type Change, keyOrValue } from './key-or-value.ts'
import { ownField } from './own-schema.ts'
import { perSchema } from './per-schema.ts'
import { REPLACE_NULL_WITH_DEFAULT } from './replace-null.ts'
import { requireMap, requireStruct } from './requirements.ts'
import { basicsOf, fieldsOf, optionalIf, structOf } from './schema-builder.ts'
import { emptyStruct, type Fitting, fittingOf } from './struct-put.ts'
import { type Convert, converting, PRECISIONS, TARGETS, targetSchema } from './timestamp-kinds.ts'

const PURPOSE = 'converting timestamp formats'

const CONFIG = {
  field: {
    type: 'string',
    importance: 'high',
    default: '',
    doc: 'The field containing the timestamp, or empty if the entire value is a timestamp',
  },
  'target.type': {
    type: 'string',
    importance: 'high',
    oneOf: TARGETS,
    doc: 'The desired timestamp representation: string, unix, Date, Time, or Timestamp',
  },
  format: {
    type: 'string',
    importance: 'medium',
    default: '',
    doc: 'A SimpleDateFormat-compatible format for the timestamp. Used to generate the output when type=string or used to parse the input if the input is a string.',
  },
  'unix.precision': {
    type: 'string',
    importance: 'low',
    default: 'milliseconds',
    oneOf: PRECISIONS,
    doc: 'The desired Unix precision for the timestamp: seconds, milliseconds, microseconds, or nanoseconds. Used to generate the output when type=unix or used to parse the input if the input is a Long.Note: This SMT will cause precision loss during conversions from, and to, values with sub-millisecond components.',
  },
  ...REPLACE_NULL_WITH_DEFAULT,
} as const satisfies ConfigDef

export const timestampConverter = keyOrValue({
  name: 'org.apache.kafka.connect.transforms.TimestampConverter',
  doc: 'Converts a point in time, a field or the whole key or value, between text, Unix time and the logical types Date, Time and Timestamp.',
  config: CONFIG,
  configure(config) {
    const target = config['target.type']
    const pattern = config.format
    if (target === 'string' && pattern === '')
      throw new ConfigError(
        'TimestampConverter requires format option to be specified when using string timestamps',
      )
    const format = pattern === '' ? undefined : { ...formatOf(pattern), pattern }
    const convertOf = converting({ target, format, precision: config['unix.precision'] })
    return config.field === '' ? convertWhole(target, convertOf) : convertField(config, convertOf)
  },
})

function formatOf(pattern: string): DateFormat {
  try {
    return dateFormat(pattern)
  } catch (cause) {
    // Kafka Connect has name and value the wrong way round.
    throw new ConfigError(
      `Invalid value java.lang.IllegalArgumentException: ${messageOf(cause)} for configuration TimestampConverter requires a SimpleDateFormat-compatible pattern for string timestamps: ${pattern}`,
      { cause },
    )
  }
}

/** How values of a schema are converted; null: each by its own class. @throws ConnectError for a schema of no time. */
type ConvertOf = (schema: Schema | null) => Convert

function convertWhole(target: string, convertOf: ConvertOf): Change {
  const schemaless = convertOf(null)
  const planned = perSchema((schema) => ({
    schema: targetSchema(target, schema.optional),
    convert: convertOf(schema),
  }))
  return ({ schema, value }) => {
    if (schema === null) return { schema, value: schemaless(value) }
    const plan = planned(schema)
    return { schema: plan.schema, value: plan.convert(value) }
  }
}

function convertField(config: Parsed<typeof CONFIG>, convertOf: ConvertOf): Change {
  const { field: name, 'target.type': target } = config
  const wanted = { name, target, convertOf, replaceNull: config['replace.null.with.default'] }
  const schemaless = convertOf(null)
  const planned = perSchema((schema) => planOf(schema, wanted))
  return (side) => {
    const { schema, value } = side
    if (schema === null) {
      if (value === null) return side
      const map = requireMap(value, PURPOSE)
      return { schema, value: new Map(map).set(name, schemaless(map.get(name) ?? null)) }
    }
    if (value === null) return { schema: planned(schema).schema, value }
    const own = requireStruct(side, PURPOSE)
    const plan = planned(schema)
    const steps = own.schema === schema ? plan.steps() : stepsOf(own.schema, plan.schema, wanted)
    return { schema: plan.schema, value: convertStruct(own.struct, steps, plan.empty, wanted) }
  }
}

type Wanted = {
  readonly name: string
  readonly target: string
  readonly convertOf: ConvertOf
  readonly replaceNull: boolean
}

/** What becomes of one field of a struct. */
type Step = {
  readonly field: Field
  /** undefined: it is kept as it is */
  readonly convert: Convert | undefined
  readonly fitting: Fitting
}

function planOf(source: Schema, wanted: Wanted) {
  const fields = fieldsOf(source).map(({ name, schema }) => ({
    name,
    schema: name === wanted.name ? targetSchema(wanted.target, schema.optional) : schema,
  }))
  const bare = structOf({ ...basicsOf(source), ...optionalIf(source.optional) }, fields)
  const empty = emptyStruct(fields)
  let steps: readonly Step[] | undefined
  // A field of no time is found out with the first value: until then the schema alone is converted.
  const stepsOnce = () => {
    steps ??= stepsOf(source, bare, wanted)
    return steps
  }
  const given = (source.default ?? null) as Struct | null
  return {
    schema:
      given === null
        ? bare
        : { ...bare, default: convertStruct(given, stepsOnce(), empty, wanted) },
    steps: stepsOnce,
    empty,
  }
}

const stepsOf = (source: Schema, result: Schema, { name, convertOf }: Wanted): Step[] =>
  fieldsOf(source).map((field) => {
    const put = ownField(result, field.name)
    return field.name === name
      ? { field, convert: convertOf(field.schema), fitting: fittingOf(put) }
      : { field, convert: undefined, fitting: fittingOf(put, field.schema) }
  })

function convertStruct(
  struct: Struct,
  steps: readonly Step[],
  empty: Struct,
  { replaceNull }: Wanted,
): Struct {
  const converted = { ...empty }
  for (const { field, convert, fitting } of steps) {
    const value: Value = valueIn(struct, field, replaceNull)
    converted[field.name] = fitting(convert ? convert(value) : value)
  }
  return converted
}

const ORDER = (at: Schema): Schema => ({
  type: 'struct',
  name: 'Order',
  fields: [
    { name: 'id', schema: { type: 'int64' } },
    { name: 'at', schema: at },
  ],
})

export const examples: readonly Example[] = [
  {
    title: 'a field of text becomes a timestamp',
    config: { field: 'at', 'target.type': 'Timestamp', format: 'yyyy-MM-dd HH:mm:ss' },
    have: {
      valueSchema: ORDER({ type: 'string', optional: true }),
      value: { id: 7n, at: '2023-11-14 22:13:20' },
    },
    want: {
      valueSchema: ORDER(targetSchema('Timestamp', true)),
      value: { id: 7n, at: new Instant(1_700_000_000_000) },
    },
  },
  {
    title: 'Unix time in seconds becomes text',
    on: 'Key',
    config: {
      'target.type': 'string',
      format: "EEE, d MMM yyyy HH:mm:ss 'UTC'",
      'unix.precision': 'seconds',
    },
    have: { key: 1_700_000_000n },
    want: { key: 'Tue, 14 Nov 2023 22:13:20 UTC' },
  },
  {
    title: 'of a timestamp the day alone is kept',
    config: { 'target.type': 'Date' },
    have: {
      valueSchema: targetSchema('Timestamp', false),
      value: new Instant(1_700_000_000_123),
    },
    want: { valueSchema: targetSchema('Date', false), value: new Instant(1_699_920_000_000) },
  },
]
