/** Delivers Kafka's batches into a sink's target: gate ▶ convert ▶ transform ▶ put ▶ return. Returning is the commit; throwing has the batch sent again. */
import type { KafkaEvent } from '../data/kafka-event.ts'
import { ConnectError, isRetriable, messageOf } from '../errors.ts'
import type { Plugins, SinkBatch, SinkConnector } from '../plugin.ts'
import type { Invocation, Ports, TaskEvent } from '../ports.ts'
import { nudge } from './nudge.ts'
import { remembered } from './remembered.ts'
import { runningConfig } from './resolve-config.ts'
import {
  byTopic,
  gateOf,
  placesOf,
  type SinkGate,
  sinkGate,
  type TopicOf,
  takesNothing,
  taskOfTopic,
} from './sink-gate.ts'
import { sinkStatus, type Trouble, type Unit } from './sink-status.ts'
import { type StartedSink, startSink } from './started-sink.ts'
import { sameRun, statusOfRun, type TaskView, viewTask } from './task-view.ts'
import { type TopicTracker, topicTracker } from './topic-tracker.ts'

/** The sink tasks of one container: started at their first batch, kept for the next ones. */
export type SinkTasks = {
  /** @throws RetriableError, ConnectError: nothing of the batch may be acknowledged then. */
  deliver(connector: string, event: KafkaEvent, invocation: Invocation): Promise<void>
  /** Brings a task's status to what the rows want, without a batch: starts it, or shows it paused. Those of its connector that are gone or FAILED are ended. */
  prepare(event: TaskEvent): Promise<void>
  /** Stops what was started. */
  close(): Promise<void>
}

/** Something that failed and is to be done again. */
type Trial = {
  readonly running: Started
  readonly event: KafkaEvent
  readonly invocation: Invocation
  readonly doing: string
  readonly error: unknown
}

type Started = Unit & {
  readonly version: string
  readonly sink: StartedSink
  readonly topics: TopicTracker
  /** the deliveries that are under way with it */
  readonly busy: Set<Promise<void>>
  /** those of them that wait to do something again */
  readonly waiting: Set<Invocation>
}

/** How long a look at the rows serves. */
const GATE_MS = 1_000
/** Time that a batch needs at least; with less left it is handed back. */
const MIN_REMAINING_MS = 1_000
const MAX_BACKOFF_MS = 5_000
const RECORD_AGAIN = 'processes a record again'

