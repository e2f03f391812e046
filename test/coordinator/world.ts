/** All of connectless but AWS and Kafka: the API, the coordinator and the functions over embedded rows. Schedules fire when a test says so. */

import { setTimeout } from 'node:timers/promises'
import { coordinate } from '../../lib/coordinator/coordinate.ts'
import type { SourceRecord } from '../../lib/data/record.ts'
import { STRING } from '../../lib/data/schema.ts'
import { ConnectError, isRetriable, RetriableError } from '../../lib/errors.ts'
import { localMappings } from '../../lib/local/mappings.ts'
import { type SourceTask, sinkConnector, sourceConnector } from '../../lib/plugin.ts'
import type { Ports, TaskEvent, Workers } from '../../lib/ports.ts'
import { pluginsOf } from '../../lib/registry.ts'
import { handleRequest } from '../../lib/rest/router.ts'
import { sinkTasks } from '../../lib/runtime/sink-task.ts'
import { runSource } from '../../lib/runtime/source-task.ts'
import { portsForTest, stringConverter, tickingClock } from '../runtime/ports-for-test.ts'

type Faults = {
  start: string | undefined
  taskConfigs: string | undefined
  /** whether the fault of a start may heal */
  heals: boolean
}

/** Rows n = 1, 2, 3 … come as they are added; each of its tables is a task's. */
const tableSource = (rows: () => number, faults: Faults, stops: { count: number }) =>
  sourceConnector({
    name: 'test.TableSourceConnector',
    taskClass: 'test.TableSourceTask',
    version: '1',
    doc: 'Copies.',
    config: {
      tables: { type: 'list', importance: 'high', doc: 'Tables.' },
      fault: { type: 'string', importance: 'low', default: '', doc: 'Why it cannot start.' },
    },
    taskConfigs({ tables }, maxTasks, raw) {
      if (faults.taskConfigs) throw new ConnectError(faults.taskConfigs)
      return tables.slice(0, maxTasks).map((table) => ({ ...raw, tables: table }))
    },
    async startTask({ tables, fault }, context): Promise<SourceTask> {
      const Fault = faults.heals ? RetriableError : ConnectError
      if (fault || faults.start) throw new Fault(fault || String(faults.start))
      const partition = { table: tables.join() }
      const [stored] = await context.offsets([partition])
      let position = Number(stored?.n ?? 0)
      return {
        pollIntervalMs: 100,
        async poll() {
          const from = position
          position = Math.min(rows(), from + 5)
          return Array.from({ length: position - from }, (_, at) =>
            recordOf(partition, from + at + 1),
          )
        },
        stop: async () => void stops.count++,
      }
    },
  })

const recordOf = (partition: { readonly table: string }, n: number): SourceRecord => ({
  topic: partition.table,
  partition: 0,
  keySchema: STRING,
  key: String(n),
  valueSchema: STRING,
  value: `${partition.table} ${n}`,
  timestamp: null,
  headers: [],
  sourcePartition: partition,
  sourceOffset: { n },
})

const noSink = sinkConnector({
  name: 'test.QuietSinkConnector',
  taskClass: 'test.QuietSinkTask',
  version: '1',
  doc: 'Takes all and keeps none.',
  config: {
    fault: { type: 'string', importance: 'low', default: '', doc: 'Why it cannot start.' },
  },
  async startTask({ fault }) {
    if (fault) throw new ConnectError(fault)
    return { put: async () => undefined, stop: async () => undefined }
  },
})

/** What several processes would share. */
export type Shared = Pick<
  Ports,
  | 'configs'
  | 'connectors'
  | 'changes'
  | 'tasks'
  | 'leases'
  | 'offsets'
  | 'statuses'
  | 'losses'
  | 'groupStates'
  | 'clock'
>

/** There is no Kafka: of no group anybody is a member, and none has committed anything. */
const ofQuietGroups = (async (
  _what: string,
  question: { readonly groups?: readonly string[] },
) => ({
  groups: (question.groups ?? []).map((group) => ({ group, offsets: [] })),
})) as unknown as Ports['ask']['sink'] // what the coordinator asks of these groups is read so, or not at all

/** One process of several that know of each other. */
export type Member = { readonly id: string; readonly workers: Workers }

