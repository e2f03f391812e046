/** How a connector and its tasks stand, judged by their rows. Pure. */
import type { State, Status } from '../ports.ts'
import type { ConnectorView } from './connector-view.ts'

export type Shown = Pick<Status, 'state' | 'workerId' | 'version' | 'trace' | 'reason'> & {
  /** undefined: it has not been anything yet */
  readonly since: number | undefined
}

/** Undefined while the coordinator has not seen it. */
export function shownConnector({ row, statuses }: ConnectorView): Shown | undefined {
  const status = statuses.get('connector')
  return status && whileRestarting(status, row.restarts.connector)
}

/** Undefined when there is no such task. */
export function shownTask(
  view: ConnectorView,
  task: number,
  at: { readonly now: number; readonly workerId: string },
): Shown | undefined {
  const { row, tasks, statuses, leases } = view
  if (!tasks || !(task in tasks.configs)) return undefined
  const status = statuses.get(task)
  if (!status)
    return unassigned(statuses.get('connector') ?? { workerId: at.workerId, version: '' })
  if (status.generation < tasks.generation) return unassigned(status)
  const lease = leases.find((one) => one.task === task && one.generation === status.generation)
  if (status.state === 'RUNNING' && lease && !lease.released && lease.expiresAt <= at.now)
    return {
      ...unassigned(status),
      since: lease.expiresAt,
      reason: `${lease.owner} has not renewed its lease; another worker takes the task over`,
    }
  return whileRestarting(status, row.restarts.tasks[task] ?? 0)
}

const unassigned = ({ workerId, version }: Pick<Shown, 'workerId' | 'version'>): Shown => ({
  state: 'UNASSIGNED',
  workerId,
  version,
  since: undefined,
})

/** A failure that a restart was asked for after it is on its way out. */
const whileRestarting = (status: Status, restart: number): Shown =>
  status.state === 'FAILED' && status.restart < restart
    ? { ...status, state: 'RESTARTING' satisfies State }
    : status
