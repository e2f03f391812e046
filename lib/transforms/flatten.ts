import { javaClass } from '../data/java-class.ts'
import type { Field, Schema } from '../data/schema.ts'
import { innerSchema } from '../data/schema-builder.ts'
import { valueIn } from '../data/struct.ts'
import { fieldOf, type Struct, type Value } from '../data/value.ts'
import { DataError } from '../errors.ts'
import type { Example } from '../plugin.ts'
import { inferredType } from './inferred-type.ts'
import { keyOrValue } from './key-or-value.ts'
import { perSchema } from './per-schema.ts'
import { requireMap, requireName, requireStruct } from './requirements.ts'
import { basicsOf, fieldsOf, optionalIf, structOf, withDefault } from './schema-builder.ts'
import { emptyStruct, type Fitting, fittingOf, type NewStruct } from './struct-put.ts'

const PURPOSE = 'flattening'

export const flatten = keyOrValue({
  name: 'org.apache.kafka.connect.transforms.Flatten',
  doc: 'Makes one level of nested structs or maps: names are joined, lists stay as they are.',
  config: {
    delimiter: {
      type: 'string',
      importance: 'medium',
      default: '.',
      doc: 'Delimiter to insert between field names from the input record when generating field names for the output record',
    },
  },
  configure({ delimiter }) {
    const join: Join = (prefix, name) => (prefix === '' ? name : `${prefix}${delimiter}${name}`)
    const planned = perSchema((schema) => planOf(schema, join))
    return (side) => {
      if (side.value === null) return side
      if (side.schema === null) {
        const level = { map: requireMap(side.value, PURPOSE), prefix: '', join }
        return { schema: null, value: flattenMap(level, new Map()) }
      }
      const own = requireStruct(side, PURPOSE)
      const plan = planned(side.schema)
      const steps = own.schema === side.schema ? plan.steps : plan.stepsOf(own.schema, '')
      return { schema: plan.schema, value: flattenStruct(own.struct, steps, { ...plan.empty }) }
    }
  },
})

/** null is the key of a map alone. */
type Name = string | null

type Join = <N extends Name>(prefix: string, name: N) => N | string

type MapLevel = {
  readonly map: ReadonlyMap<Value, Value>
  readonly prefix: Name
  readonly join: Join
}

function flattenMap({ map, prefix, join }: MapLevel, into: Map<Value, Value>): Map<Value, Value> {
  for (const [key, value] of map) {
    // Java asks whether null is empty.
    if (prefix === null) throw new DataError('A map under a null key cannot be flattened')
    const name = join(prefix, requireName(key))
    const inner = isMap(value, name) ? requireMap(value, PURPOSE) : undefined
    if (inner) flattenMap({ map: inner, prefix: name, join }, into)
    else into.set(name, value)
  }
  return into
}

/** @throws DataError for what is neither to be flattened nor to be kept. */
function isMap(value: Value, name: Name): boolean {
  if (value === null) return false
  const type = inferredType(value)
  if (type !== undefined && type !== 'struct') return type === 'map'
  const found = javaClass(value, null)
  throw new DataError(
    type === 'struct'
      ? `Flatten transformation does not support class ${found} for record without schemas (for field ${name}).`
      : `Flatten transformation was passed a value of type class ${found} which is not supported by Connect's data API`,
  )
}

type Step = Leaf | Inner
type Leaf = { readonly to: string; readonly field: Field; readonly fitting: Fitting }
type Inner = {
  readonly field: Field
  readonly steps: readonly Step[]
  /** for a struct that brings another schema than its field's */
  readonly stepsOf: (schema: Schema) => readonly Step[]
}

type StepsOf = (source: Schema, prefix: string) => readonly Step[]

type Plan = {
  readonly schema: Schema
  readonly steps: readonly Step[]
  readonly stepsOf: StepsOf
  readonly empty: NewStruct
}

function planOf(source: Schema, join: Join): Plan {
  const parent = { optional: source.optional ?? false, value: source.default ?? null }
  const schema = structOf(basicsOf(source), flatFields(source, { prefix: '', parent, join }))
  const flat = new Map(fieldsOf(schema).map((field) => [field.name, field]))
  const stepsOf: StepsOf = (inner, prefix) =>
    fieldsOf(inner).map((field) => stepOf(field, join(prefix, field.name)))
  const stepOf = (field: Field, to: string): Step =>
    field.schema.type === 'struct'
      ? { field, steps: stepsOf(field.schema, to), stepsOf: (own) => stepsOf(own, to) }
      : { field, to, fitting: fittingIn(flat, field, to) }
  return { schema, steps: stepsOf(source, ''), stepsOf, empty: emptyStruct([...flat.values()]) }
}

