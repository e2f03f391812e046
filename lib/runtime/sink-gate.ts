/** What the rows say of a sink's delivery: whose it is, and whether it may be taken now. */
import { splitList } from '../config/config-def.ts'
import type { KafkaEvent } from '../data/kafka-event.ts'
import { RetriableError } from '../errors.ts'
import type { Ports, Status, TaskEvent } from '../ports.ts'
import { type Holder, holderOf } from './holder.ts'
import { statusOfRun, type TaskView, viewTask } from './task-view.ts'

export type SinkGate = {
  readonly view: TaskView
  /** of this run */
  readonly status: Status | undefined
  /** whose that status is */
  readonly holder: Holder | undefined
  /** why it takes nothing */
  readonly refusal?: string
}

/** @throws RetriableError when there is no such task. */
export async function sinkGate(event: TaskEvent, ports: Ports): Promise<SinkGate> {
  const view = await viewTask(event, ports)
  if (!view) throw takesNothing(event.connector, 'it is stopped or deleted')
  return gateOf(view, event, ports)
}

export async function gateOf(view: TaskView, event: TaskEvent, ports: Ports): Promise<SinkGate> {
  const status = await statusOfRun(event, view, ports)
  const seen = { view, status, holder: status && (await holderOf(status, ports)) }
  if (view.targetState !== 'RUNNING') return { ...seen, refusal: `it is ${view.targetState}` }
  return status?.state === 'FAILED'
    ? { ...seen, refusal: `its task ${event.task} is FAILED` }
    : seen
}

export const takesNothing = (connector: string, why: string): RetriableError =>
  new RetriableError(`Connector ${connector} takes no records now: ${why}`)

export type TopicOf = { readonly connector: string; readonly topic: string }

/** Whole topics are dealt out to tasks: the one that has this topic in its configuration. @throws RetriableError when none has. */
export async function taskOfTopic({ connector, topic }: TopicOf, ports: Ports): Promise<number> {
  const set = await ports.tasks.read(connector)
  const task =
    set?.configs.findIndex((config) => splitList(config.topics ?? '').includes(topic)) ?? -1
  if (task >= 0) return task
  throw takesNothing(connector, `no task has topic ${topic}`)
}

/** The event in parts of one topic each: each topic belongs to one task. */
export function byTopic(event: KafkaEvent): ReadonlyMap<string, KafkaEvent> {
  const parts = new Map<string, KafkaEvent>()
  for (const [partition, records] of Object.entries(event.records)) {
    const topic = records[0]?.topic
    if (topic === undefined) continue
    const before = parts.get(topic)?.records
    parts.set(topic, { ...event, records: { ...before, [partition]: records } })
  }
  return parts
}

/** ` (orders-0@40..52)`: where an event's records stand. */
export function placesOf({ records }: KafkaEvent): string {
  const places = Object.values(records).flatMap((part) => {
    const [first, last] = [part[0], part.at(-1)]
    return first && last
      ? [`${first.topic}-${first.partition}@${first.offset}..${last.offset}`]
      : []
  })
  return ` (${places.join(', ')})`
}
