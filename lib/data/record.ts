import type { Schema } from './schema.ts'
import type { Value } from './value.ts'

export type Header = { readonly key: string; readonly schema: Schema | null; readonly value: Value }

/** Source partitions and offsets hold primitives only, as Kafka Connect's do. Integers are bigint once they were stored. */
export type OffsetMap = Readonly<Record<string, string | number | bigint | boolean | null>>

/** An offset to be stored in place of what its source partition has; null forgets that. */
export type OffsetChange = { readonly partition: OffsetMap; readonly offset: OffsetMap | null }

/** The same of a consumer group and a topic partition. */
export type TopicOffsetChange = {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint | null
}

/** What source and sink records have in common: what transforms and predicates see. */
export type ConnectRecord = {
  readonly topic: string
  /** null = by the key's hash; only a source's can be */
  readonly partition: number | null
  readonly keySchema: Schema | null
  readonly key: Value
  readonly valueSchema: Schema | null
  readonly value: Value
  /** ms since 1970, null = none */
  readonly timestamp: number | null
  readonly headers: readonly Header[]
}

export type SourceRecord = ConnectRecord & {
  readonly sourcePartition: OffsetMap
  /** Where to go on after this record. */
  readonly sourceOffset: OffsetMap
}

export type SinkRecord = ConnectRecord & {
  readonly partition: number
  /** a bigint only where a number would not hold it: beyond 2^53 */
  readonly offset: number | bigint
  /** Where it was read, whatever topic transforms have given it since: a record's place is this topic, this partition and its offset. */
  readonly originalTopic: string
  readonly originalPartition: number
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
