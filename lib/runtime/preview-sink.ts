/** A sink's next records as its task would be given them: read by no group, with nothing committed or written. */
import { parseConfig, type RawConfig } from '../config/config-def.ts'
import { groupOf, topicsOf } from '../config/consumer-groups.ts'
import type { KafkaEventRecord } from '../data/kafka-event.ts'
import type { SinkRecord } from '../data/record.ts'
import type { Schema } from '../data/schema.ts'
import type { Value } from '../data/value.ts'
import { ConnectError } from '../errors.ts'
import type { Plugins } from '../plugin.ts'
import type { Desk } from './answer.ts'
import { convertersOf } from './converters.ts'
import { passOne } from './pass-one.ts'
import { type Sheet, shown } from './preview-sheet.ts'
import { sinkPassage } from './sink-records.ts'
import { transformsOf } from './transforms.ts'

export type SinkPreview = {
  /** as it runs */
  readonly config: RawConfig
  readonly from: 'beginning' | 'offset'
  readonly sheet: Sheet
  readonly desk: Desk
}

/** Topics share the room evenly, and so do the partitions of each; what one does not need is the next one's. */
export async function previewSink(preview: SinkPreview): Promise<void> {
  const { config, sheet, desk } = preview
  const topics = topicsOf(config)
  const existing = await desk.ports.topics.existing(topics)
  for (const topic of topics.filter((one) => !existing.has(one)))
    sheet.fault(
      { kafka_topic: topic },
      { stage: 'CONSUME', class: null, error: new ConnectError(`Topic ${topic} does not exist`) },
    )
  const pass = passerOf(preview)
  const starts = await startsOf([...existing.keys()], topics, preview)
  for (const [at, start] of starts.entries())
    await look(start, Math.ceil(sheet.left() / (starts.length - at)), pass, preview)
}

type Start = { readonly topic: string; readonly partition: number; readonly offset?: number }

/** Where each partition begins: at what its group has committed, if that is asked for. */
async function startsOf(
  existing: readonly string[],
  topics: readonly string[],
  { config, from, desk: { ports } }: SinkPreview,
): Promise<Start[]> {
  const starts: Start[] = []
  for (const topic of existing) {
    const group = groupOf(config['name'] ?? '', topics, topic)
    for (const { partition, committed } of await ports.groups.offsets(group, [topic]))
      starts.push({
        topic,
        partition,
        ...(from === 'offset' && committed !== null && { offset: committed }),
      })
  }
  return starts
}

/** Dropped records take no room, so it may have to read on. */
async function look(
  start: Start,
  share: number,
  pass: (record: KafkaEventRecord) => Promise<void>,
  { sheet, desk }: SinkPreview,
): Promise<void> {
  const leave = sheet.left() - share
  let from = start
  while (sheet.left() > Math.max(leave, 0) && !desk.signal.aborted) {
    const records = await desk.ports.topics.read(from, Math.max(1, sheet.left() - leave))
    for (const record of records) if (sheet.left() > 0) await pass(record)
    const last = records.at(-1)
    if (!last) return
    from = { ...start, offset: last.offset + 1 }
  }
}

function passerOf({ config, sheet, desk: { ports, plugins } }: SinkPreview) {
  const converters = convertersOf(config, ports.worker.converters, plugins)
  const passage = sinkPassage(converters, transformsOf(config, plugins))
  const plain = plainJson(plugins)
  return async (consumed: KafkaEventRecord): Promise<void> => {
    const { topic, partition, offset } = consumed
    const place = { kafka_topic: topic, kafka_partition: partition, kafka_offset: offset }
    try {
      const { result, trouble } = await passOne(consumed, passage)
      if (trouble)
        return sheet.fault(place, {
          stage: trouble.stage,
          class: trouble.className,
          error: trouble.error,
        })
      if (!result) return sheet.dropped()
      sheet.record({ ...shownRecord(result, plain), ...place })
    } catch (error) {
      // It fits no JSON.
      sheet.fault(place, { stage: null, class: null, error })
    }
  }
}

type Plain = (topic: string, schema: Schema | null, value: Value) => unknown

const shownRecord = (record: SinkRecord, plain: Plain) => ({
  topic: record.topic,
  partition: record.partition,
  timestamp: record.timestamp,
  key: plain(record.topic, record.keySchema, record.key),
  value: plain(record.topic, record.valueSchema, record.value),
  headers: record.headers.map(({ key, schema, value }) => ({
    key,
    value: plain(record.topic, schema, value),
  })),
})

/** As JsonConverter writes it without schemas: every digit kept, decimals as numbers, bytes as base64, times as milliseconds. */
function plainJson(plugins: Plugins): Plain {
  const json = plugins.converter('org.apache.kafka.connect.json.JsonConverter')
  const settings = { 'schemas.enable': 'false', 'decimal.format': 'NUMERIC' }
  const converter = json.configure(
    parseConfig(json.config, { ...settings, 'converter.type': 'value' }),
    'value',
  )
  return (topic, schema, value) => shown(converter.fromConnect(topic, schema, value))
}
