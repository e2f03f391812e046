/** How many tasks of a connector are in which state, judged by its rows. Pure. */
import type { ConnectorView, State, Status } from '../ports.ts'

export type TaskCounts = {
  readonly running: number
  /** the connector itself is one of them, where it is FAILED */
  readonly failed: number
  readonly paused: number
  readonly unassigned: number
  readonly restarting: number
  readonly total: number
}

/** `living`: undefined where nobody knows which workers live. */
export type Moment = { readonly now: number; readonly living: readonly string[] | undefined }

export function taskCounts(view: ConnectorView, at: Moment): TaskCounts {
  const { row, tasks, statuses } = view
  const states = (tasks?.configs ?? []).map((_, task) => stateOf(view, task, at))
  const count = (state: State) => states.filter((one) => one === state).length
  const own = statuses.get('connector')
  const isFailed = own?.state === 'FAILED' && own.restart >= row.restarts.connector
  return {
    running: count('RUNNING'),
    failed: count('FAILED') + (isFailed ? 1 : 0),
    paused: count('PAUSED'),
    unassigned: count('UNASSIGNED'),
    restarting: count('RESTARTING'),
    total: states.length,
  }
}

/** As the REST API shows it. */
export function stateOf(view: ConnectorView, task: number, at: Moment): State {
  const { row, tasks, statuses } = view
  const status = statuses.get(task)
  if (!status || status.generation < (tasks?.generation ?? 0)) return 'UNASSIGNED'
  const { state } = status
  if (state === 'RUNNING' || state === 'PAUSED')
    if (isOrphan(view, task, status, at)) return 'UNASSIGNED'
  const isLeaving = state !== 'PAUSED' && state !== 'STOPPED'
  return isLeaving && status.restart < (row.restarts.tasks[task] ?? 0) ? 'RESTARTING' : state
}

function isOrphan(
  { leases }: ConnectorView,
  task: number,
  { state, generation, workerId }: Status,
  { now, living }: Moment,
): boolean {
  const lease = leases.find((one) => one.task === task && one.generation === generation)
  const isHeld = state === 'RUNNING' && lease !== undefined && !lease.released
  if (isHeld && lease.expiresAt <= now) return true
  return living !== undefined && !living.includes(isHeld ? lease.owner : workerId)
}
