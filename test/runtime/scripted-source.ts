import type { KafkaRecord, SourceRecord } from '../../lib/data/record.ts'
import { STRING } from '../../lib/data/schema.ts'
import { DataError } from '../../lib/errors.ts'
import { counters } from '../../lib/local/counters.ts'
import { converter, type Plugin, type SourceTask, sourceConnector } from '../../lib/plugin.ts'
import type { Ports } from '../../lib/ports.ts'
import { pluginsOf } from '../../lib/registry.ts'
import type { Rows } from '../../lib/store/rows.ts'
import { portsForTest, runningConnector, stringConverter, tickingClock } from './ports-for-test.ts'

export const EVENT = { connector: 'c', task: 0 }
export const PARTITION = { table: 't' }

export const recordOf = (n: number, value = `row ${n}`): SourceRecord => ({
  topic: 't',
  partition: 0,
  keySchema: STRING,
  key: String(n),
  valueSchema: STRING,
  value,
  timestamp: null,
  headers: [],
  sourcePartition: PARTITION,
  sourceOffset: { n },
})

export const POISON = 'poison'

/** Text as it is, but for what nobody can convert. */
const fussyConverter = converter({
  name: 'test.FussyConverter',
  version: '1',
  doc: 'Text as it is.',
  config: {},
  configure: () => ({
    fromConnect: (_topic, _schema, value) => {
      if (value === POISON) throw new DataError('it is poison')
      return Buffer.from(String(value))
    },
    toConnect: () => ({ schema: null, value: null }),
  }),
})

export type Script = {
  /** what each poll gives, from the stored offset on; after the last of them nothing comes any more */
  poll: (from: number, calls: number) => readonly SourceRecord[] | Promise<readonly SourceRecord[]>
  start?: (starts: number) => Promise<void> | void
  send?: (records: readonly KafkaRecord[], sends: number) => Promise<void> | void
}

export type World = Awaited<ReturnType<typeof sourceWorld>>

/** One source connector over embedded rows, whose table, Kafka and start do what the script says. */
export async function sourceWorld(
  script: Script,
  given: {
    readonly config?: Readonly<Record<string, string>>
    readonly idleTimeoutMs?: number
    readonly plugins?: readonly Plugin[]
    readonly rows?: Rows
  } = {},
) {
  const clock = tickingClock()
  const kafka: string[] = []
  const counts = { starts: 0, stops: 0, polls: 0, sends: 0, connects: 0, disconnects: 0, nudges: 0 }
  const scripted = sourceConnector({
    name: 'test.ScriptedSourceConnector',
    taskClass: 'test.ScriptedSourceTask',
    version: '7',
    doc: 'Does what it is told.',
    config: {},
    taskConfigs: (_config, _maxTasks, raw) => [raw],
    async startTask(_config, context): Promise<SourceTask> {
      counts.starts++
      await script.start?.(counts.starts)
      const [stored] = await context.offsets([PARTITION])
      let position = Number(stored?.n ?? 0)
      return {
        pollIntervalMs: 100,
        async poll() {
          counts.polls++
          const records = await script.poll(position, counts.polls)
          position = Number(records.at(-1)?.sourceOffset.n ?? position)
          return records
        },
        stop: async () => void counts.stops++,
      }
    },
  })
  const metrics = counters()
  const ensured: unknown[] = []
  const base = portsForTest({
    clock,
    rows: given.rows,
    metrics,
    producers: {
      async connect() {
        counts.connects++
        return {
          async send(records) {
            counts.sends++
            await script.send?.(records, counts.sends)
            kafka.push(...records.map(({ value }) => String(value)))
          },
          disconnect: async () => void counts.disconnects++,
        }
      },
    },
  })
  const ports: Ports = {
    ...base,
    topics: { ...base.topics, ensure: async (...given) => void ensured.push(given) },
    worker: { ...base.worker, idleTimeoutMs: given.idleTimeoutMs ?? 0 },
    invoker: { ...base.invoker, coordinator: async () => void counts.nudges++ },
  }
  await runningConnector(ports, 'c', {
    'connector.class': scripted.name,
    'key.converter': fussyConverter.name,
    'value.converter': fussyConverter.name,
    ...given.config,
  })
  const plugins = pluginsOf([scripted, fussyConverter, stringConverter, ...(given.plugins ?? [])])
  const total = (name: string) => metrics.total(name, 'c')
  return { ports, clock, kafka, counts, ensured, total, plugins }
}

/** Rows that are there from the beginning, in pages. */
export const tableOf =
  (rows: readonly SourceRecord[], pageSize = 5) =>
  (from: number): readonly SourceRecord[] =>
    rows.filter(({ sourceOffset }) => Number(sourceOffset.n) > from).slice(0, pageSize)

export const rowsUpTo = (count: number): SourceRecord[] =>
  Array.from({ length: count }, (_, at) => recordOf(at + 1))

export const invocation = (id: string, remainingMs: () => number = () => 900_000) => ({
  id,
  remainingMs,
})

export const storedPosition = async ({ offsets }: Ports): Promise<number | undefined> => {
  const [stored] = await offsets.read('c')
  return stored && Number(stored.offset.n)
}

/** Changes the connector's row as the api does. */
export async function change(
  { configs }: Ports,
  to: Parameters<Ports['configs']['put']>[0] extends infer R ? Partial<R> : never,
): Promise<void> {
  const row = await configs.get('c')
  if (!row) throw new Error('no such connector')
  await configs.put({ ...row, ...to }, row.revision)
}

export const restarted = (times: number) => ({ restarts: { connector: 0, tasks: { 0: times } } })
