import type { KafkaEvent, KafkaEventRecord } from '../../lib/data/kafka-event.ts'
import type { KafkaRecord, SinkRecord } from '../../lib/data/record.ts'
import { DataError, FencedError } from '../../lib/errors.ts'
import { counters } from '../../lib/local/counters.ts'
import {
  converter,
  type Plugin,
  type SinkBatch,
  type SinkTaskContext,
  sinkConnector,
} from '../../lib/plugin.ts'
import type { Ports } from '../../lib/ports.ts'
import { pluginsOf } from '../../lib/registry.ts'
import { sinkTasks } from '../../lib/runtime/sink-task.ts'
import type { Rows } from '../../lib/store/rows.ts'
import { portsForTest, runningConnector, stringConverter, tickingClock } from './ports-for-test.ts'

export const EVENT = { connector: 'c', task: 0 }
export const POISON = 'poison'

/** Text as it is, but for what nobody can read. */
const fussyConverter = converter({
  name: 'test.FussyReadingConverter',
  version: '1',
  doc: 'Text as it is.',
  config: {},
  configure: () => ({
    fromConnect: () => null,
    toConnect(_topic, bytes) {
      if (String(bytes) === POISON) throw new DataError('it is poison')
      return { schema: null, value: bytes?.toString() ?? null }
    },
  }),
})

export type SinkScript = {
  readonly start?: (starts: number) => Promise<void> | void
  readonly put?: (
    records: readonly SinkRecord[],
    at: { readonly batch: SinkBatch; readonly puts: number; readonly context: SinkTaskContext },
  ) => Promise<void> | void
  /** of dead letters */
  readonly send?: (letters: readonly KafkaRecord[], sends: number) => Promise<void> | void
}

export type SinkWorld = Awaited<ReturnType<typeof sinkWorld>>

/** One sink connector over embedded rows whose target does what the script says. */
export async function sinkWorld(
  script: SinkScript = {},
  config: Readonly<Record<string, string>> = {},
  more: readonly Plugin[] = [],
  rows?: Rows,
) {
  const clock = tickingClock()
  const target: string[] = []
  const letters: KafkaRecord[] = []
  const ensured: unknown[] = []
  const clients: string[] = []
  const warnings: string[] = []
  const counts = { starts: 0, stops: 0, puts: 0, nudges: 0, connects: 0, disconnects: 0, sends: 0 }
  const scripted = sinkConnector({
    name: 'test.ScriptedSinkConnector',
    taskClass: 'test.ScriptedSinkTask',
    version: '7',
    doc: 'Does what it is told.',
    config: {},
    async startTask(_config, context) {
      counts.starts++
      await script.start?.(counts.starts)
      return {
        async put(records, batch) {
          counts.puts++
          await script.put?.(records, { batch, puts: counts.puts, context })
          target.push(...records.map(({ value }) => String(value)))
        },
        stop: async () => void counts.stops++,
      }
    },
  })
  const metrics = counters()
  const base = portsForTest({ clock, rows, metrics })
  const ports: Ports = {
    ...base,
    log: { ...base.log, warn: (message) => void warnings.push(message) },
    topics: { ...base.topics, ensure: async (...given) => void ensured.push(given) },
    producers: {
      async connect(clientId) {
        counts.connects++
        clients.push(clientId)
        return {
          async send(records, mayStillSend) {
            counts.sends++
            await script.send?.(records, counts.sends)
            if (!mayStillSend()) throw new FencedError('This producer may not send any more')
            letters.push(...records)
          },
          disconnect: async () => void counts.disconnects++,
        }
      },
    },
    invoker: { ...base.invoker, coordinator: async () => void counts.nudges++ },
  }
  await runningConnector(ports, 'c', {
    'connector.class': scripted.name,
    topics: 't',
    'key.converter': fussyConverter.name,
    'value.converter': fussyConverter.name,
    ...config,
  })
  const plugins = pluginsOf([scripted, fussyConverter, stringConverter, ...more])
  const tasks = sinkTasks(ports, plugins)
  const total = (name: string) => metrics.total(name, 'c')
  return {
    ports,
    clock,
    target,
    letters,
    ensured,
    clients,
    warnings,
    counts,
    total,
    plugins,
    tasks,
  }
}

const base64 = (text: string | null) =>
  text === null ? null : Buffer.from(text).toString('base64')

/** Values by `topic-partition`, offsets from 0. */
export function eventOf(batches: Readonly<Record<string, readonly (string | null)[]>>): KafkaEvent {
  const recordsOf = (name: string, values: readonly (string | null)[]): KafkaEventRecord[] => {
    const at = name.lastIndexOf('-')
    return values.map((value, offset) => ({
      topic: name.slice(0, at),
      partition: Number(name.slice(at + 1)),
      offset,
      timestamp: 1_700_000_000_000,
      timestampType: 'CREATE_TIME',
      key: base64('k'),
      value: base64(value),
      headers: [],
    }))
  }
  return {
    eventSource: 'SelfManagedKafka',
    records: Object.fromEntries(
      Object.entries(batches).map(([name, values]) => [name, recordsOf(name, values)]),
    ),
  }
}
