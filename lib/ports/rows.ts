/** Rows: what is stored, and who may write it. Times are milliseconds since 1970 by the wall clock; durations are measured by the monotonic one. */
import type { RawConfig } from '../config/config-def.ts'
import type { Level, LevelSetting } from '../config/loggers.ts'
import type { AutomaticRestart } from '../config/restart-policy.ts'
import type { OffsetChange, OffsetMap } from '../data/record.ts'
import type { Lease } from './leases.ts'

export type TargetState = 'RUNNING' | 'PAUSED' | 'STOPPED'
export type State = 'RUNNING' | 'PAUSED' | 'STOPPED' | 'FAILED' | 'UNASSIGNED' | 'RESTARTING'

/** What the api wants of a connector. Its writer is the api; the coordinator only removes a deleted one. */
export type ConnectorRow = Target & {
  readonly name: string
  readonly config: RawConfig
}

/** The small part of a connector row, which tasks look at again and again. */
export type Target = {
  readonly targetState: TargetState
  /** raised by each change of the config, never lower than any of a deleted connector of this name */
  readonly version: number
  /** raised by each restart asked for: of the connector itself, and of each task */
  readonly restarts: {
    readonly connector: number
    readonly tasks: Readonly<Record<string, number>>
    /** of each task the last one that the coordinator asked for by itself, counted while no other way of starting anew came between */
    readonly automatic?: Readonly<Record<string, AutomaticRestart>>
  }
  /** deleted, and the coordinator has not cleared everything away yet */
  readonly deleted: boolean
  /** raised by every write of this row */
  readonly revision: number
  /** the revision at which its active topics were last reset; left out: never */
  readonly topicsReset?: number
}

/** One of the configurations that a connector has had. */
export type ConfigVersion = {
  readonly version: number
  /** since when */
  readonly modified: number
  readonly config: RawConfig
}

export type ConfigStore = {
  /** Names of all connectors that are not deleted, unsorted. */
  list(): Promise<string[]>
  /** Names of deleted connectors that wait to be cleared away. */
  listDeleted(): Promise<string[]>
  /** All of them, deleted or not; keys alone are read. */
  listAll(): Promise<string[]>
  get(name: string): Promise<ConnectorRow | undefined>
  target(name: string): Promise<Target | undefined>
  /** One conditional write; `seen` is the revision that the change is based on, undefined for none. A new version goes into the history with it. @throws ConflictError when the row is another by now; ConfigError when it is too large to be stored. */
  put(row: Omit<ConnectorRow, 'revision'>, seen: number | undefined): Promise<ConnectorRow>
  /** Its last 20 configurations, the present one among them, newest first. */
  history(name: string): Promise<ConfigVersion[]>
  configOf(name: string, version: number): Promise<ConfigVersion | undefined>
  /** Clears a deleted connector away with its tasks, statuses, leases and history; keeps its offsets and epoch. @throws ConflictError when it lives again. */
  remove(name: string, seen: number): Promise<void>
}

/** The tasks of a connector as the coordinator last published them, all of one generation. */
export type TaskSet = {
  /** raised by each publication */
  readonly generation: number
  /** the connector version that this set was computed from */
  readonly version: number
  readonly configs: readonly RawConfig[]
}

export type TaskStore = {
  read(connector: string): Promise<TaskSet | undefined>
  /** One task's configuration and the generation it belongs to; undefined when there is no such task (any more). */
  readTask(
    connector: string,
    task: number,
  ): Promise<{ generation: number; version: number; config: RawConfig } | undefined>
  /** The generation alone; undefined when none was published. */
  generation(connector: string): Promise<{ generation: number; tasks: number } | undefined>
  /**
   * Replaces the set as a whole: a reader sees all of the old one or all of the new one. Its generation is raised above every one that this name had.
   * @throws ConflictError when `seen` is not the generation stored; ConfigError when a configuration is too large to be stored.
   */
  publish(connector: string, set: TaskSet, seen: number | undefined): Promise<void>
}

export type StoredOffset = { readonly partition: OffsetMap; readonly offset: OffsetMap }

/** Source offsets by source partition. They outlive their connector. Integers come back as bigint, reals as number. */
export type OffsetStore = {
  read(connector: string): Promise<StoredOffset[]>
  /**
   * Invariant 2: one transaction, with the condition that the lease still has this epoch, generation and invocation.
   * @throws FencedError when it has not; RetriableError when it is not known whether the commit took place.
   */
  commit(lease: Lease, offsets: readonly StoredOffset[]): Promise<void>
  /**
   * Changes them from outside, for a connector that is STOPPED at this revision. First it raises the epoch and fences every lease, so that nobody who held one
   * commits any more. Up to 98 changes are one transaction; what broke off may be repeated.
   * @throws ConflictError when the connector is another by now; RetriableError when it is not known whether all of it took place.
   */
  alter(
    connector: string,
    revision: number,
    changes: readonly OffsetChange[] | 'forget all',
  ): Promise<void>
}

export type Status = {
  readonly state: State
  readonly workerId: string
  readonly version: string
  readonly trace?: string
  /** in one sentence, why it is in this state */
  readonly reason?: string
  readonly since: number
  /** of the task set; for a connector its version */
  readonly generation: number
  /** the restart this state came of */
  readonly restart: number
  /** the connector version that this was made of: while it stays, so does `lastError` */
  readonly configVersion?: number
  /** of those that write one status the newer word: of a source task the lease's epoch, else the connector row's revision */
  readonly asOf?: number
  /** when, what and at which record something last went wrong, tolerated errors too; begins with the time */
  readonly lastError?: string
  /** of FAILED: whether the fault may heal by itself */
  readonly retriable?: boolean
  /** the store's: how long its run had been RUNNING before it came to this state */
  readonly ranMs?: number
}

