/** Delivers Kafka's batches into a sink's target: gate ▶ convert ▶ put ▶ return. Returning is the commit; throwing has the batch sent again. */
import { parseConfig } from '../config/config-def.ts'
import type { KafkaEvent } from '../data/kafka-event.ts'
import type { SinkRecord } from '../data/record.ts'
import { ConnectError, isRetriable, messageOf } from '../errors.ts'
import type { Plugins, SinkConnector, SinkTask } from '../plugin.ts'
import type { Invocation, Ports, TaskEvent } from '../ports.ts'
import { type Converters, convertersOf } from './converters.ts'
import { remembered } from './remembered.ts'
import { byTopic, sinkGate, type TopicOf, takesNothing, taskOfTopic } from './sink-gate.ts'
import { sinkRecords } from './sink-records.ts'
import { sameRun, statusOfRun, type TaskView, viewTask, writeStatus } from './task-view.ts'
import { type Tolerance, toleranceOf } from './tolerance.ts'

/** The sink tasks of one container: started at their first batch, kept for the next ones. */
export type SinkTasks = {
  /** @throws RetriableError, ConnectError: nothing of the batch may be acknowledged then. */
  deliver(connector: string, event: KafkaEvent, invocation: Invocation): Promise<void>
  /** Brings a task's status to what the rows want, without a batch: starts it, or shows it paused. */
  prepare(event: TaskEvent): Promise<void>
  /** Stops what was started. */
  close(): Promise<void>
}

/** A task as the rows wanted it when it was started. */
type Unit = { readonly event: TaskEvent; readonly view: TaskView }

type Started = Unit & {
  readonly connector: SinkConnector
  readonly task: SinkTask
  readonly converters: Converters
  readonly tolerance: Tolerance
  /** the deliveries that are under way with it */
  readonly busy: Set<Promise<void>>
}

/** How long a look at the rows serves. */
const GATE_MS = 1_000
/** Time that a batch needs at least; with less left it is handed back. */
const MIN_REMAINING_MS = 1_000
const MAX_BACKOFF_MS = 5_000

