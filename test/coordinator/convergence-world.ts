/** Rows in memory and a simulated AWS under the real stores and adapters. Coordinators die between two calls, meet each other, and are refused. */
import assert from 'node:assert/strict'
import { coordinate } from '../../lib/coordinator/coordinate.ts'
import { ConflictError } from '../../lib/errors.ts'
import { sqliteRows } from '../../lib/local/sqlite-rows.ts'
import type { ConnectorRow, CoordinatorEvent, Ports, Remains, TaskEvent } from '../../lib/ports.ts'
import type { Rows } from '../../lib/store/rows.ts'
import { storesOver } from '../../lib/store/stores.ts'
import { portsForTest } from '../runtime/ports-for-test.ts'
import { requireAsWanted } from './as-wanted.ts'
import { cloudPorts, idlePlugins, randomFrom } from './cloud-ports.ts'
import { simulatedAws } from './simulated-aws.ts'

type Trouble = 'none' | 'throttles' | 'fails' | 'quota'
type Wanted = Omit<ConnectorRow, 'revision'>

const nextTurn = () => new Promise(setImmediate)

const noRemains: Remains = { schedules: async () => [], mappings: async () => [] }

class Crash extends Error {}

export type ConvergenceWorld = ReturnType<typeof convergenceWorld>

/** `indexAlone`: nothing is audited or swept, so that what the change index does not name is lost; and coordinators come one after another. */
export function convergenceWorld(seed: number, indexAlone: boolean) {
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
      if (!isPeaceful) for (let turns = random() * 3; turns > 0; turns--) await nextTurn()
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
    const wake = async (event: TaskEvent) => void woken.push(event)
    return {
      ...portsForTest({ clock, rows: own }),
      ...cloudPorts(aws, clock, { random, around }),
      ask: askedOfSink(around),
      ...(indexAlone && { audit: async () => [], remains: noRemains }),
      invoker: { source: wake, sink: wake, coordinator: async () => undefined },
    }
  }

  const idle = async (): Promise<never> => {
    throw new Error('no source is asked')
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
    return { source: idle, sink: sink as unknown as Ports['ask']['sink'] }
  }

  async function coordinateIn(process: ReturnType<typeof processOf>, event: CoordinatorEvent) {
    try {
      await coordinate(event, process.ports, idlePlugins)
    } catch (error) {
      // As for Lambda: this invocation is over, another will come.
      if (isPeaceful) throw error
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

    /** Nothing happens for a few minutes but what is to happen. */
    async calm() {
      world.faultsStop()
      for (let ticks = 0; ticks < 4; ticks++) await world.tickInPeace()
      isPeaceful = false
    },

    async tickInPeace() {
      await world.coordinate({})
      await world.tasksRun()
      time.ms = Math.ceil((time.ms + 1) / 60_000) * 60_000
    },

    async twoAtOnce(one: CoordinatorEvent, other: CoordinatorEvent) {
      const first = world.coordinate(one)
      if (indexAlone) await first
      await Promise.all([first, world.coordinate(other)])
    },

    requireAsWanted: () => requireAsWanted(stores, aws, indexAlone),

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