/** A connector's own status is written by the coordinator, a task's by its function. */
export type StatusUnit = 'connector' | number

export type StatusStore = {
  read(connector: string): Promise<Map<StatusUnit, Status>>
  get(connector: string, unit: StatusUnit): Promise<Status | undefined>
  /**
   * One conditional write, and none when nothing changes but `asOf`. False, and nothing changed, when the stored status is of a newer generation, restart
   * or `asOf`, or when it is FAILED and this one is of the same: FAILED gives way only to a restart, a new generation or STOPPED, and a connector's that is retriable to anything;
   * or when the connector that it is of has been cleared away.
   * `inPlaceOf`: and when it is of this run and of another worker than that one by now. A `lastError` that is newer, or left out here, stays while `configVersion` does.
   */
  write(connector: string, unit: StatusUnit, status: Status, inPlaceOf?: string): Promise<boolean>
}

/** Topics that a source has written to or a sink has read from since a reset of theirs: `topicsReset` of the connector's row. */
export type ActiveTopics = {
  read(connector: string, reset: number): Promise<string[]>
  /** Changes nothing for those that are there, nor once the connector is deleted. What is added to a past reset is never read again. */
  add(connector: string, reset: number, topics: readonly string[]): Promise<void>
  /** Removes what stands under earlier resets. */
  forgetBefore(connector: string, reset: number): Promise<void>
}

/** Levels of loggers: rows written by the api and looked at by every function. `worker`: one worker's own; undefined: the whole cluster's. */
export type LogLevels = {
  /** Those that apply to this worker, the cluster's among them, oldest first. */
  read(worker: string | undefined): Promise<LevelSetting[]>
  /** From now on this counts, for the logger and all below it. @throws ConfigError when the name is too long. */
  set(worker: string | undefined, logger: string, level: Level): Promise<void>
  /** Forgets what was set for this worker alone. */
  clear(worker: string): Promise<void>
}

/** Offsets as digits, by partition. */
export type PartitionOffsets = Readonly<Record<string, string>>

/** What was made of a sink's topics: its groups, and what is kept of them. Written by the coordinator, `saved` by the api too, for a STOPPED connector. */
export type GroupState = {
  /** raised by each write */
  readonly revision: number
  /** by topic, the group that it is read by: that one's offsets count */
  readonly readBy: Readonly<Record<string, string>>
  /** by topic, what that group had committed when its mapping had been disabled and it was empty */
  readonly saved: Readonly<Record<string, PartitionOffsets>>
  /** topics whose offsets are mirrored to `connect-<name>`, which none of them is read by */
  readonly mirrored: readonly string[]
  /** until then offsets may be changed by REST, and nothing is saved */
  readonly changingUntil?: number
}

export type GroupStates = {
  read(connector: string): Promise<GroupState | undefined>
  /** One transaction. `seen`: the revision that it is based on. @throws ConflictError when it is another by now, or the connector is gone; ConfigError when it is too large to be stored. */
  write(
    connector: string,
    state: Omit<GroupState, 'revision'>,
    seen: number | undefined,
  ): Promise<void>
  /** All connectors whose topics are mirrored, with these. */
  mirrored(): Promise<{ readonly connector: string; readonly topics: readonly string[] }[]>
}

/** All that its rows say of one connector. */
export type ConnectorView = {
  readonly row: ConnectorRow
  readonly tasks: TaskSet | undefined
  readonly statuses: ReadonlyMap<StatusUnit, Status>
  readonly leases: readonly Lease[]
  readonly groups: GroupState | undefined
}

export type Connectors = {
  /** One read, also of a deleted one that is not cleared away. The tasks are all of one publication, whatever replaces them meanwhile. */
  view(name: string): Promise<ConnectorView | undefined>
}

/** Says of a connector that the coordinator has to look at it. */
export type Changed = {
  readonly connector: string
  /** another with every writing */
  readonly token: string
  /** no look is needed before */
  readonly dueAt: number
  /** when it was written */
  readonly since: number
  /** how many looks in a row have failed or found it waiting */
  readonly attempts: number
}

/**
 * An entry for each connector that may not be as it is wanted. It is written in one transaction with every write of the connector's row and every
 * FAILED of a task, and goes only when the coordinator has seen that nothing is left to be done.
 */
export type ChangeIndex = {
  all(): Promise<Changed[]>
  get(connector: string): Promise<Changed | undefined>
  /** Makes sure that there is one; gives back the one there is. */
  enter(connector: string): Promise<Changed>
  /** After a look that left something to be done. An entry that was written anew meanwhile stays as it is; one that is gone comes back. */
  keep(seen: Changed, next: Pick<Changed, 'dueAt' | 'attempts'>): Promise<void>
  /** Takes it away, unless it was written anew meanwhile. */
  settle(seen: Changed): Promise<void>
}

/** Processes that share one store and, by their number, its source tasks. In AWS there are none: Lambda is as many as it takes. */
export type Workers = {
  /** Says that this one lives, for `ttlMs` from now. */
  beat(id: string, ttlMs: number): Promise<void>
  /** Says that it does not. */
  leave(id: string): Promise<void>
  living(): Promise<string[]>
}
