import { typeName } from '../../data/java-class.ts'
import type { SinkRecord } from '../../data/record.ts'
import type { Schema } from '../../data/schema.ts'
import { DataError } from '../../errors.ts'
import type { Command } from '../redis/connection.ts'
import { type JsonWriter, jsonWriter } from './json.ts'

export type TopicPartition = { readonly topic: string; readonly partition: number }

/** Records by the topic partition that they were read from, in the order they came. */
export function byPartition(
  records: readonly SinkRecord[],
): (TopicPartition & { readonly records: SinkRecord[] })[] {
  const parts = new Map<string, TopicPartition & { readonly records: SinkRecord[] }>()
  let part: (TopicPartition & { readonly records: SinkRecord[] }) | undefined
  for (const record of records) {
    const { originalTopic: topic, originalPartition: partition } = record
    if (part?.partition !== partition || part.topic !== topic) {
      const name = `${partition} ${topic}`
      part = parts.get(name) ?? { topic, partition, records: [] }
      parts.set(name, part)
    }
    part.records.push(record)
  }
  return [...parts.values()]
}

/** A key and its JSON, null to delete it. */
export type Write = { readonly key: string; readonly json: string | null }

/** How records become writes; it remembers the schemas it has seen. @throws DataError for a record that cannot be written. */
export function recordWriter(): (record: SinkRecord) => Write {
  const writers = new WeakMap<Schema, JsonWriter>()
  const writerOf = (schema: Schema): JsonWriter => {
    const known = writers.get(schema)
    if (known) return known
    const writer = jsonWriter(schema)
    writers.set(schema, writer)
    return writer
  }
  return (record) => {
    const { topic, key, keySchema, value, valueSchema } = record
    if (typeof key !== 'string' || keySchema?.type !== 'string')
      throw unfit('key', keySchema, key === null, 'a STRING')
    if (value === null) return { key: `${topic}_${key}`, json: null }
    if (valueSchema?.type !== 'struct') throw unfit('value', valueSchema, false, 'a STRUCT')
    return { key: `${topic}_${key}`, json: writerOf(valueSchema)(value) }
  }
}

const unfit = (part: string, schema: Schema | null, isNull: boolean, wanted: string): DataError => {
  const found = isNull
    ? 'null'
    : schema === null
      ? 'without a schema'
      : `of type ${typeName(schema.type)}`
  return new DataError(
    `The record's ${part} is ${found}; it must be ${wanted} to be written to Redis`,
  )
}

const MAX_KEYS = 500
/** characters: what the server is busy with at once, while others wait */
const MAX_CHARS = 256 * 1024

/** Chunks of commands that carry the writes out in their order: runs of MSET and of DEL. */
export function* chunksOf(writes: Iterable<Write>): Iterable<Command[]> {
  let chunk: [string, ...string[]][] = []
  let [keys, chars] = [0, 0]
  for (const { key, json } of writes) {
    const size = key.length + (json?.length ?? 0)
    if (keys === MAX_KEYS || (keys > 0 && chars + size > MAX_CHARS)) {
      yield chunk
      chunk = []
      keys = 0
      chars = 0
    }
    const name = json === null ? 'DEL' : 'MSET'
    let run = chunk.at(-1)
    if (run?.[0] !== name) {
      run = [name]
      chunk.push(run)
    }
    run.push(key)
    if (json !== null) run.push(json)
    keys++
    chars += size
  }
  if (keys > 0) yield chunk
}
