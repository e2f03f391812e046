/** Delivers Kafka's batches into a sink's target: gate ▶ convert ▶ put ▶ return. Returning is the commit; throwing has the batch sent again. */
import { parseConfig, splitList } from '../config/config-def.ts'
import type { KafkaEvent } from '../data/kafka-event.ts'
import { ConnectError, isRetriable, messageOf, RetriableError } from '../errors.ts'
import type { Plugins, SinkConnector, SinkTask } from '../plugin.ts'
import type { Invocation, Ports, TaskEvent } from '../ports.ts'
import { type Converters, convertersOf } from './converters.ts'
import { remembered } from './remembered.ts'
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

type Started = {
  readonly event: TaskEvent
  readonly view: TaskView
  readonly connector: SinkConnector
  readonly task: SinkTask
  readonly converters: Converters
  readonly tolerance: Tolerance
}

/** How long a look at the rows serves. */
const GATE_MS = 1_000
/** Time that a batch needs at least; with less left it is handed back. */
const MIN_REMAINING_MS = 1_000

export function sinkTasks(ports: Ports, plugins: Plugins): SinkTasks {
  const started = new Map<string, Promise<Started>>()
  // The rows' will: a mapping takes a while to be disabled and keeps calling, so it is looked at before each batch.
  const gates = remembered(GATE_MS, ports.clock, (event: TaskEvent) => gate(event, ports))
  const owners = remembered(GATE_MS, ports.clock, (of: TopicOf) => taskOfTopic(of, ports))

  async function deliver(
    connector: string,
    event: KafkaEvent,
    invocation: Invocation,
  ): Promise<void> {
    for (const [topic, records] of Object.entries(byTopic(event))) {
      const task = await owners.read({ connector, topic })
      const gate = await gates.read({ connector, task })
      if (gate.refusal)
        throw new RetriableError(`Connector ${connector} takes no records now: ${gate.refusal}`)
      const running = await ensureStarted({ connector, task }, gate.view)
      await deliverTo(running, records, invocation)
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
      if (!isRetriable(error)) await fail(running, error)
      throw error
    }
  }

  async function putAgainAndAgain(
    { event, view, connector, task }: Started,
    records: ReturnType<typeof sinkRecords>,
    invocation: Invocation,
  ): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await task.put(records, {
          id: `${invocation.id}-${attempt}`,
          remainingMs: invocation.remainingMs,
        })
        if (attempt > 1)
          await writeStatus(event, view, { state: 'RUNNING', version: connector.version }, ports)
        return
      } catch (error) {
        const backoffMs = Math.min(5_000, 100 * 2 ** attempt)
        if (!isRetriable(error) || invocation.remainingMs() < backoffMs + MIN_REMAINING_MS)
          throw error
        if ((await gates.read(event)).refusal) throw error
        const reason = `puts the batch again: ${messageOf(error)}`
        ports.log.warn(`Sink task ${reason}`, { ...event, error })
        await writeStatus(
          event,
          view,
          { state: 'RUNNING', version: connector.version, reason },
          ports,
        )
        await ports.clock.sleep(backoffMs)
      }
    }
  }

  async function ensureStarted(event: TaskEvent, view: TaskView): Promise<Started> {
    const key = unitKey(event)
    const running = await started.get(key)?.catch(() => undefined)
    if (running && sameRun(running.view, view)) return running
    await running?.task.stop()
    const starting = start(event, view)
    started.set(key, starting)
    starting.catch(() => started.delete(key))
    return starting
  }

  async function start(event: TaskEvent, view: TaskView): Promise<Started> {
    const connector = sinkOf(view, plugins)
    const tolerance = toleranceOf(view.config, event, ports.log, ports.metrics)
    try {
      const converters = convertersOf(view.config, ports.worker.converters, plugins)
      const task = await connector.startTask(parseConfig(connector.config, view.config), {
        ...event,
        warn: (message, details) => ports.log.warn(message, { ...event, ...details }),
        reportErrant: async ({ topic, partition, offset }, error) =>
          tolerance('TASK_PUT', error, { topic, partition, offset }),
      })
      if ((await statusOfRun(event, view, ports))?.state !== 'RUNNING')
        await writeStatus(event, view, { state: 'RUNNING', version: connector.version }, ports)
      return { event, view, connector, task, converters, tolerance }
    } catch (error) {
      const hasRun = (await statusOfRun(event, view, ports))?.state === 'RUNNING'
      if (!hasRun || !isRetriable(error)) await fail({ event, view, connector }, error)
      else ports.log.warn(`Sink task cannot start now: ${messageOf(error)}`, { ...event, error })
      throw error
    }
  }

  async function fail(
    { event, view, connector }: Pick<Started, 'event' | 'view' | 'connector'>,
    error: unknown,
  ) {
    ports.log.error(`Sink task failed: ${messageOf(error)}`, { ...event, error })
    await writeStatus(event, view, { state: 'FAILED', version: connector.version, error }, ports)
    gates.forget(event)
    await ports.invoker.coordinator({ connector: event.connector })
  }

  async function prepare(event: TaskEvent): Promise<void> {
    const view = await viewTask(event, ports)
    const status = view && (await statusOfRun(event, view, ports))
    if (!view || status?.state === 'FAILED') return
    if (view.targetState === 'RUNNING') {
      // What failed stands in the status or the log by now; a batch starts it again.
      await ensureStarted(event, view).catch(() => undefined)
      return
    }
    if (status?.state === 'PAUSED') return
    await writeStatus(
      event,
      view,
      { state: 'PAUSED', version: sinkOf(view, plugins).version },
      ports,
    )
  }

  async function close(): Promise<void> {
    const all = await Promise.allSettled(started.values())
    await Promise.all(
      all.map((one) => (one.status === 'fulfilled' ? one.value.task.stop() : undefined)),
    )
    started.clear()
  }

  return { deliver, prepare, close }
}

