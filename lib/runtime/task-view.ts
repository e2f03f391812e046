import type { RawConfig } from '../config/config-def.ts'
import { isRetriable, messageOf, traceOf } from '../errors.ts'
import type { Ports, State, Status, TargetState, TaskEvent } from '../ports.ts'

/** What the rows want of a task at this moment. */
export type TaskView = {
  readonly targetState: TargetState
  /** of the task set */
  readonly generation: number
  /** how often its restart was asked for */
  readonly restart: number
  /** the connector's, of which the task set was made */
  readonly version: number
  /** of the connector row */
  readonly revision: number
  readonly config: RawConfig
  /** the reset since which its active topics count; left out: none */
  readonly topicsReset?: number
}

/** Undefined when there is no such task: its connector is gone or stopped, or has fewer tasks now. */
export async function viewTask(
  { connector, task }: TaskEvent,
  ports: Ports,
): Promise<TaskView | undefined> {
  const [target, found] = await Promise.all([
    ports.configs.target(connector),
    ports.tasks.readTask(connector, task),
  ])
  if (!target || target.deleted || !found || target.targetState === 'STOPPED') return undefined
  const { targetState, restarts, revision, topicsReset } = target
  return {
    ...found,
    targetState,
    revision,
    restart: restarts.tasks[task] ?? 0,
    ...(topicsReset === undefined ? {} : { topicsReset }),
  }
}

export const sameRun = (
  one: Pick<TaskView, 'generation' | 'restart'>,
  other: Pick<TaskView, 'generation' | 'restart'>,
) => one.generation === other.generation && one.restart === other.restart

/** The status of the very run that the rows want; undefined when none of its states was written yet. */
export async function statusOfRun(
  event: TaskEvent,
  view: TaskView,
  ports: Ports,
): Promise<Status | undefined> {
  const status = await ports.statuses.get(event.connector, event.task)
  return status && sameRun(status, view) ? status : undefined
}

export type Said = {
  readonly state: State
  readonly version: string
  /** what it FAILED with, whatever state is said */
  readonly error?: unknown
  readonly reason?: string
  readonly lastError?: string | undefined
}

/** Who says it: `asOf` and `inPlaceOf` of StatusStore.write. */
export type Speaker = { readonly asOf: number; readonly inPlaceOf?: string | undefined }

/** Writes how a task stands. False when it is refused. */
export function writeStatus(
  event: TaskEvent,
  view: TaskView,
  { state, version, error, reason, lastError }: Said,
  { asOf, inPlaceOf }: Speaker,
  { statuses, worker, clock }: Ports,
): Promise<boolean> {
  const status: Status = {
    state: error === undefined ? state : 'FAILED',
    version,
    workerId: worker.id,
    since: clock.now(),
    generation: view.generation,
    restart: view.restart,
    configVersion: view.version,
    asOf,
    ...(error === undefined ? {} : failureOf(error)),
    ...(reason === undefined ? {} : { reason }),
    ...(lastError === undefined ? {} : { lastError }),
  }
  return statuses.write(event.connector, event.task, status, inPlaceOf)
}

const failureOf = (error: unknown) => ({
  trace: traceOf(error),
  reason: messageOf(error),
  ...(isRetriable(error) && { retriable: true }),
})