export function coordinatedWorld(shared?: Shared, member?: Member) {
  const clock = shared?.clock ?? tickingClock()
  const table = { rows: 0 }
  const faults: Faults = { start: undefined, taskConfigs: undefined, heals: false }
  const stops = { count: 0 }
  const kafka: string[] = []
  const errors: string[] = []
  const schedules = new Map<string, TaskEvent>()
  const inFlight = new Set<Promise<void>>()
  const running = new Map<string, number>()
  const polled = new Set<string>()
  const counts = { source: 0, sink: 0, publications: 0 }
  const isStopping = { now: false }
  let invocations = 0

  const plugins = pluginsOf([tableSource(() => table.rows, faults, stops), noSink, stringConverter])
  const base = portsForTest({
    clock,
    ...(shared && {
      configs: shared.configs,
      connectors: shared.connectors,
      changes: shared.changes,
      tasks: shared.tasks,
      leases: shared.leases,
      offsets: shared.offsets,
      statuses: shared.statuses,
      losses: shared.losses,
      groupStates: shared.groupStates,
    }),
  })
  const mappings = localMappings((mapping) => {
    polled.add(mapping.topic)
    return { waiting: () => undefined, stop: async () => void polled.delete(mapping.topic) }
  })
  const ports: Ports = {
    ...base,
    ask: { ...base.ask, sink: ofQuietGroups },
    worker: { ...base.worker, idleTimeoutMs: -1, ...(member && { id: member.id }) },
    ...(member && { workers: member.workers }),
    tasks: {
      ...base.tasks,
      async publish(...given) {
        await base.tasks.publish(...given)
        counts.publications++
      },
    },
    log: { ...base.log, error: (message) => void errors.push(message) },
    producers: {
      connect: async () => ({
        send: async (records) => void kafka.push(...records.map(({ value }) => String(value))),
        disconnect: async () => undefined,
      }),
    },
    mappings,
    schedules: {
      ensure: async (event) => void schedules.set(keyOf(event), event),
      remove: async (event) => void schedules.delete(keyOf(event)),
      list: async (connector) =>
        [...schedules.values()]
          .filter((one) => one.connector === connector)
          .map(({ task }) => task),
    },
    invoker: {
      async source(event) {
        counts.source++
        const invocation = {
          id: `${member?.id ?? (shared ? 'other' : 'own')}-${++invocations}`,
          remainingMs: () => (isStopping.now ? 0 : 900_000),
        }
        begin(`source ${keyOf(event)}`, () => runSource(event, invocation, ports, plugins))
      },
      async sink(event) {
        counts.sink++
        begin(`sink ${keyOf(event)}`, () => tasks.prepare(event))
      },
      coordinator: async (event) => begin('coordinator', () => coordinate(event, ports, plugins)),
    },
  }
  const tasks = sinkTasks(ports, plugins)

  function begin(key: string, run: () => Promise<void>): void {
    running.set(key, (running.get(key) ?? 0) + 1)
    const work = run()
      .catch((error: unknown) => {
        // As for Lambda and the local triggers: this invocation has failed, another will come.
        if (!isRetriable(error)) throw error
      })
      .finally(() => {
        inFlight.delete(work)
        running.set(key, (running.get(key) ?? 1) - 1)
      })
    inFlight.add(work)
  }

  /** source invocations that are under way */
  const sourcesRunning = () =>
    [...running].filter(([key, count]) => key.startsWith('source') && count > 0).length

  async function send(method: string, target: string, body?: object) {
    const [path = '', query = ''] = target.split('?')
    const answer = await handleRequest(
      {
        method,
        path,
        query,
        headers: { host: 'test', 'content-type': 'application/json' },
        body: body && JSON.stringify(body),
      },
      { ports, plugins },
    )
    return { status: answer.status, json: answer.body ? JSON.parse(answer.body) : undefined }
  }

  /** What a schedule and the coordinator's tick do, each second for so many. */
  async function pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      await member?.workers.beat(member.id, 6_000)
      await ports.invoker.coordinator({})
      for (const event of schedules.values())
        if (!running.get(`source ${keyOf(event)}`)) await ports.invoker.source(event)
      await clock.sleep(1_000)
    }
  }

  /** Passes until no source runs, a minute at most; rivals for a row give way by the real clock. */
  async function passUntilIdle(): Promise<void> {
    for (let second = 0; second < 60 && sourcesRunning() > 0; second++) {
      await pass(1)
      await setTimeout(1)
    }
  }

  /** `RUNNING RUNNING,FAILED`: of the connector, then of its tasks. */
  async function states(connector: string): Promise<string> {
    const { json } = await send('GET', `/connectors/${connector}/status`)
    if (!json?.connector) return 'none'
    const own = json.tasks.map(({ state }: { state: string }) => state).join()
    return `${json.connector.state} ${own}`.trim()
  }

  async function close(): Promise<void> {
    isStopping.now = true
    while (inFlight.size > 0) await Promise.all(inFlight)
  }

  return {
    ...{ ports, plugins, clock, table, faults, stops, kafka, errors, schedules, polled, counts },
    ...{ mappings, send, pass, states, close },
    ...{ sourcesRunning, passUntilIdle },
  }
}

const keyOf = ({ connector, task }: TaskEvent): string => `${task} ${connector}`
