/** Decides what has to change so that a connector is what its row wants. Pure: rows and cloud state in, actions out; done twice, the second time says nothing. */
import type { RawConfig } from '../config/config-def.ts'
import { groupOf, topicsOf } from '../config/consumer-groups.ts'
import { lastRestart, nextRestart, type RestartPolicy } from '../config/restart-policy.ts'
import type {
  ConnectorRow,
  GroupState,
  Lease,
  Mapping,
  State,
  Status,
  StatusUnit,
  TaskSet,
} from '../ports.ts'

export type Wanted = {
  readonly row: ConnectorRow
  /** unknown: its plugin is not there (any more) */
  readonly kind: 'source' | 'sink' | 'unknown'
  readonly version: string
  /** what the connector shares its work out into; the error when it cannot */
  readonly taskConfigs: readonly RawConfig[] | { readonly error: unknown }
  /** absent: a FAILED task stays so */
  readonly restartPolicy?: RestartPolicy
}

export type Actual = {
  readonly tasks: TaskSet | undefined
  readonly statuses: ReadonlyMap<StatusUnit, Status>
  readonly leases: readonly Lease[]
  /** tasks that have a schedule */
  readonly schedules: readonly number[]
  readonly mappings: readonly (Mapping & { readonly waiting?: string })[]
  /** this worker, and those that live; absent: nobody knows */
  readonly workers?: { readonly self: string; readonly living: readonly string[] }
  /** source tasks whose invocation has died, and nobody has taken its place */
  readonly lost?: readonly number[]
  readonly groups?: GroupState | undefined
}

export type Action =
  | { readonly do: 'publish tasks'; readonly configs: readonly RawConfig[] }
  | {
      readonly do: 'restart tasks'
      readonly tasks: readonly { readonly task: number; readonly count: number }[]
    }
  | {
      readonly do: 'write connector status'
      readonly state: State
      readonly error?: unknown
      readonly reason?: string
    }
  | {
      readonly do: 'ensure schedule' | 'remove schedule' | 'invoke source' | 'invoke sink'
      readonly task: number
    }
  | { readonly do: 'ensure mapping'; readonly mapping: Mapping }
  | { readonly do: 'remove mapping'; readonly topic: string }
  /** by topic, the group that it is read by */
  | { readonly do: 'save offsets'; readonly reading: Readonly<Record<string, string>> }
  | { readonly do: 'mirror topics'; readonly topics: readonly string[] }
  | { readonly do: 'clear away' }

export function reconcile(wanted: Wanted, actual: Actual, now: number): Action[] {
  // Read before somebody published for a later version: whoever did has seen more.
  if (actual.tasks && actual.tasks.version > wanted.row.version) return []
  if (wanted.row.deleted) return clearAway(actual, now)
  const configs = wantedConfigs(wanted, actual)
  return [
    ...publication(configs, actual),
    ...dueRestarts(wanted, actual, now),
    ...(wanted.kind === 'source' ? sourceTriggers(wanted, actual, configs) : []),
    ...(wanted.kind === 'sink' ? sinkTriggers(wanted, actual, configs, now) : []),
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

/** STOPPED has no tasks; PAUSED keeps those it has; a connector that cannot share out its work keeps them too, as in Kafka Connect. */
function wantedConfigs({ row, taskConfigs }: Wanted, { tasks }: Actual): readonly RawConfig[] {
  const existing = tasks?.configs ?? []
  if (row.targetState === 'STOPPED') return []
  if (!isList(taskConfigs)) return existing
  return row.targetState === 'PAUSED' && existing.length === 0 ? [] : taskConfigs
}

const isList = (configs: Wanted['taskConfigs']): configs is readonly RawConfig[] =>
  Array.isArray(configs)

function publication(configs: readonly RawConfig[], { tasks }: Actual): Action[] {
  const existing = tasks?.configs ?? []
  return sameConfigs(configs, existing) ? [] : [{ do: 'publish tasks', configs }]
}

const sameConfigs = (one: readonly RawConfig[], other: readonly RawConfig[]): boolean =>
  one.length === other.length && one.every((config, task) => sameConfig(config, other[task] ?? {}))

const sameConfig = (one: RawConfig, other: RawConfig): boolean => {
  const keys = Object.keys(one)
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && one[key] === other[key])
  )
}

