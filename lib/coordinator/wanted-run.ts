/** The tasks that are wanted, and what is known of the run that they are to be. Pure. */
import type { RawConfig } from '../config/config-def.ts'
import { lastRestart, nextRestart } from '../config/restart-policy.ts'
import type { Status } from '../ports.ts'
import type { Actual, Wanted } from './wanted-actual.ts'

/** STOPPED has no tasks; PAUSED keeps those it has; a connector that cannot share out its work keeps them too, as in Kafka Connect. */
export function wantedConfigs(
  { row, taskConfigs }: Wanted,
  { tasks }: Actual,
): readonly RawConfig[] {
  const existing = tasks?.configs ?? []
  if (row.targetState === 'STOPPED') return []
  if (!isList(taskConfigs)) return existing
  return row.targetState === 'PAUSED' && existing.length === 0 ? [] : taskConfigs
}

export const isList = (configs: Wanted['taskConfigs']): configs is readonly RawConfig[] =>
  Array.isArray(configs)

export const sameConfigs = (one: readonly RawConfig[], other: readonly RawConfig[]): boolean =>
  one.length === other.length && one.every((config, task) => sameConfig(config, other[task] ?? {}))

const sameConfig = (one: RawConfig, other: RawConfig): boolean => {
  const keys = Object.keys(one)
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && one[key] === other[key])
  )
}

/** Of each task, by its number; undefined where no status is of the run that is wanted. */
export type Run = readonly (Status | undefined)[]

export function runOf({ row }: Wanted, actual: Actual, configs: readonly RawConfig[]): Run {
  const { tasks, statuses } = actual
  const isPublished = tasks !== undefined && sameConfigs(configs, tasks.configs)
  return configs.map((_, task) => {
    const status = statuses.get(task)
    const isOfRun =
      isPublished &&
      status?.generation === tasks.generation &&
      status?.restart === (row.restarts.tasks[task] ?? 0)
    return isOfRun ? status : undefined
  })
}

/** Restarts that are due at some time, of tasks that FAILED for a fault that may have healed by then. */
export function restartsToCome({ row, restartPolicy }: Wanted, run: Run) {
  if (!restartPolicy || row.targetState !== 'RUNNING') return []
  return run.flatMap((status, task) => {
    if (status?.state !== 'FAILED') return []
    const next = nextRestart(restartPolicy, status, lastRestart(row, task))
    return next ? [{ task, ...next }] : []
  })
}

/** Those whose status is not yet of the run that is wanted: a new generation, a restart, a pause, a resume; or is a dead worker's, or of an invocation that has died. */
export function tasksToWake({ row }: Wanted, actual: Actual, run: Run): number[] {
  return run.flatMap((status, task) => {
    const isAsWanted =
      status?.state === row.targetState &&
      holderOf(status, actual) !== 'gone' &&
      !isLost(task, status, actual)
    return status?.state === 'FAILED' || isAsWanted ? [] : [task]
  })
}

/** A paused one has nothing to go on with. */
const isLost = (task: number, { state }: Status, { lost = [] }: Actual): boolean =>
  state === 'RUNNING' && lost.includes(task)

/** Whose a status is. Where nobody knows who lives, each takes it for its own. */
export function holderOf({ workerId }: Status, { workers }: Actual): 'own' | 'other' | 'gone' {
  if (!workers || workerId === workers.self) return 'own'
  return workers.living.includes(workerId) ? 'other' : 'gone'
}