/** Only a struct that brings a schema of its own has fields that are not there, or maps: an error once it is come to. */
function fittingIn(flat: ReadonlyMap<string, Field>, { schema }: Field, name: string): Fitting {
  const field = flat.get(name)
  if (field && schema.type !== 'map') return fittingOf(field, schema)
  return () => {
    throw schema.type === 'map'
      ? unsupported(name)
      : new DataError(`${name} is not a valid field name`)
  }
}

function flattenStruct(struct: Struct, steps: readonly Step[], into: NewStruct): NewStruct {
  for (const step of steps)
    if ('to' in step) into[step.to] = step.fitting(valueIn(struct, step.field, true))
    else flattenInner(fieldOf(struct, step.field.name), step, into)
  return into
}

function flattenInner(value: Value, { field, steps, stepsOf }: Inner, into: NewStruct): void {
  if (value === null) return
  const { schema, struct } = requireStruct({ schema: field.schema, value }, PURPOSE)
  flattenStruct(struct, schema === field.schema ? steps : stepsOf(schema), into)
}

type Level = {
  readonly prefix: string
  readonly parent: { readonly optional: boolean; readonly value: Value }
  readonly join: Join
}

/** A field is optional where anything around it is; its default may come from one around it. */
function* flatFields(schema: Schema, { prefix, parent, join }: Level): Generator<Field> {
  for (const field of fieldsOf(schema)) {
    const name = join(prefix, field.name)
    // The default of a struct is a struct.
    const fromParent = parent.value === null ? null : valueIn(parent.value as Struct, field, true)
    const optional = parent.optional || (field.schema.optional ?? false)
    const inherited = { optional, value: field.schema.default ?? fromParent }
    if (field.schema.type === 'struct')
      yield* flatFields(field.schema, { prefix: name, parent: inherited, join })
    else yield { name, schema: flatSchema({ name, schema: field.schema }, inherited) }
  }
}

function flatSchema({ name, schema }: Field, { optional, value }: Level['parent']): Schema {
  const { type, values } = schema
  if (type === 'map') throw unsupported(name)
  const inner = type === 'array' ? { values: innerSchema('value', values) } : {}
  return withDefault({ ...basicsOf(schema), ...optionalIf(optional), ...inner, type }, value)
}

const unsupported = (name: string): DataError =>
  new DataError(
    `Flatten transformation does not support MAP for record with schemas (for field ${name}).`,
  )

const ORDER: Schema = {
  type: 'struct',
  fields: [
    { name: 'id', schema: { type: 'int64' } },
    {
      name: 'customer',
      schema: {
        type: 'struct',
        optional: true,
        fields: [
          { name: 'name', schema: { type: 'string' } },
          { name: 'tags', schema: { type: 'array', values: { type: 'string' } } },
        ],
      },
    },
  ],
}

const FLAT_ORDER: Schema = {
  type: 'struct',
  fields: [
    { name: 'id', schema: { type: 'int64' } },
    { name: 'customer_name', schema: { type: 'string', optional: true } },
    {
      name: 'customer_tags',
      schema: { type: 'array', values: { type: 'string' }, optional: true },
    },
  ],
}

export const examples: readonly Example[] = [
  {
    title: 'names are joined; what lies in an optional struct becomes optional',
    config: { delimiter: '_' },
    have: { valueSchema: ORDER, value: { id: 7n, customer: { name: 'Ada', tags: ['new'] } } },
    want: {
      valueSchema: FLAT_ORDER,
      value: { id: 7n, customer_name: 'Ada', customer_tags: ['new'] },
    },
  },
  {
    title: 'a struct that is null leaves all of its fields null',
    config: { delimiter: '_' },
    have: { valueSchema: ORDER, value: { id: 7n, customer: null } },
    want: {
      valueSchema: FLAT_ORDER,
      value: { id: 7n, customer_name: null, customer_tags: null },
    },
  },
  {
    title: 'maps in a map vanish, and an empty one leaves nothing behind',
    on: 'Key',
    config: {},
    have: {
      key: new Map<string, Value>([
        ['a', new Map([['b', new Map([['c', 1n]])]])],
        ['d', new Map()],
        ['e', null],
      ]),
    },
    want: {
      key: new Map<string, Value>([
        ['a.b.c', 1n],
        ['e', null],
      ]),
    },
  },
]
