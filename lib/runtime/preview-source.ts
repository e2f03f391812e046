/** A source's next records as they would be written to Kafka: started, polled and stopped, with nothing produced or committed. */
import { parseConfig, type RawConfig } from '../config/config-def.ts'
import type { KafkaRecord, SourceRecord } from '../data/record.ts'
import { RetriableError } from '../errors.ts'
import type { SourceConnector, SourceTask } from '../plugin.ts'
import type { Desk } from './answer.ts'
import { convertersOf } from './converters.ts'
import { passerTo } from './pass-one.ts'
import { type Place, type Sheet, shown } from './preview-sheet.ts'
import { sourcePassage } from './source-records.ts'
import { offsetsAmong } from './stored-offsets.ts'
import { transformsOf } from './transforms.ts'
import { unlessAborted } from './unless-aborted.ts'

export type SourcePreview = {
  readonly connector: SourceConnector
  /** as it runs */
  readonly config: RawConfig
  readonly from: 'beginning' | 'offset'
  readonly sheet: Sheet
  readonly desk: Desk
}

/** For all tasks together. */
const MAX_MS = 8_000

/** @throws what the task throws when it cannot start. */
export async function previewSource(preview: SourcePreview): Promise<void> {
  const { connector, config, from, sheet, desk } = preview
  const name = config['name'] ?? ''
  const offsets = offsetsAmong(from === 'offset' ? await desk.ports.offsets.read(name) : [])
  const pass = passerOf(preview)
  const parsed = parseConfig(connector.config, config)
  const over = AbortSignal.any([desk.signal, AbortSignal.timeout(MAX_MS)])
  for (const [task, part] of connector
    .taskConfigs(parsed, Number(config['tasks.max'] ?? 1), config)
    .entries()) {
    if (sheet.left() <= 0 || over.aborted) return
    const starting = connector.startTask(parseConfig(connector.config, part), {
      connector: name,
      task,
      offsets,
      warn: (message, details) =>
        desk.ports.log.warn(message, { connector: name, task, ...details }),
    })
    await look(await startedIn(starting, over), over, pass, preview)
  }
}

async function startedIn(starting: Promise<SourceTask>, over: AbortSignal): Promise<SourceTask> {
  const task = await unlessAborted(starting, over)
  if (task) return task
  starting.then((late) => late.stop()).catch(() => undefined)
  throw new RetriableError(`The connector's task did not start within ${MAX_MS} ms`)
}

/** Until a poll finds nothing, there is no room, or the time is over. */
async function look(
  task: SourceTask,
  over: AbortSignal,
  pass: (record: SourceRecord) => Promise<void>,
  { connector, sheet }: SourcePreview,
): Promise<void> {
  try {
    while (sheet.left() > 0 && !over.aborted) {
      const page = (await unlessAborted(task.poll(), over)) ?? []
      if (page.length === 0) return
      for (const record of page) {
        if (sheet.left() <= 0) return
        await pass(record)
      }
    }
  } catch (error) {
    sheet.fault({}, { stage: 'TASK_POLL', class: connector.taskClass, error })
  } finally {
    await task.stop()
  }
}

function passerOf({ config, sheet, desk: { ports, plugins } }: SourcePreview) {
  const converters = convertersOf(config, ports.worker.converters, plugins)
  const passage = sourcePassage(converters, transformsOf(config, plugins))
  const placeOf = (record: SourceRecord): Place => ({
    source_partition: record.sourcePartition,
    source_offset: record.sourceOffset,
  })
  return passerTo(sheet, passage, placeOf, shownRecord)
}

const shownRecord = ({ topic, partition, timestamp, key, value, headers }: KafkaRecord) => ({
  topic,
  partition,
  timestamp,
  key: shown(key),
  value: shown(value),
  headers: headers.map((one) => ({ key: one.key, value: shown(one.value) })),
})