export function sinkTasks(ports: Ports, plugins: Plugins): SinkTasks {
  const started = new Map<
    string,
    Pick<Unit, 'event' | 'view'> & { readonly running: Promise<Started> }
  >()
  // The rows' will: a mapping takes a while to be disabled and keeps calling, so it is looked at before each batch.
  const gates = remembered(GATE_MS, ports.clock, (event: TaskEvent) => sinkGate(event, ports))
  const status = sinkStatus(ports)
  const owners = remembered(GATE_MS, ports.clock, (of: TopicOf) => taskOfTopic(of, ports))
  let deliveries = 0

  async function deliver(
    connector: string,
    event: KafkaEvent,
    invocation: Invocation,
  ): Promise<void> {
    for (const [topic, part] of byTopic(event)) {
      const task = await owners.read({ connector, topic })
      const gate = await gates.read({ connector, task })
      if (gate.refusal) throw takesNothing(connector, gate.refusal)
      const running = await ensureStarted(status.unitOf({ connector, task }, gate))
      running.topics.saw([{ topic }], gate.view.topicsReset)
      // An invocation may have several under way at once, each with an end of its own.
      const own = { ...invocation, id: `${invocation.id}-${++deliveries}` }
      const delivery = deliverTo(running, part, own)
      running.busy.add(delivery)
      await delivery.finally(() => {
        running.busy.delete(delivery)
        running.waiting.delete(own)
      })
      await report(running, gate)
    }
  }

  /** After a delivery. Never throws: the target has the batch, and refused it would come again. */
  async function report(running: Started, gate: SinkGate): Promise<void> {
    try {
      await sayHowItStands(running, gate)
    } catch (error) {
      const what = `Could not write how a sink task stands: ${messageOf(error)}`
      ports.log.warn(what, { ...running.event, error })
    }
  }

  /** Says what its status does not say yet. */
  async function sayHowItStands(running: Started, gate: SinkGate): Promise<void> {
    const said = gate.status
    const isOver = said?.reason !== undefined && gate.holder !== 'other' && !running.waiting.size
    if (said?.state !== 'RUNNING' || gate.holder === 'gone' || isOver)
      await status.running(running, running.version)
    else if (running.errors.isDue()) await status.lastError(running)
    else return
    gates.forget(running.event)
  }

  async function deliverTo(
    running: Started,
    event: KafkaEvent,
    invocation: Invocation,
  ): Promise<void> {
    // First: an invocation may be frozen once it has answered, so nothing may be under way then.
    await running.topics.written()
    try {
      await running.sink.take(event, {
        remainingMs: invocation.remainingMs,
        wait: (ms, error) =>
          waitFor(ms, { running, event, invocation, doing: RECORD_AGAIN, error }),
        again: (doing, attempt) => againAndAgain({ running, event, invocation, doing }, attempt),
      })
      ports.metrics.add('offset-commit-completion-total', 1, running.event)
    } catch (error) {
      ports.metrics.add('offset-commit-skip-total', 1, running.event)
      if (!isRetriable(error)) await fail(running, running.version, error)
      throw error
    }
  }

  async function againAndAgain(
    trial: Omit<Trial, 'error'>,
    work: (batch: SinkBatch) => Promise<void>,
  ): Promise<void> {
    const { id, remainingMs } = trial.invocation
    for (let attempt = 1; ; attempt++) {
      try {
        return await work({ id: `${id}-${attempt}`, remainingMs })
      } catch (error) {
        if (!isRetriable(error)) throw error
        const backoffMs = Math.min(MAX_BACKOFF_MS, 100 * 2 ** attempt)
        if (!(await waitFor(backoffMs, { ...trial, error }))) throw error
      }
    }
  }

  /** Shows what it waits for. False when there is no time for it, or the rows want something else. */
  async function waitFor(ms: number, trial: Trial): Promise<boolean> {
    const { running, event, invocation, doing, error } = trial
    if (invocation.remainingMs() < ms + MIN_REMAINING_MS) return false
    if (!(await isStillWanted(running))) return false
    running.waiting.add(invocation)
    await showTrouble(running, running.version, { doing, error, places: placesOf(event) })
    for (let leftMs = ms; leftMs > 0; leftMs -= GATE_MS) {
      await ports.clock.sleep(Math.min(leftMs, GATE_MS))
      if (leftMs > GATE_MS && !(await isStillWanted(running))) return false
    }
    return true
  }

  /** A pause, a restart or another configuration ends the attempts: the batch comes again and meets what is wanted then. */
  async function isStillWanted({ event, view }: Started): Promise<boolean> {
    const gate = await gates.read(event)
    return !gate.refusal && sameRun(gate.view, view)
  }

  function ensureStarted(unit: Unit): Promise<Started> {
    const key = keyOf(unit.event)
    const before = started.get(key)
    if (before && sameRun(before.view, unit.view)) return before.running
    const running = stopped(before?.running).then(() => start(unit))
    started.set(key, { event: unit.event, view: unit.view, running })
    running.catch(() => {
      if (started.get(key)?.running === running) started.delete(key)
    })
    return running
  }

  async function start(unit: Unit): Promise<Started> {
    const { event, view, errors } = unit
    let version = ''
    try {
      const connector = sinkOf(view, plugins)
      version = connector.version
      const config = await runningConfig(view.config, ports)
      const sink = await startSink({ config, task: event, connector, errors, ports, plugins })
      const topics = topicTracker(event.connector, ports)
      return { ...unit, version, sink, topics, busy: new Set(), waiting: new Set() }
    } catch (error) {
      const hasRun = (await statusOfRun(event, view, ports))?.state === 'RUNNING'
      if (hasRun && isRetriable(error))
        await showTrouble(unit, version, { doing: 'cannot start now', error, places: '' })
      else await fail(unit, version, error)
      throw error
    }
  }

  async function fail(unit: Unit, version: string, error: unknown): Promise<void> {
    await status.failed(unit, version, error)
    gates.forget(unit.event)
    await nudge(unit.event.connector, ports)
  }

  async function showTrouble(unit: Unit, version: string, trouble: Trouble): Promise<void> {
    await status.trouble(unit, version, trouble)
    gates.forget(unit.event)
  }

  async function prepare(event: TaskEvent): Promise<void> {
    // Batches that come from now on meet the rows as they are now.
    gates.forget(event)
    await endThoseOver(event.connector)
    const view = await viewTask(event, ports)
    if (!view) return
    const { status: said, holder } = await gateOf(view, event, ports)
    const isSaid = said?.state === view.targetState && holder !== 'gone'
    if (said?.state === 'FAILED' || isSaid) return
    const unit = status.unitOf(event, { view, status: said })
    if (view.targetState === 'PAUSED') return status.paused(unit, versionOf(view, plugins))
    // What failed stands in the status or the log by now; a batch starts it again.
    const running = await ensureStarted(unit).catch(() => undefined)
    if (running) await status.running(running, running.version)
    gates.forget(event)
  }

  /** Stopped, deleted or FAILED: once its last delivery has ended, what it has connected to hears nothing more from it. */
  async function endThoseOver(connector: string): Promise<void> {
    for (const [key, { event, running }] of started) {
      if (event.connector !== connector) continue
      const view = await viewTask(event, ports)
      const hasFailed = view && (await statusOfRun(event, view, ports))?.state === 'FAILED'
      if (view && !hasFailed) continue
      if (started.get(key)?.running === running) started.delete(key)
      await stopped(running)
      ports.log.info('Sink task ends here', event)
    }
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
  await one?.sink.stop()
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