function sourceTriggers(wanted: Wanted, actual: Actual, configs: readonly RawConfig[]): Action[] {
  const isRunning = wanted.row.targetState === 'RUNNING'
  const scheduled = configs.flatMap((_, task) =>
    isRunning && !hasFailed(task, wanted, actual, configs) ? [task] : [],
  )
  return [
    ...scheduled
      .filter((task) => !actual.schedules.includes(task))
      .map((task): Action => ({ do: 'ensure schedule', task })),
    ...actual.schedules
      .filter((task) => !scheduled.includes(task))
      .map((task): Action => ({ do: 'remove schedule', task })),
    ...tasksToWake(wanted, actual, configs).map((task): Action => ({ do: 'invoke source', task })),
  ]
}

/** One mapping a topic, enabled while its connector runs and its task has not failed; it is removed only with its topic or connector. */
function sinkTriggers(
  wanted: Wanted,
  actual: Actual,
  configs: readonly RawConfig[],
  now: number,
): Action[] {
  const { row } = wanted
  const dealt = new Map(
    configs.flatMap((config, task) => topicsOf(config).map((topic) => [topic, task])),
  )
  const topics = topicsOf(row.config)
  const mappings = topics.map((topic): Mapping => {
    const task = dealt.get(topic)
    const enabled =
      row.targetState === 'RUNNING' &&
      task !== undefined &&
      !hasFailed(task, wanted, actual, configs)
    const group = groupOf(row.name, topics, topic)
    // One that is disabled changes its group when it is enabled again.
    const madeWith = actual.mappings.find((one) => one.topic === topic)?.group
    return { connector: row.name, topic, group: enabled ? group : (madeWith ?? group), enabled }
  })
  return [
    ...mirroring(row, mappings, actual),
    ...mappings
      .filter(
        (mapping) =>
          mapping.enabled || actual.mappings.some(({ topic }) => topic === mapping.topic),
      )
      .filter((mapping) => !actual.mappings.some((there) => sameMapping(there, mapping)))
      .map((mapping): Action => ({ do: 'ensure mapping', mapping })),
    ...[...made(actual)]
      .filter((topic) => !topics.includes(topic))
      .map((topic): Action => ({ do: 'remove mapping', topic })),
    ...saving(mappings, actual, now),
    ...tasksToWake(wanted, actual, configs).map((task): Action => ({ do: 'invoke sink', task })),
  ]
}

/** What one of this name had that was of the other kind. */
const othersTriggers = ({ kind }: Wanted, { schedules, mappings }: Actual): Action[] => [
  ...(kind === 'sink' ? schedules.map((task): Action => ({ do: 'remove schedule', task })) : []),
  ...(kind === 'source'
    ? mappings.map(({ topic }): Action => ({ do: 'remove mapping', topic }))
    : []),
]

/** Of several processes each has mappings of its own, and the rows know of all. */
const made = ({ mappings, groups }: Actual): ReadonlySet<string> =>
  new Set([...mappings.map(({ topic }) => topic), ...Object.keys(groups?.readBy ?? {})])

/** Groups of their own are shown as one, `connect-<name>`, until all that they have committed is saved: nothing moves any more then. */
function mirroring(
  { name }: ConnectorRow,
  mappings: readonly Mapping[],
  { groups, mappings: there }: Actual,
): Action[] {
  const readBy = (topic: string) =>
    groups?.readBy[topic] ?? there.find((one) => one.topic === topic)?.group
  const isMirrored = ({ topic, group, enabled }: Mapping) =>
    readBy(topic) === group && group !== `connect-${name}` && (enabled || !groups?.saved[topic])
  const wanted = mappings.filter(isMirrored).map(({ topic }) => topic)
  const mirrored = groups?.mirrored ?? []
  const isSame =
    wanted.length === mirrored.length && wanted.every((topic) => mirrored.includes(topic))
  return isSame ? [] : [{ do: 'mirror topics', topics: wanted }]
}

