import type { ConfigDef, Parsed } from '../config/config-def.ts'
import { KAFKA_VERSION } from '../config/kafka-version.ts'
import type { ConnectRecord, Header } from '../data/record.ts'
import type { SchemaAndValue } from '../data/schema.ts'
import { type Transform, transform } from '../plugin.ts'

/** What becomes of one side of a record. The very object given back means: unchanged. */
export type Change = (
  side: SchemaAndValue,
  record: ConnectRecord,
) => SchemaAndValue & { readonly headers?: readonly Header[] }

/** Declares a transform twice: `$Key` reads and writes the record's key, `$Value` its value. */
export function keyOrValue<const D extends ConfigDef>(declared: {
  /** without the `$` and what follows */
  readonly name: string
  /** left out: Kafka's */
  readonly version?: string
  readonly doc: string
  readonly config: D
  readonly configure: (config: Parsed<D>) => Change
}): readonly [Transform, Transform] {
  const { name, version = KAFKA_VERSION, doc, config, configure } = declared
  return [
    transform({
      name: `${name}$Key`,
      version,
      doc,
      config,
      configure: (parsed) => onKey(configure(parsed)),
    }),
    transform({
      name: `${name}$Value`,
      version,
      doc,
      config,
      configure: (parsed) => onValue(configure(parsed)),
    }),
  ]
}

const onKey = (change: Change) => ({
  apply<R extends ConnectRecord>(record: R): R {
    const side = { schema: record.keySchema, value: record.key }
    const changed = change(side, record)
    if (changed === side) return record
    const { schema, value, headers = record.headers } = changed
    return { ...record, keySchema: schema, key: value, headers }
  },
})

const onValue = (change: Change) => ({
  apply<R extends ConnectRecord>(record: R): R {
    const side = { schema: record.valueSchema, value: record.value }
    const changed = change(side, record)
    if (changed === side) return record
    const { schema, value, headers = record.headers } = changed
    return { ...record, valueSchema: schema, value, headers }
  },
})
