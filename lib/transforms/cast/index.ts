import { TIMESTAMP_SCHEMA } from '../../data/logical-types.ts'
import type { Field, Schema } from '../../data/schema.ts'
import { valueIn } from '../../data/struct.ts'
import { Instant, type Struct, type Value } from '../../data/value.ts'
import { DataError } from '../../errors.ts'
import type { Example } from '../../plugin.ts'
import { type Change, keyOrValue } from '../key-or-value.ts'
import { perSchema } from '../per-schema.ts'
import { REPLACE_NULL_WITH_DEFAULT } from '../replace-null.ts'
import { requireMap, requireStruct } from '../requirements.ts'
import {
  basicsOf,
  fieldsOf,
  findField,
  optionalIf,
  structOf,
  withDefault,
} from '../schema-builder.ts'
import { emptyStruct, type Fitting, fittingOf, type NewStruct } from '../struct-put.ts'
import { type CastValue, castTo, type Target } from './cast-value.ts'
import { parseSpec, refuseSpec, type Spec } from './spec.ts'

const PURPOSE = 'cast types'

export const cast = keyOrValue({
  name: 'org.apache.kafka.connect.transforms.Cast',
  doc: 'Casts fields, or the whole key or value, to another type: between numbers, booleans and strings; bytes become base64 text.',
  config: {
    spec: {
      type: 'list',
      importance: 'high',
      doc: 'List of fields and the type to cast them to of the form field1:type,field2:type to cast fields of Maps or Structs. A single type to cast the entire value. Valid types are int8, int16, int32, int64, float32, float64, boolean, and string. Note that binary fields can only be cast to string.',
      refuse: refuseSpec,
    },
    ...REPLACE_NULL_WITH_DEFAULT,
  },
  configure(config) {
    const { whole, fields } = parseSpec(config.spec)
    return whole === undefined
      ? castFields(fields, config['replace.null.with.default'])
      : castWhole(whole)
  },
})

function castWhole(target: Target): Change {
  const schemaless = castTo(target, null)
  const planned = perSchema((schema) => {
    const castValue = castTo(target, schema)
    const bare = { ...basicsOf(schema), ...optionalIf(schema.optional), type: target }
    return { castValue, schema: withDefault(bare, castValue(schema.default ?? null)) }
  })
  return (side) => {
    const { schema, value } = side
    if (value === null) return side
    if (schema === null) return { schema, value: schemaless(value) }
    const plan = planned(schema)
    return { schema: plan.schema, value: plan.castValue(value) }
  }
}

function castFields(targets: Spec['fields'], replaceNull: boolean): Change {
  const schemaless = Array.from(targets, ([name, target]) => [name, castTo(target, null)] as const)
  const planned = perSchema((schema) => structPlan(schema, targets))
  return (side) => {
    const { schema, value } = side
    if (value === null) return side
    if (schema === null) {
      const map = requireMap(value, PURPOSE)
      const members = new Map(map)
      for (const [name, castValue] of schemaless)
        members.set(name, castValue(map.get(name) ?? null))
      return { schema, value: members }
    }
    const plan = planned(schema)
    const own = requireStruct(side, PURPOSE)
    const steps = own.schema === schema ? plan.steps : stepsOf(own.schema, plan.schema, targets)
    return {
      schema: plan.schema,
      value: castStruct(own.struct, { steps, into: { ...plan.empty }, replaceNull }),
    }
  }
}

/** What becomes of one field of a struct. */
type Step = {
  readonly field: Field
  /** undefined: it is kept as it is */
  readonly castValue: CastValue | undefined
  readonly fitting: Fitting
}

type Plan = {
  readonly schema: Schema
  readonly steps: readonly Step[]
  readonly empty: NewStruct
}