/** Once a mapping has come to rest; whether its group is empty by then is asked. */
function saving(mappings: readonly Mapping[], actual: Actual, now: number): Action[] {
  const { groups } = actual
  if ((groups?.changingUntil ?? 0) > now) return []
  const resting = mappings.filter(({ topic, enabled }) => {
    const there = actual.mappings.find((one) => one.topic === topic)
    const isAtRest = !there || !(there.enabled || isDisabling(there))
    return !enabled && isAtRest && !groups?.saved[topic]
  })
  if (resting.length === 0) return []
  const reading = resting.map(({ topic, group }) => [topic, groups?.readBy[topic] ?? group])
  return [{ do: 'save offsets', reading: Object.fromEntries(reading) }]
}

export const isDisabling = ({ waiting }: { readonly waiting?: string }): boolean =>
  waiting?.startsWith('Disabling') === true

const sameMapping = (one: Mapping, other: Mapping): boolean =>
  one.topic === other.topic && one.group === other.group && one.enabled === other.enabled

/** FAILED for a fault that may have healed by now. */
function dueRestarts(wanted: Wanted, actual: Actual, now: number): Action[] {
  const { row, restartPolicy } = wanted
  if (!restartPolicy || row.targetState !== 'RUNNING') return []
  const tasks = failedTasks(wanted, actual).flatMap(({ task, status }) => {
    const next = nextRestart(restartPolicy, status, lastRestart(row, task))
    return next && next.at <= now ? [{ task, count: next.count }] : []
  })
  return tasks.length === 0 ? [] : [{ do: 'restart tasks', tasks }]
}

/** Those whose status is not yet of the run that is wanted: a new generation, a restart, a pause, a resume; or is a dead worker's, or of an invocation that has died. */
function tasksToWake(wanted: Wanted, actual: Actual, configs: readonly RawConfig[]): number[] {
  return configs.flatMap((_, task) => {
    const status = statusOfWantedRun(task, wanted, actual, configs)
    const isAsWanted =
      status?.state === wanted.row.targetState &&
      holderOf(status, actual) !== 'gone' &&
      !isLost(task, status, actual)
    return status?.state === 'FAILED' || isAsWanted ? [] : [task]
  })
}

/** Of the run that is wanted. */
export function failedTasks(wanted: Wanted, actual: Actual): { task: number; status: Status }[] {
  const configs = wantedConfigs(wanted, actual)
  return configs.flatMap((_, task) => {
    const status = statusOfWantedRun(task, wanted, actual, configs)
    return status?.state === 'FAILED' ? [{ task, status }] : []
  })
}

/** A paused one has nothing to go on with. */
const isLost = (task: number, { state }: Status, { lost = [] }: Actual): boolean =>
  state === 'RUNNING' && lost.includes(task)

const hasFailed = (
  task: number,
  wanted: Wanted,
  actual: Actual,
  configs: readonly RawConfig[],
): boolean => statusOfWantedRun(task, wanted, actual, configs)?.state === 'FAILED'

function statusOfWantedRun(
  task: number,
  { row }: Wanted,
  actual: Actual,
  configs: readonly RawConfig[],
): Status | undefined {
  const status = actual.statuses.get(task)
  const isPublished = actual.tasks !== undefined && sameConfigs(configs, actual.tasks.configs)
  const isOfRun =
    isPublished &&
    status?.generation === actual.tasks?.generation &&
    status?.restart === (row.restarts.tasks[task] ?? 0)
  return isOfRun ? status : undefined
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

/** Whose a status is. Where nobody knows who lives, each takes it for its own. */
function holderOf({ workerId }: Status, { workers }: Actual): 'own' | 'other' | 'gone' {
  if (!workers || workerId === workers.self) return 'own'
  return workers.living.includes(workerId) ? 'other' : 'gone'
}
