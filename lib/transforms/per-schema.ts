import type { Schema } from '../data/schema.ts'
import { sameSchema } from '../data/schema-equality.ts'

/** As many rewritten schemas as Kafka Connect's transforms keep. */
const RECENT = 16

/** What is made of a schema is made once: it is found again by the schema's identity, then by its content. */
export function perSchema<T>(make: (schema: Schema) => T): (schema: Schema) => T {
  const byIdentity = new WeakMap<Schema, { readonly made: T }>()
  let recent: { readonly schema: Schema; readonly made: T }[] = []
  let last: { readonly schema: Schema; readonly made: T } | undefined
  const find = (schema: Schema): T => {
    const known = byIdentity.get(schema)
    if (known) return known.made
    const found = recent.find((one) => sameSchema(one.schema, schema)) ?? {
      schema,
      made: make(schema),
    }
    recent = [found, ...recent.filter((one) => one !== found)].slice(0, RECENT)
    byIdentity.set(schema, found)
    return found.made
  }
  return (schema) => {
    if (last?.schema !== schema) last = { schema, made: find(schema) }
    return last.made
  }
}