function structPlan(source: Schema, targets: Spec['fields']): Plan {
  const fields = fieldsOf(source).map((field) => castField(field, targets.get(field.name)))
  const schema = structOf({ ...basicsOf(source), ...optionalIf(source.optional) }, fields)
  // A struct cannot be cast, so that one with a default ends here, as in Kafka Connect.
  if ((source.default ?? null) !== null) castTo('string', source)(source.default ?? null)
  return { schema, steps: stepsOf(source, schema, targets), empty: emptyStruct(fields) }
}

function castField(field: Field, target: Target | undefined): Field {
  if (target === undefined) return field
  const { optional, default: given = null } = field.schema
  const bare: Schema = { type: target, ...optionalIf(optional) }
  return { name: field.name, schema: withDefault(bare, castTo(target, field.schema)(given)) }
}

const stepsOf = (source: Schema, result: Schema, targets: Spec['fields']): Step[] =>
  fieldsOf(source).map((field) => {
    const target = targets.get(field.name)
    const put = findField(result, field.name)
    return target === undefined
      ? { field, castValue: undefined, fitting: put ? fittingOf(put, field.schema) : nowhere }
      : { field, castValue: castTo(target, field.schema), fitting: put ? fittingOf(put) : nowhere }
  })

/** Where a struct brings a schema of its own, it may have fields that the schema around it has not. */
const nowhere: Fitting = () => {
  throw new DataError('field cannot be null.')
}

type Copied = {
  readonly steps: readonly Step[]
  readonly into: NewStruct
  readonly replaceNull: boolean
}

function castStruct(struct: Struct, { steps, into, replaceNull }: Copied): Struct {
  for (const { field, castValue, fitting } of steps) {
    const value = valueIn(struct, field, replaceNull)
    into[field.name] = fitting(castValue ? castValue(value) : value)
  }
  return into
}

export const examples: readonly Example[] = [
  {
    title: 'a field becomes text, another a smaller integer; what does not fit wraps',
    config: { spec: 'id:string,count:int8' },
    have: {
      valueSchema: {
        type: 'struct',
        name: 'Order',
        fields: [
          {
            name: 'id',
            schema: { type: 'int64', doc: 'lost, as the name and parameters of a cast field are' },
          },
          { name: 'count', schema: { type: 'int32', optional: true, default: 300 } },
          { name: 'note', schema: { type: 'string' } },
        ],
      },
      value: { id: 42n, count: null, note: 'as it was' },
    },
    want: {
      valueSchema: {
        type: 'struct',
        name: 'Order',
        fields: [
          { name: 'id', schema: { type: 'string' } },
          { name: 'count', schema: { type: 'int8', optional: true, default: 44 } },
          { name: 'note', schema: { type: 'string' } },
        ],
      },
      value: { id: '42', count: 44, note: 'as it was' },
    },
  },
  {
    title: 'the whole key is cast when the spec is a type alone',
    on: 'Key',
    config: { spec: 'int32' },
    have: { keySchema: { type: 'string' }, key: '42' },
    want: { keySchema: { type: 'int32' }, key: 42 },
  },
  {
    title: 'without a schema a field that is missing is there afterwards, as null',
    config: { spec: 'price:float64,gone:string' },
    have: { value: new Map<string, Value>([['price', '1e3']]) },
    want: {
      value: new Map<string, Value>([
        ['price', 1000],
        ['gone', null],
      ]),
    },
  },
  {
    title: 'a timestamp becomes its milliseconds, and text in the form of ISO 8601',
    config: { spec: 'at:int64,seen:string' },
    have: {
      valueSchema: {
        type: 'struct',
        fields: [
          { name: 'at', schema: TIMESTAMP_SCHEMA },
          { name: 'seen', schema: TIMESTAMP_SCHEMA },
        ],
      },
      value: { at: new Instant(1_700_000_000_123), seen: new Instant(1_700_000_000_123) },
    },
    want: {
      valueSchema: {
        type: 'struct',
        fields: [
          { name: 'at', schema: { type: 'int64' } },
          { name: 'seen', schema: { type: 'string' } },
        ],
      },
      value: { at: 1_700_000_000_123n, seen: '2023-11-14T22:13:20.123Z' },
    },
  },
]
