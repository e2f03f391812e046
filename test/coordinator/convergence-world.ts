/** Rows in memory and a simulated AWS under the real stores and adapters. Coordinators die between two calls, meet each other, and are refused. */
import assert from 'node:assert/strict'
import { lambdaMappings } from '../../lib/cloud/lambda-mappings.ts'
import { type Lane, paceOf } from '../../lib/cloud/pace.ts'
import { paced } from '../../lib/cloud/paced.ts'
import { remainingMappings } from '../../lib/cloud/remaining-mappings.ts'
import { remainingSchedules } from '../../lib/cloud/remaining-schedules.ts'
import { schedulerSchedules } from '../../lib/cloud/scheduler-schedules.ts'
import { coordinate } from '../../lib/coordinator/coordinate.ts'
import { hourlyAudit } from '../../lib/coordinator/hourly-audit.ts'
import { ConflictError } from '../../lib/errors.ts'
import { sqliteRows } from '../../lib/local/sqlite-rows.ts'
import { sinkConnector, sourceConnector } from '../../lib/plugin.ts'
import type { ConnectorRow, CoordinatorEvent, Ports, TaskEvent } from '../../lib/ports.ts'
import { pluginsOf } from '../../lib/registry.ts'
import type { Rows } from '../../lib/store/rows.ts'
import { storesOver } from '../../lib/store/stores.ts'
import { portsForTest } from '../runtime/ports-for-test.ts'
import { requireAsWanted } from './as-wanted.ts'
import { simulatedAws } from './simulated-aws.ts'

const never = async (): Promise<never> => {
  throw new Error('no task runs here')
}

const plugins = pluginsOf([
  sourceConnector({
    name: 'test.Source',
    taskClass: 'test.SourceTask',
    version: '1',
    doc: 'A task a table.',
    config: { tables: { type: 'list', importance: 'high', doc: 'Tables.' } },
    taskConfigs: ({ tables }, maxTasks, raw) =>
      tables.slice(0, maxTasks).map((table) => ({ ...raw, tables: table })),
    startTask: never,
  }),
  sinkConnector({
    name: 'test.Sink',
    taskClass: 'test.SinkTask',
    version: '1',
    doc: 'Takes all.',
    config: {},
    startTask: never,
  }),
])

type Trouble = 'none' | 'throttles' | 'fails' | 'quota'
type Wanted = Omit<ConnectorRow, 'revision'>

const nextTurn = () => new Promise(setImmediate)

class Crash extends Error {}

export type ConvergenceWorld = ReturnType<typeof convergenceWorld>

