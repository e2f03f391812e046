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
import { passerTo } from './pass-one.ts'
import { type Place, type Sheet, shown } from './preview-sheet.ts'
import { sinkPassage } from './sink-records.ts'
import { transformsOf } from './transforms.ts'
import { unlessAborted } from './unless-aborted.ts'

export type SinkPreview = {
  /** as it runs */
  readonly config: RawConfig
  readonly from: 'beginning' | 'offset'
  readonly sheet: Sheet
  readonly desk: Desk
}

/** Time for all topics together. */
const MAX_MS = 8_000
/** As many records at once, however few there is room for: those that are dropped take none. */
const ROUND = 500

/** Topics share the room evenly, and so do the partitions of each; what one does not need is the next one's. */
export async function previewSink(preview: SinkPreview, maxMs = MAX_MS): Promise<void> {
  const { config, sheet, desk } = preview
  const over = AbortSignal.any([desk.signal, AbortSignal.timeout(maxMs)])
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
    await look(start, Math.ceil(sheet.left() / (starts.length - at)), { ...preview, pass, over })
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

type Looking = SinkPreview & {
  readonly pass: (record: KafkaEventRecord) => Promise<void>
  readonly over: AbortSignal
}

/** Until there are no more records, its share of the room is taken, or the time is over. */
async function look(start: Start, share: number, looking: Looking): Promise<void> {
  const { sheet, desk, pass, over } = looking
  const leave = sheet.left() - share
  const hasRoom = () => sheet.left() > Math.max(leave, 0)
  let from = start
  while (hasRoom() && !over.aborted) {
    const records = await unlessAborted(desk.ports.topics.read(from, ROUND), over)
    if (!records) break
    for (const record of records) if (hasRoom()) await pass(record)
    const last = records.at(-1)
    if (!last) return
    from = { ...start, offset: last.offset + 1 }
  }
  if (hasRoom()) sheet.cutShort()
}

function passerOf({ config, sheet, desk: { ports, plugins } }: SinkPreview) {
  const converters = convertersOf(config, ports.worker.converters, plugins)
  const passage = sinkPassage(converters, transformsOf(config, plugins))
  const plain = plainJson(plugins)
  const placeOf = ({ topic, partition, offset }: KafkaEventRecord): Place => ({
    kafka_topic: topic,
    kafka_partition: partition,
    kafka_offset: offset,
  })
  return passerTo(sheet, passage, placeOf, (record) => shownRecord(record, plain))
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