export function sinkTasks(ports: Ports, plugins: Plugins): SinkTasks {
  const started = new Map<string, { readonly view: TaskView; readonly running: Promise<Started> }>()
  // The rows' will: a mapping takes a while to be disabled and keeps calling, so it is looked at before each batch.
  const gates = remembered(GATE_MS, ports.clock, (event: TaskEvent) => sinkGate(event, ports))
  const owners = remembered(GATE_MS, ports.clock, (of: TopicOf) => taskOfTopic(of, ports))

  async function deliver(
    connector: string,
    event: KafkaEvent,
    invocation: Invocation,
  ): Promise<void> {
    for (const [topic, part] of byTopic(event)) {
      const task = await owners.read({ connector, topic })
      const { view, status, refusal } = await gates.read({ connector, task })
      if (refusal) throw takesNothing(connector, refusal)
      const running = await ensureStarted({ event: { connector, task }, view })
      const delivery = deliverTo(running, part, invocation)
      running.busy.add(delivery)
      await delivery.finally(() => running.busy.delete(delivery))
      if (status?.state !== 'RUNNING' || status.reason) await showRunning(running)
    }
  }

  async function deliverTo(
    running: Started,
    event: KafkaEvent,
    invocation: Invocation,
  ): Promise<void> {
    const { event: unit, converters, tolerance } = running
    try {
      const records = sinkRecords(event, converters, tolerance)
      ports.metrics.add('sink-record-read-total', records.length, unit)
      await putAgainAndAgain(running, records, invocation)
      ports.metrics.add('sink-record-send-total', records.length, unit)
    } catch (error) {
      if (!isRetriable(error)) await fail(running, running.connector.version, error)
      throw error
    }
  }

  async function putAgainAndAgain(
    running: Started,
    records: readonly SinkRecord[],
    invocation: Invocation,
  ): Promise<void> {
    const { remainingMs } = invocation
    for (let attempt = 1; ; attempt++) {
      try {
        return await running.task.put(records, { id: `${invocation.id}-${attempt}`, remainingMs })
      } catch (error) {
        const backoffMs = Math.min(MAX_BACKOFF_MS, 100 * 2 ** attempt)
        if (!isRetriable(error) || remainingMs() < backoffMs + MIN_REMAINING_MS) throw error
        if (!(await isStillWanted(running))) throw error
        await showTrouble(running, running.connector.version, 'puts the batch again', error)
        await ports.clock.sleep(backoffMs)
      }
    }
  }

  /** A pause, a restart or another configuration ends the attempts: the batch comes again and meets what is wanted then. */
  async function isStillWanted({ event, view }: Unit): Promise<boolean> {
    const gate = await gates.read(event)
    return !gate.refusal && sameRun(gate.view, view)
  }

  function ensureStarted(unit: Unit): Promise<Started> {
    const key = keyOf(unit.event)
    const before = started.get(key)
    if (before && sameRun(before.view, unit.view)) return before.running
    const running = stopped(before?.running).then(() => start(unit))
    started.set(key, { view: unit.view, running })
    running.catch(() => {
      if (started.get(key)?.running === running) started.delete(key)
    })
    return running
  }

  async function start({ event, view }: Unit): Promise<Started> {
    let version = ''
    try {
      const connector = sinkOf(view, plugins)
      version = connector.version
      const tolerance = toleranceOf(view.config, event, ports.log, ports.metrics)
      const converters = convertersOf(view.config, ports.worker.converters, plugins)
      const task = await connector.startTask(parseConfig(connector.config, view.config), {
        ...event,
        warn: (message, details) => ports.log.warn(message, { ...event, ...details }),
        reportErrant: async ({ topic, partition, offset }, error) =>
          tolerance('TASK_PUT', error, { topic, partition, offset }),
      })
      return { event, view, connector, task, converters, tolerance, busy: new Set() }
    } catch (error) {
      const hasRun = (await statusOfRun(event, view, ports))?.state === 'RUNNING'
      if (hasRun && isRetriable(error))
        await showTrouble({ event, view }, version, 'cannot start now', error)
      else await fail({ event, view }, version, error)
      throw error
    }
  }

  async function fail({ event, view }: Unit, version: string, error: unknown): Promise<void> {
    ports.log.error(`Sink task failed: ${messageOf(error)}`, { ...event, error })
    await writeStatus(event, view, { state: 'FAILED', version, error }, ports)
    gates.forget(event)
    await ports.invoker.coordinator({ connector: event.connector })
  }

  /** It goes on, and its status says what with. */
  async function showTrouble(
    { event, view }: Unit,
    version: string,
    doing: string,
    error: unknown,
  ): Promise<void> {
    const reason = `${doing}: ${messageOf(error)}`
    ports.log.warn(`Sink task ${reason}`, { ...event, error })
    await writeStatus(event, view, { state: 'RUNNING', version, reason }, ports)
    gates.forget(event)
  }

  /** It works: whatever else its status says is over, unless the rows want something else by now. */
  async function showRunning({ event, view, connector: { version } }: Started): Promise<void> {
    const now = await viewTask(event, ports)
    if (now?.targetState !== 'RUNNING' || !sameRun(now, view)) return
    await writeStatus(event, view, { state: 'RUNNING', version }, ports)
    gates.forget(event)
  }

  async function prepare(event: TaskEvent): Promise<void> {
    const view = await viewTask(event, ports)
    const status = view && (await statusOfRun(event, view, ports))
    // Batches that come from now on meet the rows as they are now.
    gates.forget(event)
    if (!view || status?.state === 'FAILED' || status?.state === view.targetState) return
    if (view.targetState === 'PAUSED') {
      const said = { state: 'PAUSED', version: versionOf(view, plugins) } as const
      await writeStatus(event, view, said, ports)
      return
    }
    // What failed stands in the status or the log by now; a batch starts it again.
    const running = await ensureStarted({ event, view }).catch(() => undefined)
    if (running) await showRunning(running)
  }

  async function close(): Promise<void> {
    const all = [...started.values()]
    started.clear()
    await Promise.all(all.map(({ running }) => stopped(running)))
  }

  return { deliver, prepare, close }
}

/** Resolves also where it never started. What is under way with it ends first: ended in its midst it would be written again. */
async function stopped(running: Promise<Started> | undefined): Promise<void> {
  const one = await running?.catch(() => undefined)
  await Promise.allSettled(one?.busy ?? [])
  await one?.task.stop()
}

function sinkOf(view: TaskView, plugins: Plugins): SinkConnector {
  const connector = plugins.connector(view.config['connector.class'] ?? '')
  if (connector.kind === 'sink') return connector
  throw new ConnectError(`${connector.name} is not a sink connector`)
}

function versionOf(view: TaskView, plugins: Plugins): string {
  try {
    return sinkOf(view, plugins).version
  } catch {
    return ''
  }
}

const keyOf = ({ connector, task }: TaskEvent): string => `${task} ${connector}`
