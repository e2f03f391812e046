import type { Refusal } from '../config/config-def.ts'
import { distinctItems } from '../config/valid-list.ts'
import { inJavaOrder } from '../data/java-order.ts'
import type { Schema } from '../data/schema.ts'
import { valueIn } from '../data/struct.ts'
import type { Struct, Value } from '../data/value.ts'
import { DataError } from '../errors.ts'
import type { Example } from '../plugin.ts'
import { partsOf } from './colon-pairs.ts'
import { keyOrValue } from './key-or-value.ts'
import { perSchema } from './per-schema.ts'
import { REPLACE_NULL_WITH_DEFAULT } from './replace-null.ts'
import { requireMap, requireName, requireStruct } from './requirements.ts'
import { basicsOf, fieldsOf, findField, structOf } from './schema-builder.ts'
import { emptyStruct, fittingOf } from './struct-put.ts'

const PURPOSE = 'field replacement'

export const replaceField = keyOrValue({
  name: 'org.apache.kafka.connect.transforms.ReplaceField',
  doc: 'Leaves out fields, or renames them.',
  config: {
    exclude: {
      type: 'list',
      importance: 'medium',
      default: [],
      doc: 'Fields to exclude. This takes precedence over the fields to include.',
      ...distinctItems('exclude'),
    },
    include: {
      type: 'list',
      importance: 'medium',
      default: [],
      doc: 'Fields to include. If specified, only these fields will be used.',
      ...distinctItems('include'),
    },
    renames: {
      type: 'list',
      importance: 'medium',
      default: [],
      doc: 'Field rename mappings.',
      refuse: refuseRenames,
    },
    ...REPLACE_NULL_WITH_DEFAULT,
  },
  configure(config) {
    const choice = choiceOf(config)
    const replaceNull = config['replace.null.with.default']
    const planned = perSchema((schema) => planOf(schema, choice))
    return (side) => {
      if (side.value === null) return side
      if (side.schema === null)
        return { schema: null, value: replaceInMap(requireMap(side.value, PURPOSE), choice) }
      const own = requireStruct(side, PURPOSE)
      const plan = planned(own.schema)
      return { schema: plan.schema, value: replaceInStruct(own.struct, plan, replaceNull) }
    }
  },
})

function refuseRenames(mappings: readonly string[] | null): Refusal | undefined {
  const wrong = mappings?.find((mapping) => partsOf(mapping).length !== 2)
  return wrong === undefined ? undefined : `Invalid rename mapping: ${wrong}`
}

/** null is the key of a map alone. */
type Name = string | null

/** Which fields are kept, by their names as they were, and how each is called afterwards. */
type Choice = {
  readonly keeps: (name: Name) => boolean
  readonly renamed: <N extends Name>(name: N) => N | string
  /** how a field was called before: a rename counts even where its field does not exist */
  readonly original: (name: string) => string
}

function choiceOf(config: {
  readonly exclude: readonly string[]
  readonly include: readonly string[]
  readonly renames: readonly string[]
}): Choice {
  const exclude: ReadonlySet<Name> = new Set(config.exclude)
  const include: ReadonlySet<Name> = new Set(config.include)
  const pairs = new Map(config.renames.map(pairOf))
  const originals = new Map(Array.from(inJavaOrder(pairs), ([from, to]) => [to, from]))
  const renames: ReadonlyMap<Name, string> = pairs
  return {
    keeps: (name) => !exclude.has(name) && (include.size === 0 || include.has(name)),
    renamed: (name) => renames.get(name) ?? name,
    original: (name) => originals.get(name) ?? name,
  }
}

function pairOf(mapping: string): [string, string] {
  const [from = '', to = ''] = partsOf(mapping)
  return [from, to]
}

/** Of two fields that get the same name the later one stays. */
function replaceInMap(map: ReadonlyMap<Value, Value>, { keeps, renamed }: Choice): Value {
  const members = new Map<Value, Value>()
  for (const [key, value] of map) {
    const name = requireName(key)
    if (keeps(name)) members.set(renamed(name), value)
  }
  return members
}

type Plan = ReturnType<typeof planOf>

function planOf(source: Schema, { keeps, renamed, original }: Choice) {
  const fields = fieldsOf(source)
    .filter(({ name }) => keeps(name))
    .map(({ name, schema }) => ({ name: renamed(name), schema }))
  const steps = fields.map((result) => {
    const from = original(result.name)
    const field = findField(source, from)
    return { to: result.name, from, field, fitting: fittingOf(result, field?.schema) }
  })
  return { schema: structOf(basicsOf(source), fields), steps, empty: emptyStruct(fields) }
}

function replaceInStruct(struct: Struct, { steps, empty }: Plan, replaceNull: boolean): Struct {
  const replaced = { ...empty }
  for (const { to, from, field, fitting } of steps) {
    if (field === undefined) throw new DataError(`${from} is not a valid field name`)
    replaced[to] = fitting(valueIn(struct, field, replaceNull))
  }
  return replaced
}

const CUSTOMER: Schema = {
  type: 'struct',
  name: 'Customer',
  optional: true,
  fields: [
    { name: 'id', schema: { type: 'int32' } },
    { name: 'name', schema: { type: 'string' } },
    { name: 'secret', schema: { type: 'string', optional: true } },
  ],
}

export const examples: readonly Example[] = [
  {
    title: 'a field is left out, another renamed; the struct is required then',
    config: { exclude: 'secret', renames: 'id:customer_id' },
    have: { valueSchema: CUSTOMER, value: { id: 7, name: 'Ada', secret: 'x' } },
    want: {
      valueSchema: {
        type: 'struct',
        name: 'Customer',
        fields: [
          { name: 'customer_id', schema: { type: 'int32' } },
          { name: 'name', schema: { type: 'string' } },
        ],
      },
      value: { customer_id: 7, name: 'Ada' },
    },
  },
  {
    title: 'only listed fields are kept, in a map as in a struct',
    on: 'Key',
    config: { include: 'id,name' },
    have: {
      key: new Map<string, Value>([
        ['id', 7n],
        ['secret', 'x'],
      ]),
    },
    want: { key: new Map([['id', 7n]]) },
  },
  {
    title: 'a tombstone stays one',
    config: { exclude: 'secret' },
    have: { valueSchema: CUSTOMER, value: null },
    want: {},
  },
]
