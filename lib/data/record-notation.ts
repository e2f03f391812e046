/** Records as conformance vectors write them: what is left out is null. */
import {
  readSchema,
  readValue,
  type SchemaNotation,
  type ValueNotation,
  writeSchema,
  writeValue,
} from './notation.ts'
import type { ConnectRecord, Header, SinkRecord, SourceRecord } from './record.ts'
import type { SchemaAndValue } from './schema.ts'

type DatumNotation = { readonly schema?: SchemaNotation; readonly value?: ValueNotation }

export type RecordNotation = {
  readonly topic?: string | null
  readonly partition?: number | null
  /** of a sink record only */
  readonly offset?: string | null
  readonly timestamp?: string | null
  readonly key?: DatumNotation | null
  readonly value?: DatumNotation | null
  readonly headers?: readonly ({ readonly key: string } & DatumNotation)[] | null
}

/** One with an offset is a sink record, one without a source record. */
export function readRecord(notation: RecordNotation): SourceRecord | SinkRecord {
  const [key, value] = [readDatum(notation.key), readDatum(notation.value)]
  const { topic, partition, offset, timestamp, headers } = notation
  const common = {
    topic: topic ?? '',
    partition: partition ?? null,
    keySchema: key.schema,
    key: key.value,
    valueSchema: value.schema,
    value: value.value,
    timestamp: timestamp == null ? null : Number(timestamp),
    headers: (headers ?? []).map((header): Header => ({ key: header.key, ...readDatum(header) })),
  }
  if (offset == null) return { ...common, sourcePartition: {}, sourceOffset: {} }
  return {
    ...common,
    partition: partition ?? 0,
    offset: Number.isSafeInteger(Number(offset)) ? Number(offset) : BigInt(offset),
    originalTopic: common.topic,
    originalPartition: partition ?? 0,
    timestampType: 'CREATE_TIME',
  }
}

function readDatum(notation: DatumNotation | null | undefined): SchemaAndValue {
  const schema = readSchema(notation?.schema ?? null)
  return { schema, value: readValue(notation?.value ?? null, schema) }
}

export const writeRecord = (record: ConnectRecord): RecordNotation => ({
  topic: record.topic,
  partition: record.partition,
  ...('offset' in record ? { offset: String(record.offset) } : {}),
  timestamp: record.timestamp === null ? null : String(record.timestamp),
  key: writeDatum(record.keySchema, record.key),
  value: writeDatum(record.valueSchema, record.value),
  headers: record.headers.map((header) => ({
    key: header.key,
    ...writeDatum(header.schema, header.value),
  })),
})

const writeDatum = (
  schema: SchemaAndValue['schema'],
  value: SchemaAndValue['value'],
): DatumNotation => ({ schema: writeSchema(schema), value: writeValue(value, schema) })