export function convergenceWorld(seed: number) {
  const random = randomFrom(seed)
  const time = { ms: 0 }
  const clock = {
    now: () => 1_700_000_000_000 + time.ms,
    monotonic: () => time.ms,
    async sleep(ms: number) {
      time.ms += ms
      await nextTurn()
    },
  }
  let running = 0
  let trouble: Trouble = 'none'
  let isPeaceful = false
  let crashAfter: number | undefined
  let crashes = 0
  const woken: TaskEvent[] = []
  const aws = simulatedAws(clock, {
    delayMs: () => 1_000 + random() * 59_000,
    quota: () => (trouble === 'quota' ? 2 : Number.POSITIVE_INFINITY),
  })
  const rows = sqliteRows(':memory:')
  const stores = storesOver(rows, clock)

  /** One process: it dies before or after one of its calls, and then makes none. */
  function processOf() {
    const writes: string[] = []
    const dies = !isPeaceful && random() < 0.3
    let left = crashAfter ?? (dies ? Math.floor(random() * 30) : undefined)
    crashAfter = undefined
    let isDead = false
    const die = () => {
      if (!isDead) crashes++
      isDead = true
      throw new Crash('the coordinator is gone')
    }
    async function around<T>(name: string, call: () => T | Promise<T>): Promise<T> {
      if (running > 1) for (let turns = random() * 3; turns > 0; turns--) await nextTurn()
      if (isDead) die()
      const isLast = left !== undefined && left-- === 0
      if (isLast && random() < 0.5) die()
      if (isCloud(name)) failSometimes(name)
      const done = await call()
      if (!isReading(name)) writes.push(name)
      if (isLast) die()
      return done
    }
    const calls = (
      ['get', 'query', 'sortKeys', 'transact', 'update', 'putAll', 'removeAll'] as const
    ).map((name) => {
      const call = rows[name] as (...given: unknown[]) => Promise<unknown> // only handed on
      return [name, (...given: unknown[]) => around(name, () => call(...given))] as const
    })
    return { ports: portsOf(Object.fromEntries(calls) as unknown as Rows, around), writes }
  }

  function failSometimes(name: string): void {
    if (trouble === 'throttles' && random() < 0.6)
      throw awsError('TooManyRequestsException', 429, name)
    if (trouble === 'fails' && random() < 0.4) throw awsError('ServiceException', 500, name)
    if (trouble === 'fails' && random() < 0.1) throw awsError('AccessDeniedException', 403, name)
  }

  function portsOf(own: Rows, around: NonNullable<Parameters<typeof aws.clients>[0]>): Ports {
    const [lambda, scheduler] = [paceOf(10, clock), paceOf(10, clock)]
    const clientsIn = (lane: Lane) => {
      const clients = aws.clients(around)
      const queue = { lane, clock, random }
      return {
        lambda: paced(clients.lambda, { ...queue, pace: lambda }),
        scheduler: paced(clients.scheduler, { ...queue, pace: scheduler }),
      }
    }
    const madeIn = (lane: Lane) => {
      const clients = clientsIn(lane)
      return {
        mappings: lambdaMappings(clients.lambda, aws.mappingSettings),
        schedules: schedulerSchedules(clients.scheduler, aws.scheduleSettings),
      }
    }
    const last = clientsIn('unhurried')
    const wake = async (event: TaskEvent) => void woken.push(event)
    return {
      ...portsForTest({ clock, rows: own }),
      ...madeIn('urgent'),
      unhurried: madeIn('unhurried'),
      remains: {
        schedules: remainingSchedules(last.scheduler, aws.scheduleSettings),
        mappings: remainingMappings(last.lambda, aws.mappingSettings.sinkArn),
      },
      audit: hourlyAudit(clock),
      ask: askedOfSink(around),
      invoker: { source: wake, sink: wake, coordinator: async () => undefined },
    }
  }

  /** A group has members until its mapping has come to rest. */
  function askedOfSink(around: NonNullable<Parameters<typeof aws.clients>[0]>): Ports['ask'] {
    const resting = (group: string) =>
      aws.mappings().every(({ State, SelfManagedKafkaEventSourceConfig: kafka }) => {
        return kafka?.ConsumerGroupId !== group || State === 'Disabled'
      })
    const sink = (what: string, question: { readonly groups?: readonly string[] }) =>
      around(`Ask ${what}`, () => ({
        groups: (question.groups ?? []).filter(resting).map((group) => ({ group, offsets: [] })),
      }))
    return { source: never, sink: sink as unknown as Ports['ask']['sink'] }
  }

  async function coordinateIn(process: ReturnType<typeof processOf>, event: CoordinatorEvent) {
    running++
    try {
      await coordinate(event, process.ports, plugins)
    } catch (error) {
      // As for Lambda: this invocation is over, another will come.
      if (isPeaceful) throw error
    } finally {
      running--
    }
  }

  const world = {
    crashes: () => crashes,
    coordinate: (event: CoordinatorEvent) => coordinateIn(processOf(), event),
    timePasses: clock.sleep,
    cloudIs: (next: Trouble) => {
      trouble = next
    },
    crashNext: (calls: number) => {
      crashAfter = calls
    },

    /** As the API does it; the nudge after it may get lost. */
    async change(
      name: string,
      change: (row: Wanted | undefined) => Wanted | undefined,
      nudges: boolean,
    ) {
      const row = await stores.configs.get(name)
      const next = change(row)
      if (!next || (row?.deleted && next.deleted)) return
      await stores.configs.put(next, row?.revision).catch(unlessConflict)
      if (nudges) await world.coordinate({ connector: name })
    },

    async taskFails(connector: string, task: number, retriable: boolean) {
      await say(connector, task, { state: 'FAILED', retriable })
    },

    /** Those that were invoked. */
    async tasksRun() {
      for (const { connector, task } of woken.splice(0)) await say(connector, task, {})
    },

    faultsStop() {
      trouble = 'none'
      isPeaceful = true
      crashAfter = undefined
    },

    async tickInPeace() {
      await world.coordinate({})
      await world.tasksRun()
      time.ms = Math.ceil((time.ms + 1) / 60_000) * 60_000
    },

    requireAsWanted: () => requireAsWanted(stores, aws),

    async requireSilence() {
      const process = processOf()
      await coordinateIn(process, {})
      assert.deepEqual([process.writes, woken], [[], []])
    },
  }

  /** What a task's function says of the run that is wanted now. */
  async function say(
    connector: string,
    task: number,
    said: { readonly state?: 'FAILED'; readonly retriable?: boolean },
  ): Promise<void> {
    const view = await stores.connectors.view(connector)
    if (!view?.tasks?.configs[task] || view.row.deleted) return
    const { row, tasks } = view
    await stores.statuses.write(connector, task, {
      state: said.state ?? row.targetState,
      workerId: 'w',
      version: '1',
      since: clock.now(),
      generation: tasks.generation,
      restart: row.restarts.tasks[task] ?? 0,
      asOf: row.revision,
      configVersion: row.version,
      ...(said.state && { trace: 't', reason: 'r', retriable: said.retriable === true }),
    })
  }
  return world
}

const isReading = (name: string): boolean => /^(get|query|sortKeys|List|Get|Ask)/.test(name)
const isCloud = (name: string): boolean => /^[A-Z]/.test(name)

const awsError = (name: string, httpStatusCode: number, call: string): Error =>
  Object.assign(new Error(`${call} is refused`), { name, $metadata: { httpStatusCode } })

function unlessConflict(error: unknown): void {
  if (!(error instanceof ConflictError)) throw error
}

/** mulberry32: the same numbers from the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
