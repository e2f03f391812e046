import type { Schema } from '../data/schema.ts'
import type { Value } from '../data/value.ts'
import { IllegalArgumentError } from '../errors.ts'
import type { Example } from '../plugin.ts'
import { type FieldPath, fieldAt, parsePath, valueInMap, valueInStruct } from './field-path.ts'
import { keyOrValue } from './key-or-value.ts'
import { keepingOwnType } from './own-type.ts'
import { perSchema } from './per-schema.ts'
import { REPLACE_NULL_WITH_DEFAULT } from './replace-null.ts'
import { requireMap, requireStruct } from './requirements.ts'

const PURPOSE = 'field extraction'

export const extractField = keyOrValue({
  name: 'org.apache.kafka.connect.transforms.ExtractField',
  doc: 'Puts one field of a struct or map in its place.',
  config: {
    field: { type: 'string', importance: 'medium', doc: 'Field name to extract.' },
    ...REPLACE_NULL_WITH_DEFAULT,
    'field.syntax.version': {
      type: 'string',
      importance: 'high',
      default: 'V1',
      oneOfIgnoringCase: ['V1', 'V2'],
      doc: 'Defines the version of the syntax to access fields. If set to <code>V1</code>, then the field paths are limited to access the elements at the root level of the struct or map. If set to <code>V2</code>, the syntax will support accessing nested elements. To access nested elements, dotted notation is used. If dots are already included in the field name, then backtick pairs can be used to wrap field names containing dots. E.g. to access the subfield <code>baz</code> from a field named "foo.bar" in a struct/map the following format can be used to access its elements: "<code>foo.bar</code>.baz".',
    },
  },
  configure({ field: text, ...config }) {
    const path = parsePath(
      text,
      config['field.syntax.version'].toUpperCase() === 'V1' ? 'V1' : 'V2',
    )
    const replaceNull = config['replace.null.with.default']
    const schemaAt = perSchema((schema): Schema => {
      const field = fieldAt(schema, path)
      if (field) return field.schema
      throw new IllegalArgumentError(`Unknown field: ${text}`)
    })
    return (side) => {
      if (side.schema === null) return { schema: null, value: extracted(side.value, path) }
      const whole = side.value === null ? null : requireStruct(side, PURPOSE)
      const schema = schemaAt(side.schema)
      if (whole === null) return { schema, value: null }
      const found = valueInStruct(whole, path, replaceNull)
      const own = whole.schema === side.schema ? undefined : fieldAt(whole.schema, path)?.schema
      return { schema, value: own ? (keepingOwnType(own, schema)?.(found) ?? found) : found }
    }
  },
})

const extracted = (value: Value, path: FieldPath): Value =>
  value === null ? null : valueInMap(requireMap(value, PURPOSE), path)

const ORDER: Schema = {
  type: 'struct',
  fields: [
    { name: 'id', schema: { type: 'int64' } },
    {
      name: 'customer',
      schema: { type: 'struct', fields: [{ name: 'e.mail', schema: { type: 'string' } }] },
    },
  ],
}

export const examples: readonly Example[] = [
  {
    title: 'a key that is a struct becomes its one field',
    on: 'Key',
    config: { field: 'id' },
    have: { keySchema: ORDER, key: { id: 7n, customer: { 'e.mail': 'ada@example.com' } } },
    want: { keySchema: { type: 'int64' }, key: 7n },
  },
  {
    title: 'a path leads into structs in V2; a name with a dot stands in backticks',
    config: { field: 'customer.`e.mail`', 'field.syntax.version': 'V2' },
    have: { valueSchema: ORDER, value: { id: 7n, customer: { 'e.mail': 'ada@example.com' } } },
    want: { valueSchema: { type: 'string' }, value: 'ada@example.com' },
  },
  {
    title: 'without a schema a field that is missing is null',
    config: { field: 'gone' },
    have: { value: new Map([['id', 7n]]) },
    want: { value: null },
  },
  {
    title: 'a tombstone stays null and takes the schema of the field',
    config: { field: 'id' },
    have: { valueSchema: ORDER, value: null },
    want: { valueSchema: { type: 'int64' }, value: null },
  },
]
