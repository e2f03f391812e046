import type { Schema } from '../data/schema.ts'
import { SchemaBuilderError } from '../errors.ts'
import type { Example } from '../plugin.ts'
import { keyOrValue } from './key-or-value.ts'
import { perSchema } from './per-schema.ts'

export const hoistField = keyOrValue({
  name: 'org.apache.kafka.connect.transforms.HoistField',
  doc: 'Wraps the data in a struct (a map when schemaless) under one field name.',
  config: {
    field: {
      type: 'string',
      importance: 'medium',
      doc: 'Field name for the single field that will be created in the resulting Struct or Map.',
    },
  },
  configure({ field }) {
    const hoisted = perSchema((schema): Schema => {
      if (field === '') throw new SchemaBuilderError('fieldName cannot be null.')
      return { type: 'struct', fields: [{ name: field, schema }] }
    })
    return ({ schema, value }) =>
      schema === null
        ? { schema, value: new Map([[field, value]]) }
        : { schema: hoisted(schema), value: { [field]: value } }
  },
})

export const examples: readonly Example[] = [
  {
    title: 'a bare number becomes a struct',
    on: 'Key',
    config: { field: 'id' },
    have: { keySchema: { type: 'int32' }, key: 42 },
    want: {
      keySchema: { type: 'struct', fields: [{ name: 'id', schema: { type: 'int32' } }] },
      key: { id: 42 },
    },
  },
  {
    title: 'without a schema it becomes a map',
    config: { field: 'line' },
    have: { value: 'hello' },
    want: { value: new Map([['line', 'hello']]) },
  },
]
