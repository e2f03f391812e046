import type { Example } from '../plugin.ts'
import { keyOrValue } from './key-or-value.ts'
import { perSchema } from './per-schema.ts'
import { structOf } from './schema-builder.ts'
import { fittingOf } from './struct-put.ts'

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
    const planned = perSchema((schema) => {
      const hoisted = { name: field, schema }
      return { schema: structOf({}, [hoisted]), fitting: fittingOf(hoisted) }
    })
    return ({ schema, value }) => {
      if (schema === null) return { schema, value: new Map([[field, value]]) }
      const plan = planned(schema)
      return { schema: plan.schema, value: { [field]: plan.fitting(value) } }
    }
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
