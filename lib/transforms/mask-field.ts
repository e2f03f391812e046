import { someDistinctItems } from '../config/valid-list.ts'
import { javaHashOrder } from '../data/java-order.ts'
import type { SchemaAndValue } from '../data/schema.ts'
import { valueIn } from '../data/struct.ts'
import { structSchema, type Value } from '../data/value.ts'
import type { Example } from '../plugin.ts'
import { keyOrValue } from './key-or-value.ts'
import { type Mask, maskOf } from './mask.ts'
import { perSchema } from './per-schema.ts'
import { REPLACE_NULL_WITH_DEFAULT } from './replace-null.ts'
import { requireMap, requireStruct } from './requirements.ts'
import { fieldsOf } from './schema-builder.ts'
import { emptyStruct, fittingOf } from './struct-put.ts'

const PURPOSE = 'mask fields'

export const maskField = keyOrValue({
  name: 'org.apache.kafka.connect.transforms.MaskField',
  doc: "Puts a blank of the same type, or a text or number of one's own, in the place of fields.",
  config: {
    fields: {
      type: 'list',
      importance: 'high',
      doc: 'Names of fields to mask.',
      ...someDistinctItems('fields'),
    },
    replacement: {
      type: 'string',
      importance: 'low',
      default: null,
      refuse: (text) => (text === '' ? 'String must be non-empty' : undefined),
      doc: "Custom value replacement, that will be applied to all 'fields' values (numeric or non-empty string values only).",
    },
    ...REPLACE_NULL_WITH_DEFAULT,
  },
  configure({ fields, replacement, 'replace.null.with.default': replaceNullWithDefault }) {
    const mask = maskOf(replacement)
    const ofStruct = structMask(new Set(fields), mask, replaceNullWithDefault)
    // Java keeps the names in a HashSet; which of two fields fails first is seen in the message.
    const names = javaHashOrder(fields)
    return (side) =>
      side.schema === null
        ? { schema: null, value: maskedMap(names, mask, side.value) }
        : ofStruct({ ...side, schema: side.schema })
  },
})

/** A field that is missing is null in the map that comes out. */
function maskedMap(names: readonly string[], mask: Mask, value: Value): Value {
  const map = new Map(requireMap(value, PURPOSE))
  for (const name of names) map.set(name, mask(map.get(name) ?? null, null))
  return map
}

function structMask(masked: ReadonlySet<string>, mask: Mask, replaceNullWithDefault: boolean) {
  const plan = perSchema((schema) => ({
    filled: fieldsOf(schema).map((field) => ({
      field,
      fitting: fittingOf(field),
      isMasked: masked.has(field.name),
    })),
    empty: emptyStruct(fieldsOf(schema)),
  }))
  return (side: SchemaAndValue): SchemaAndValue => {
    const { schema, struct } = requireStruct(side, PURPOSE)
    const { filled, empty } = plan(schema)
    const value = { ...empty }
    for (const { field, fitting, isMasked } of filled) {
      const given = valueIn(struct, field, replaceNullWithDefault)
      value[field.name] = fitting(isMasked ? mask(given, field.schema) : given)
    }
    const isOwn = schema !== side.schema
    return { ...side, value: isOwn ? Object.assign(value, { [structSchema]: schema }) : value }
  }
}

export const examples: readonly Example[] = [
  {
    title: 'what is masked keeps its type',
    config: { fields: 'name,age,tags' },
    have: {
      value: new Map<Value, Value>([
        ['id', 7n],
        ['name', 'Ada'],
        ['age', 36n],
        ['tags', ['poet']],
      ]),
    },
    want: {
      value: new Map<Value, Value>([
        ['id', 7n],
        ['name', ''],
        ['age', 0n],
        ['tags', []],
      ]),
    },
  },
  {
    title: 'a replacement becomes a number where the field is one, and wraps where it is too small',
    config: { fields: 'phone,age', replacement: '300' },
    have: {
      valueSchema: {
        type: 'struct',
        fields: [
          { name: 'phone', schema: { type: 'string' } },
          { name: 'age', schema: { type: 'int8' } },
        ],
      },
      value: { phone: '555-0100', age: 36 },
    },
    want: { value: { phone: '300', age: 44 } },
  },
  {
    title: 'null stays null',
    on: 'Key',
    config: { fields: 'name', replacement: 'x' },
    have: { key: new Map([['name', null]]) },
    want: {},
  },
]
