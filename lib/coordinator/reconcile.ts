/** Decides what has to change so that a connector is what its row wants. Pure: rows and cloud state in, actions out; done twice, the second time says nothing. */
import type { RawConfig } from '../config/config-def.ts'
import { sinkTriggers } from './sink-triggers.ts'
import type { Action, Actual, Wanted } from './wanted-actual.ts'
import {
  holderOf,
  isList,
  type Run,
  restartsToCome,
  runOf,
  sameConfigs,
  tasksToWake,
  wantedConfigs,
} from './wanted-run.ts'

export function reconcile(wanted: Wanted, actual: Actual, now: number): Action[] {
  // Read before somebody published for a later version: whoever did has seen more.
  if (actual.tasks && actual.tasks.version > wanted.row.version) return []
  if (wanted.row.deleted) return clearAway(actual, now)
  const configs = wantedConfigs(wanted, actual)
  const run = runOf(wanted, actual, configs)
  return [
    ...publication(configs, actual),
    ...dueRestarts(wanted, run, now),
    ...(wanted.kind === 'source' ? sourceTriggers(wanted, actual, run) : []),
    ...(wanted.kind === 'sink' ? sinkTriggers(wanted, actual, { configs, run }, now) : []),
    ...othersTriggers(wanted, actual),
    ...connectorStatus(wanted, actual),
  ]
}

/** Its tasks end first: while one of them holds a living lease the rows stay, so that nobody takes its place too early. */
function clearAway(actual: Actual, now: number): Action[] {
  const leaving = [
    ...publication([], actual),
    ...actual.schedules.map((task): Action => ({ do: 'remove schedule', task })),
    ...actual.mappings.map(({ topic }): Action => ({ do: 'remove mapping', topic })),
  ]
  const isHeld = actual.leases.some((lease) => !lease.released && lease.expiresAt > now)
  return leaving.length > 0 || isHeld ? leaving : [{ do: 'clear away' }]
}

function publication(configs: readonly RawConfig[], { tasks }: Actual): Action[] {
  const existing = tasks?.configs ?? []
  return sameConfigs(configs, existing) ? [] : [{ do: 'publish tasks', configs }]
}

function sourceTriggers(wanted: Wanted, actual: Actual, run: Run): Action[] {
  const isRunning = wanted.row.targetState === 'RUNNING'
  const scheduled = run.flatMap((status, task) =>
    isRunning && status?.state !== 'FAILED' ? [task] : [],
  )
  return [
    ...scheduled
      .filter((task) => !actual.schedules.includes(task))
      .map((task): Action => ({ do: 'ensure schedule', task })),
    ...actual.schedules
      .filter((task) => !scheduled.includes(task))
      .map((task): Action => ({ do: 'remove schedule', task })),
    ...tasksToWake(wanted, actual, run).map((task): Action => ({ do: 'invoke source', task })),
  ]
}

/** What one of this name had that was of the other kind. */
const othersTriggers = ({ kind }: Wanted, { schedules, mappings }: Actual): Action[] => [
  ...(kind === 'sink' ? schedules.map((task): Action => ({ do: 'remove schedule', task })) : []),
  ...(kind === 'source'
    ? mappings.map(({ topic }): Action => ({ do: 'remove mapping', topic }))
    : []),
]

/** FAILED for a fault that may have healed by now. */
function dueRestarts(wanted: Wanted, run: Run, now: number): Action[] {
  const due = restartsToCome(wanted, run).filter(({ at }) => at <= now)
  const tasks = due.map(({ task, count }) => ({ task, count }))
  return tasks.length === 0 ? [] : [{ do: 'restart tasks', tasks }]
}

function connectorStatus({ row, taskConfigs }: Wanted, actual: Actual): Action[] {
  const status = actual.statuses.get('connector')
  const isOfRun = status?.generation === row.version && status.restart === row.restarts.connector
  // What the cloud has refused is tried again; it heals once that goes through.
  const hasFailed = isOfRun && status.state === 'FAILED' && !status.retriable
  if (hasFailed && row.targetState !== 'STOPPED') return []
  if (!isList(taskConfigs) && row.targetState !== 'STOPPED')
    return [{ do: 'write connector status', state: 'FAILED', error: taskConfigs.error }]
  const waiting = actual.mappings.flatMap((mapping) =>
    mapping.enabled && mapping.waiting ? [mapping.waiting] : [],
  )
  const reason = waiting.length > 0 ? waiting.sort().join('; ') : undefined
  if (isOfRun && status.state === row.targetState) {
    const holder = holderOf(status, actual)
    // Each process has mappings of its own: one that lives has the word.
    if (holder === 'other' || (holder === 'own' && status.reason === reason)) return []
  }
  return [{ do: 'write connector status', state: row.targetState, ...(reason && { reason }) }]
}
