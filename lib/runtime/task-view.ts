import type { RawConfig } from '../config/config-def.ts'
import { messageOf, traceOf } from '../errors.ts'
import type { Ports, State, Status, TargetState, TaskEvent } from '../ports.ts'

/** What the rows want of a task at this moment. */
export type TaskView = {
  readonly targetState: TargetState
  /** of the task set */
  readonly generation: number
  /** how often its restart was asked for */
  readonly restart: number
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
  const { targetState, restarts, topicsReset } = target
  return {
    targetState,
    restart: restarts.tasks[task] ?? 0,
    generation: found.generation,
    config: found.config,
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

/** Writes how a task stands. An error makes it FAILED with its trace, whatever state is said. */
export function writeStatus(
  event: TaskEvent,
  view: TaskView,
  said: {
    readonly state: State
    readonly version: string
    readonly error?: unknown
    readonly reason?: string
  },
  ports: Ports,
): Promise<boolean> {
  const { error, reason } = said
  return ports.statuses.write(event.connector, event.task, {
    state: said.state,
    version: said.version,
    workerId: ports.worker.id,
    since: ports.clock.now(),
    generation: view.generation,
    restart: view.restart,
    ...(error === undefined ? {} : { trace: traceOf(error), reason: messageOf(error) }),
    ...(reason === undefined ? {} : { reason }),
  })
}
