/** Whether and when a task that FAILED is started again without anybody asking. Pure: the coordinator acts by it, and the API shows what it will do. */
import { type ConfigDef, parseConfig, type RawConfig } from './config-def.ts'

/** Beyond Kafka Connect: keys of a connector only where it names one, so that the keys of all others stay the same. Properties of a worker, too. */
export const restartConfig = {
  'task.restart.max': {
    type: 'int',
    importance: 'low',
    default: 0,
    atLeast: -1,
    doc: 'How many times in a row a task that FAILED for a fault which may heal is restarted by itself; 0: never, -1: without limit.',
    group: 'Error Handling',
    orderInGroup: 9,
    width: 'short',
    displayName: 'Automatic Task Restarts',
  },
  'task.restart.backoff.ms': {
    type: 'long',
    importance: 'low',
    default: 10_000,
    atLeast: 0,
    doc: 'How long after the failure the first of these restarts comes; the time doubles with each that follows.',
    group: 'Error Handling',
    orderInGroup: 10,
    width: 'medium',
    displayName: 'Automatic Task Restart Back-off',
  },
  'task.restart.backoff.max.ms': {
    type: 'long',
    importance: 'low',
    default: 300_000,
    atLeast: 0,
    doc: 'The longest time between a failure and such a restart.',
    group: 'Error Handling',
    orderInGroup: 11,
    width: 'medium',
    displayName: 'Maximum Automatic Task Restart Back-off',
  },
} as const satisfies ConfigDef

const KEYS = Object.keys(restartConfig)

export const restartKeysOf = (config: RawConfig): RawConfig =>
  Object.fromEntries(Object.entries(config).filter(([key]) => KEYS.includes(key)))

export type RestartPolicy = {
  /** -1: without limit */
  readonly max: number
  readonly backoffMs: number
  readonly maxBackoffMs: number
}

/** The connector's own keys win over the worker's. @throws ConfigError naming the key. */
export function restartPolicyOf(connector: RawConfig, worker: RawConfig = {}): RestartPolicy {
  const parsed = parseConfig(restartConfig, { ...worker, ...restartKeysOf(connector) })
  return {
    max: parsed['task.restart.max'],
    backoffMs: parsed['task.restart.backoff.ms'],
    maxBackoffMs: parsed['task.restart.backoff.max.ms'],
  }
}

/** One that the coordinator made; it counts while its run is the newest and its configuration in force. */
export type AutomaticRestart = {
  /** the how-manieth in a row */
  readonly count: number
  /** the task's `restarts` then */
  readonly restart: number
  /** the connector's then */
  readonly version: number
}

/** The last automatic restart of a task; undefined when a restart by hand or another configuration came after it. */
export function lastRestart(
  { restarts, version }: Pick<Row, 'restarts' | 'version'>,
  task: number,
): AutomaticRestart | undefined {
  const made = restarts.automatic?.[task]
  const isLast = made?.version === version && made.restart === (restarts.tasks[task] ?? 0)
  return isLast ? made : undefined
}

type Row = {
  readonly version: number
  readonly restarts: {
    readonly tasks: Readonly<Record<string, number>>
    readonly automatic?: Readonly<Record<string, AutomaticRestart>>
  }
}

/** A task that had been RUNNING for so long before it failed is counted anew; a start that takes its time is no running. */
const RAN_WELL_MS = 300_000

/** `count`: the how-manieth in a row. Undefined: it stays FAILED. */
export function nextRestart(
  { max, backoffMs, maxBackoffMs }: RestartPolicy,
  failed: { readonly since: number; readonly retriable?: boolean; readonly ranMs?: number },
  last: Pick<AutomaticRestart, 'count'> | undefined,
): { readonly at: number; readonly count: number } | undefined {
  if (!failed.retriable) return undefined
  const done = last && (failed.ranMs ?? 0) < RAN_WELL_MS ? last.count : 0
  if (max !== -1 && done >= max) return undefined
  return { at: failed.since + Math.min(maxBackoffMs, backoffMs * 2 ** done), count: done + 1 }
}
