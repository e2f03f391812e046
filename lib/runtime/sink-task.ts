/** Delivers Kafka's batches into a sink's target: gate ▶ convert ▶ transform ▶ put ▶ return. Returning is the commit; throwing has the batch sent again. */
import type { KafkaEvent } from '../data/kafka-event.ts'
import { ConnectError, isRetriable, messageOf } from '../errors.ts'
import type { Plugins, SinkBatch, SinkConnector } from '../plugin.ts'
import type { Invocation, Ports, TaskEvent } from '../ports.ts'
import { remembered } from './remembered.ts'
import { runningConfig } from './resolve-config.ts'
import { byTopic, sinkGate, type TopicOf, takesNothing, taskOfTopic } from './sink-gate.ts'
import { type StartedSink, startSink } from './started-sink.ts'
import { sameRun, statusOfRun, type TaskView, viewTask, writeStatus } from './task-view.ts'
import { type TopicTracker, topicTracker } from './topic-tracker.ts'

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

/** Something that failed and is to be done again. */
type Trial = {
  readonly running: Started
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
}

/** How long a look at the rows serves. */
const GATE_MS = 1_000
/** Time that a batch needs at least; with less left it is handed back. */
const MIN_REMAINING_MS = 1_000
const MAX_BACKOFF_MS = 5_000
const RECORD_AGAIN = 'processes a record again'

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
      running.topics.saw([{ topic }], view.topicsReset)
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
    // First: an invocation may be frozen once it has answered, so nothing may be under way then.
    await running.topics.written()
    try {
      await running.sink.take(event, {
        remainingMs: invocation.remainingMs,
        wait: (ms, error) => waitFor(ms, { running, invocation, doing: RECORD_AGAIN, error }),
        again: (doing, attempt) => againAndAgain(running, invocation, doing, attempt),
      })
    } catch (error) {
      if (!isRetriable(error)) await fail(running, running.version, error)
      throw error
    }
  }

  async function againAndAgain(
    running: Started,
    invocation: Invocation,
    doing: string,
    work: (batch: SinkBatch) => Promise<void>,
  ): Promise<void> {
    const { id, remainingMs } = invocation
    for (let attempt = 1; ; attempt++) {
      try {
        return await work({ id: `${id}-${attempt}`, remainingMs })
      } catch (error) {
        if (!isRetriable(error)) throw error
        const backoffMs = Math.min(MAX_BACKOFF_MS, 100 * 2 ** attempt)
        if (!(await waitFor(backoffMs, { running, invocation, doing, error }))) throw error
      }
    }
  }

  /** Shows what it waits for. False when there is no time for it, or the rows want something else. */
  async function waitFor(
    ms: number,
    { running, invocation, doing, error }: Trial,
  ): Promise<boolean> {
    if (invocation.remainingMs() < ms + MIN_REMAINING_MS) return false
    if (!(await isStillWanted(running))) return false
    await showTrouble(running, running.version, doing, error)
    for (let leftMs = ms; leftMs > 0; leftMs -= GATE_MS) {
      await ports.clock.sleep(Math.min(leftMs, GATE_MS))
      if (leftMs > GATE_MS && !(await isStillWanted(running))) return false
    }
    return true
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
      const config = await runningConfig(view.config, ports)
      const sink = await startSink({ config, task: event, connector, ports, plugins })
      const topics = topicTracker(event.connector, ports)
      return { event, view, version, sink, topics, busy: new Set() }
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
  async function showRunning({ event, view, version }: Started): Promise<void> {
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
