/** What our plugins answer to the cases of conformance vectors. Each case stands alone: a fresh plugin, configured, used once. */
import { parseConfig, type RawConfig } from '../../lib/config/config-def.ts'
import { murmur2, partitionOf } from '../../lib/data/murmur2.ts'
import {
  type DataNotation,
  readData,
  readSchema,
  readValue,
  type SchemaNotation,
  type ValueNotation,
  writeData,
  writeSchema,
  writeValue,
} from '../../lib/data/notation.ts'
import type { ConnectRecord } from '../../lib/data/record.ts'
import { type RecordNotation, readRecord, writeRecord } from '../../lib/data/record-notation.ts'
import { DataError, messageOf } from '../../lib/errors.ts'
import type { Plugins } from '../../lib/plugin.ts'
import { transformsOf } from '../../lib/runtime/transforms.ts'
import type { Kind } from './kinds.ts'

export type ConverterCase = {
  readonly class: string
  readonly op: 'fromConnectData' | 'toConnectData' | 'fromConnectHeader' | 'toConnectHeader'
  readonly isKey?: boolean
  readonly config: RawConfig
  readonly schema?: SchemaNotation
  readonly value?: ValueNotation
  readonly data?: DataNotation
}

export type RecordCase = {
  readonly class: string
  readonly config: RawConfig
  readonly record: RecordNotation
}

export type PartitionerCase = { readonly data: DataNotation; readonly counts: readonly number[] }

export type Answer =
  | { readonly data: DataNotation }
  | { readonly schema: SchemaNotation; readonly value: ValueNotation }
  | { readonly record: RecordNotation | null }
  | { readonly result: boolean }
  | { readonly hash: number; readonly partitions: readonly number[] }
  | { readonly error: { readonly class: string; readonly message?: string | null } }

/** One answer a kind of vectors. */
export const ANSWERS = {
  converters: orError(answerConverter),
  transforms: orError(answerTransform),
  predicates: orError(answerPredicate),
  partitioner: orError(answerPartitioner),
} as const satisfies Record<Kind, unknown>

function orError<C>(answer: (one: C, plugins: Plugins) => Answer) {
  return (one: C, plugins: Plugins): Answer => {
    try {
      return answer(one, plugins)
    } catch (error) {
      return errorAnswer(error)
    }
  }
}

export const errorAnswer = (error: unknown): Answer => ({
  error: {
    class: error instanceof Error ? error.name : typeof error,
    message: messageOf(error),
  },
})

function answerConverter(one: ConverterCase, plugins: Plugins): Answer {
  const { isEncoding, position } = operationOf(one)
  const plugin = plugins.converter(one.class)
  const raw = { ...rawConfig(one.config), 'converter.type': position }
  const converter = plugin.configure(parseConfig(plugin.config, raw), position)
  if (isEncoding) {
    const schema = readSchema(one.schema ?? null)
    const bytes = converter.fromConnect('topic', schema, readValue(one.value ?? null, schema))
    return { data: writeData(bytes) }
  }
  const { schema, value } = converter.toConnect('topic', readData(one.data ?? null))
  return { schema: writeSchema(schema), value: writeValue(value, schema) }
}

function operationOf({ op, isKey }: ConverterCase) {
  const position = isKey ? 'key' : 'value'
  switch (op) {
    case 'fromConnectData':
      return { isEncoding: true, position } as const
    case 'toConnectData':
      return { isEncoding: false, position } as const
    case 'fromConnectHeader':
      return { isEncoding: true, position: 'header' } as const
    case 'toConnectHeader':
      return { isEncoding: false, position: 'header' } as const
    default:
      throw new DataError(`A converter has no operation ${op}`)
  }
}

/** Whatever JSON an option holds, it is text to a plugin. */
const rawConfig = (config: RawConfig | null | undefined): RawConfig =>
  Object.fromEntries(
    Object.entries(config ?? {}).map(([name, value]) => [
      name,
      value === null ? null : String(value),
    ]),
  )

function answerTransform(one: RecordCase, plugins: Plugins): Answer {
  const steps =
    one.class === 'Chain' ? transformsOf(rawConfig(one.config), plugins) : [single(one, plugins)]
  let record: ConnectRecord | null = readRecord(one.record)
  for (const step of steps) {
    record = step.apply(record)
    if (record === null) break
  }
  return { record: record && writeRecord(record) }
}

function single({ class: name, config }: RecordCase, plugins: Plugins) {
  const plugin = plugins.transform(`org.apache.kafka.connect.transforms.${name}`)
  return plugin.configure(parseConfig(plugin.config, rawConfig(config)))
}

function answerPredicate({ class: name, config, record }: RecordCase, plugins: Plugins): Answer {
  const plugin = plugins.predicate(`org.apache.kafka.connect.transforms.predicates.${name}`)
  const predicate = plugin.configure(parseConfig(plugin.config, rawConfig(config)))
  return { result: predicate.test(readRecord(record)) }
}

function answerPartitioner({ data, counts }: PartitionerCase): Answer {
  const key = readData(data)
  if (key === null) throw new DataError('A null key has no hash')
  return { hash: murmur2(key), partitions: counts.map((count) => partitionOf(key, count)) }
}
