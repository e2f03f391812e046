import type { Context } from 'aws-lambda'
import type { KafkaEvent } from '../data/kafka-event.ts'
import { messageOf } from '../errors.ts'
import type {
  Clock,
  CoordinatorEvent,
  FailureRecord,
  Invoker,
  Log,
  Schedules,
  TaskEvent,
} from '../ports.ts'
import { failureRecord } from './failure-record.ts'
import { type Crew, type FairShare, shareOf } from './fair-share.ts'
import { lambdaContext, remainingTime } from './lambda-context.ts'

/** Lambda's limit for a source function. */
const INVOCATION_MS = 900_000
const LEVELS_MS = 1_000
const LEFTOVERS_MS = 10_000

export type Functions = {
  readonly source: (event: TaskEvent, context: Context) => Promise<unknown>
  readonly sink: (event: TaskEvent | KafkaEvent, context: Context) => Promise<unknown>
  readonly coordinator: (
    event: CoordinatorEvent | FailureRecord,
    context: Context,
  ) => Promise<unknown>
}

/** What wakes functions in AWS, in one process: asynchronous invokes, and schedules that fire every `tickMs`. */
export type Triggers = {
  readonly invoker: Invoker
  readonly schedules: Schedules
  /** From now on schedules fire. */
  begin(): void
  /** Resolves once all that runs has ended: their time is up at once. */
  close(): Promise<void>
}

export function localTriggers(
  functions: () => Functions,
  settings: {
    readonly scheduleMs: number
    readonly coordinatorMs: number
    readonly fairShare: FairShare
    /** once a second too: not all that writes lines is a function */
    readonly watchLevels: () => Promise<void>
    /** Connectors that are gone, though something made for them is still here: another process has cleared them away. */
    readonly leftovers: (scheduled: readonly string[]) => Promise<readonly string[]>
  },
  clock: Clock,
  log: Log,
): Triggers {
  const stopping = new AbortController()
  const scheduled = new Map<string, TaskEvent>()
  const running = new Map<string, number>()
  const inFlight = new Set<Promise<void>>()
  let crew: Crew = { processes: 1, rank: 0 }
  const share = () => shareOf(scheduled.size, crew)

  function invoke<E>(
    name: keyof Functions,
    event: E,
    call: (event: E, context: Context) => Promise<unknown>,
  ): void {
    if (stopping.signal.aborted) return
    const key = `${name} ${JSON.stringify(event)}`
    const context = lambdaContext(name, {
      remainingMs: remainingTime(INVOCATION_MS, clock, stopping.signal),
    })
    running.set(key, (running.get(key) ?? 0) + 1)
    const observe = async () => {
      try {
        await call(event, context)
      } catch (error) {
        log.error(`The ${name} function failed: ${messageOf(error)}`, { ...event, error })
        // The failure destination; the coordinator's own failures are met by its tick.
        const record = failureRecord(event, context, { error, at: clock.now() })
        if (name !== 'coordinator') invoke('coordinator', record, functions().coordinator)
      } finally {
        const left = (running.get(key) ?? 1) - 1
        if (left > 0) running.set(key, left)
        else running.delete(key)
      }
    }
    const invocation = observe().finally(() => inFlight.delete(invocation))
    inFlight.add(invocation)
  }
  const sourcesRunning = () => [...running.keys()].filter((key) => key.startsWith('source ')).length
  const isRunning = (name: keyof Functions, event: object) =>
    running.has(`${name} ${JSON.stringify(event)}`)

  const invoker: Invoker = {
    source: async ({ connector, task }) => {
      // What is scheduled is begun by the process that has room for it; anything else is a matter of a moment.
      const mayBegin = !scheduled.has(keyOf({ connector, task })) || sourcesRunning() < share()
      if (mayBegin) invoke('source', { connector, task }, functions().source)
    },
    sink: async ({ connector, task }) => invoke('sink', { connector, task }, functions().sink),
    coordinator: async (event) => invoke('coordinator', event, functions().coordinator),
  }
  const schedules: Schedules = {
    ensure: async ({ connector, task }) =>
      void scheduled.set(keyOf({ connector, task }), { connector, task }),
    remove: async (event) => void scheduled.delete(keyOf(event)),
    // Without a copy of them all: a tick asks for each connector.
    async list(connector) {
      const tasks: number[] = []
      for (const event of scheduled.values())
        if (event.connector === connector) tasks.push(event.task)
      return tasks
    },
  }

  async function fireSchedules(): Promise<void> {
    crew = await settings.fairShare.beat()
    // What another holds takes no room here: else those that are free might never have their turn.
    const free = await settings.fairShare.makeWay([...scheduled.values()], share())
    for (const event of free) if (!isRunning('source', event)) await invoker.source(event)
  }
  async function every(ms: number, fire: () => Promise<void>): Promise<void> {
    while (!stopping.signal.aborted) {
      await fire().catch((error: unknown) =>
        log.error(`A trigger failed: ${messageOf(error)}`, { error }),
      )
      await clock.sleep(ms, stopping.signal)
    }
  }
  const fireCoordinator = async () => {
    if (!isRunning('coordinator', {})) await invoker.coordinator({})
  }
  // The change index tells of them for a while; who slept meanwhile finds them here.
  const clearLeftovers = async () => {
    const connectors = [...scheduled.values()].map(({ connector }) => connector)
    for (const connector of await settings.leftovers(connectors))
      await invoker.coordinator({ connector })
  }
  let loops: readonly Promise<void>[] = []

  return {
    invoker,
    schedules,
    begin() {
      loops = [
        every(settings.scheduleMs, fireSchedules),
        every(LEVELS_MS, settings.watchLevels),
        every(settings.coordinatorMs, fireCoordinator),
        every(LEFTOVERS_MS, clearLeftovers),
      ]
    },
    async close() {
      stopping.abort()
      await Promise.all(loops)
      await settings.fairShare.leave()
      while (inFlight.size > 0) await Promise.all(inFlight)
    },
  }
}

const keyOf = ({ connector, task }: TaskEvent): string => `${task} ${connector}`