type TopicOf = { readonly connector: string; readonly topic: string }

type Gate = { readonly view: TaskView; readonly refusal?: string }

async function gate(event: TaskEvent, ports: Ports): Promise<Gate> {
  const view = await viewTask(event, ports)
  if (!view)
    throw new RetriableError(
      `Connector ${event.connector} takes no records now: it is stopped or deleted`,
    )
  if (view.targetState !== 'RUNNING') return { view, refusal: `it is ${view.targetState}` }
  const status = await statusOfRun(event, view, ports)
  return status?.state === 'FAILED'
    ? { view, refusal: `its task ${event.task} is FAILED` }
    : { view }
}

/** Whole topics are dealt out to tasks: the one that has this topic in its configuration. */
async function taskOfTopic({ connector, topic }: TopicOf, ports: Ports): Promise<number> {
  const set = await ports.tasks.read(connector)
  const task =
    set?.configs.findIndex((config) => splitList(config.topics ?? '').includes(topic)) ?? -1
  if (task >= 0) return task
  throw new RetriableError(
    `Connector ${connector} takes no records of topic ${topic} now: no task has it`,
  )
}

/** The event in parts of one topic each: each topic belongs to one task. */
function byTopic(event: KafkaEvent): Record<string, KafkaEvent> {
  const parts: Record<string, KafkaEvent> = {}
  for (const [partition, records] of Object.entries(event.records)) {
    const topic = records[0]?.topic
    if (topic === undefined) continue
    const part = parts[topic] ?? { ...event, records: {} }
    parts[topic] = { ...part, records: { ...part.records, [partition]: records } }
  }
  return parts
}

function sinkOf(view: TaskView, plugins: Plugins): SinkConnector {
  const connector = plugins.connector(view.config['connector.class'] ?? '')
  if (connector.kind === 'sink') return connector
  throw new ConnectError(`${connector.name} is not a sink connector`)
}

const unitKey = ({ connector, task }: TaskEvent): string => `${task} ${connector}`
