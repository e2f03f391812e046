import type { Schema } from './schema.ts'
import type { Value } from './value.ts'

export type Header = { readonly key: string; readonly schema: Schema | null; readonly value: Value }

/** Source partitions and offsets hold primitives only, as Kafka Connect's do. Integers are bigint once they were stored. */
export type OffsetMap = Readonly<Record<string, string | number | bigint | boolean | null>>

type ConnectRecord = {
  readonly topic: string
  readonly keySchema: Schema | null
  readonly key: Value
  readonly valueSchema: Schema | null
  readonly value: Value
  /** ms since 1970, null = none */
  readonly timestamp: number | null
  readonly headers: readonly Header[]
}

export type SourceRecord = ConnectRecord & {
  /** null = by the key's hash */
  readonly partition: number | null
  readonly sourcePartition: OffsetMap
  /** Where to go on after this record. */
  readonly sourceOffset: OffsetMap
}

export type SinkRecord = ConnectRecord & {
  readonly partition: number
  readonly offset: number
  readonly timestampType: 'CREATE_TIME' | 'LOG_APPEND_TIME'
}

/** A record as it stands in Kafka. */
export type KafkaRecord = {
  readonly topic: string
  /** null = by the key's hash */
  readonly partition: number | null
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly timestamp: number | null
  readonly headers: readonly { readonly key: string; readonly value: Buffer | null }[]
}

export const NO_HEADERS: readonly never[] = []
