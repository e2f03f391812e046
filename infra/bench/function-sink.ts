/** The sink function's own work on the events of `sink-events.ts`, one batch after another: gate, convert, put, every reply checked. Prints one JSON line. */
import type { RawConfig } from '../../lib/config/config-def.ts'
import { localAliases } from '../../lib/local/aliases.ts'
import { counters } from '../../lib/local/counters.ts'
import { sqliteRows } from '../../lib/local/sqlite-rows.ts'
import { systemClock } from '../../lib/monitoring/system-clock.ts'
import type { Ports } from '../../lib/ports.ts'
import { plugins } from '../../lib/registry.ts'
import { sinkTasks } from '../../lib/runtime/sink-task.ts'
import { storesOver } from '../../lib/store/stores.ts'
import { addresses } from '../stack/addresses.ts'
import { batches, eventOf } from './sink-events.ts'

const [, count = '0', database = '0'] = process.argv.slice(2)
const records = Number(count)
const CONNECTOR = 'bench'
const { host, port, password } = addresses().redis
const config: RawConfig = {
  name: CONNECTOR,
  'connector.class': 'com.github.taven.sink.ExampleSinkConnector',
  topics: 'bench_sink',
  'redis.host': host,
  'redis.port': String(port),
  'redis.database': database,
  'redis.password': password ?? '',
}

const unused = async (): Promise<never> => {
  throw new Error('not part of this benchmark')
}
const nothing = async () => undefined
const ports: Ports = {
  ...storesOver(sqliteRows(':memory:'), systemClock),
  worker: {
    id: 'bench',
    groupId: 'bench',
    version: '',
    commit: '',
    kafkaClusterId: '',
    converters: {
      'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
      'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    },
    offsetFlushIntervalMs: 1_000,
    leaseTtlMs: 15_000,
    leaseRenewalMs: 5_000,
    idleTimeoutMs: -1,
  },
  producers: { connect: unused },
  topics: { existing: unused, ensure: unused, read: unused },
  groups: {
    offsets: unused,
    committed: unused,
    requireEmpty: unused,
    commit: unused,
    forget: unused,
    remove: unused,
  },
  schedules: { ensure: nothing, remove: nothing, list: async () => [] },
  mappings: { ensure: nothing, remove: nothing, list: async () => [] },
  aliases: localAliases,
  invoker: { source: nothing, sink: nothing, coordinator: nothing },
  ask: { source: unused, sink: unused },
  configProviders: {},
  conceal: (text) => text,
  clock: systemClock,
  log: { info: () => undefined, warn: console.warn, error: console.error },
  metrics: counters(),
}
await ports.configs.put(
  {
    name: CONNECTOR,
    config,
    targetState: 'RUNNING',
    version: 1,
    restarts: { connector: 0, tasks: {} },
    deleted: false,
  },
  undefined,
)
await ports.tasks.publish(CONNECTOR, { generation: 1, version: 1, configs: [config] }, undefined)

const tasks = sinkTasks(ports, plugins)
await tasks.prepare({ connector: CONNECTOR, task: 0 })
let seconds = 0
for (const batch of batches(records)) {
  const event = eventOf(batch)
  const startedAt = performance.now()
  await tasks.deliver(CONNECTOR, event, { id: String(batch.from), remainingMs: () => 60_000 })
  seconds += (performance.now() - startedAt) / 1000
}
await tasks.close()
process.stdout.write(`${JSON.stringify({ records, seconds })}\n`)
