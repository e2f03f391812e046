/** How a connector and its tasks stand, judged by their rows. Pure. */
import type { RawConfig } from '../config/config-def.ts'
import { lastRestart, nextRestart, restartPolicyOf } from '../config/restart-policy.ts'
import { ConfigError } from '../errors.ts'
import type { State, Status, TargetState } from '../ports.ts'
import type { ConnectorView } from './connector-view.ts'

/** `reason` is there unless it healthily is what it was asked to be. */
export type Shown = Pick<Status, 'state' | 'workerId' | 'version' | 'trace' | 'reason'> & {
  /** undefined: it has not been anything yet */
  readonly since: number | undefined
  readonly lastError?: string | undefined
  /** of a FAILED task that is restarted by itself */
  readonly nextRestart?: number
  /** of a sink's task: how many records it is behind */
  readonly lag?: number
}

export type Health = 'healthy' | 'degraded' | 'unhealthy'

export type ShownAll = { readonly connector: Shown; readonly tasks: readonly Shown[] }

/** What the rows are judged by. */
export type Seen = {
  readonly now: number
  readonly workerId: string
  /** absent: nobody knows */
  readonly living?: readonly string[] | undefined
  /** the worker's */
  readonly taskRestarts?: RawConfig | undefined
}

/** Undefined while the coordinator has not seen it. */
export function shownConnector(view: ConnectorView, seen: Seen): ShownAll | undefined {
  const { row, statuses, tasks } = view
  const status = statuses.get('connector')
  if (!status) return undefined
  return {
    connector: shownUnit(remembering(status, row.version), {
      restart: row.restarts.connector,
      target: row.targetState,
      isOrphan: isGone(status.workerId, seen),
    }),
    tasks: (tasks?.configs ?? []).flatMap((_, task) => shownTask(view, task, seen) ?? []),
  }
}

/** Undefined when there is no such task. */
export function shownTask(view: ConnectorView, task: number, seen: Seen): Shown | undefined {
  const { row, tasks, statuses, leases } = view
  if (!tasks || !(task in tasks.configs)) return undefined
  const stored = statuses.get(task)
  if (!stored) {
    const { workerId, version } = statuses.get('connector') ?? { ...seen, version: '' }
    return unassigned({ workerId, version }, 'no worker has begun it yet')
  }
  const status = remembering(stored, tasks.version)
  if (status.generation < tasks.generation)
    return unassigned(status, 'the tasks were shared out anew, and no worker has begun it yet')
  const lease = leases.find((one) => one.task === task && one.generation === status.generation)
  if (status.state === 'RUNNING' && lease && !lease.released) {
    if (lease.expiresAt <= seen.now)
      return { ...unassigned(status, expired(lease.owner)), since: lease.expiresAt }
    if (isGone(lease.owner, seen)) return unassigned(status, dead(lease.owner))
  }
  const shown = shownUnit(status, {
    restart: row.restarts.tasks[task] ?? 0,
    target: row.targetState,
    isOrphan: isGone(status.workerId, seen),
  })
  return shown.state === 'FAILED' && row.targetState === 'RUNNING'
    ? withNextRestart(shown, stored, { view, task, seen })
    : shown
}

/** Of another configuration's errors nothing is told. */
const remembering = ({ lastError, ...status }: Status, configVersion: number): Status =>
  lastError === undefined || status.configVersion !== configVersion
    ? status
    : { ...status, lastError }

const isGone = (workerId: string, { living, workerId: self }: Seen): boolean =>
  living !== undefined && workerId !== self && !living.includes(workerId)

function shownUnit(
  status: Status,
  { restart, target, isOrphan }: Wish & { readonly isOrphan: boolean },
): Shown {
  const { state } = status
  const isUp = state === 'RUNNING' || state === 'PAUSED'
  if (isUp && isOrphan) return unassigned(status, dead(status.workerId))
  if (state !== 'PAUSED' && state !== 'STOPPED' && status.restart < restart)
    return restarting(status)
  const reason = status.reason || defaultReason(state, target)
  return { ...status, ...(reason !== undefined && { reason }) }
}

type Wish = { readonly restart: number; readonly target: TargetState }

function defaultReason(state: State, target: TargetState): string | undefined {
  if (state === 'FAILED') return 'it failed without a message'
  return state === target ? undefined : `it is to be ${target}, and is not yet`
}

const unassigned = (
  { workerId, version, lastError }: Pick<Shown, 'workerId' | 'version' | 'lastError'>,
  reason: string,
): Shown => ({ state: 'UNASSIGNED', workerId, version, since: undefined, reason, lastError })

const dead = (worker: string): string =>
  `${worker} gives no sign of life; another worker takes it over`

const expired = (owner: string): string =>
  `${owner} has not renewed its lease; another worker takes the task over`

/** On its way out; a failure's trace stays to be seen. */
export const restarting = (shown: Shown): Shown => ({
  ...shown,
  state: 'RESTARTING',
  reason: 'a restart was asked for and is under way',
})

function withNextRestart(
  shown: Shown,
  failed: Status,
  of: { readonly view: ConnectorView; readonly task: number; readonly seen: Seen },
): Shown {
  const { row } = of.view
  const policy = policyOf(row.config, of.seen)
  if (policy.max === 0 || !failed.retriable) return shown
  const last = lastRestart(row, of.task)
  const next = nextRestart(policy, failed, last)
  if (!next) return { ...shown, reason: `${shown.reason}; ${gaveUp(last?.count ?? 0)}` }
  const which = policy.max === -1 ? `${next.count}` : `${next.count} of ${policy.max}`
  const when = new Date(next.at).toISOString()
  const reason = `${shown.reason}; it is restarted by itself at ${when}, ${which} in a row`
  return { ...shown, nextRestart: next.at, reason }
}

const gaveUp = (count: number): string =>
  `it was restarted by itself ${count === 1 ? 'once' : `${count} times in a row`} and stays FAILED now`

function policyOf(config: RawConfig, { taskRestarts }: Seen) {
  try {
    return restartPolicyOf(config, taskRestarts)
  } catch (error) {
    // The coordinator makes the connector FAILED for it, and no task is restarted.
    if (error instanceof ConfigError) return restartPolicyOf({})
    throw error
  }
}

export function healthOf({ connector, tasks }: ShownAll): Health {
  const all = [connector, ...tasks]
  if (all.some(({ state }) => state === 'FAILED')) return 'unhealthy'
  return all.some(({ reason }) => reason !== undefined) ? 'degraded' : 'healthy'
}

/** Its state is its own, as in Kafka Connect; its reason tells of its tasks, too. */
export function withTasksReason({ connector, tasks }: ShownAll): Shown {
  const reasons = [connector.reason, tasksReason(tasks)].filter((one) => one !== undefined)
  return reasons.length === 0 ? connector : { ...connector, reason: reasons.join('; ') }
}

/** `1 of 2 tasks FAILED: task 0: …`: the worst first. */
function tasksReason(tasks: readonly Shown[]): string | undefined {
  const ailing = tasks.filter(({ reason }) => reason !== undefined)
  const worst = ailing.find(({ state }) => state === 'FAILED') ?? ailing[0]
  if (!worst) return undefined
  const alike = ailing.filter(({ state }) => state === worst.state)
  const what = worst.state === 'RUNNING' ? 'RUNNING in trouble' : worst.state
  return `${alike.length} of ${tasks.length} tasks ${what}: task ${tasks.indexOf(worst)}: ${worst.reason}`
}
