/**
 * What the machine asks of the world. Each port is met twice: by the real service and by `lib/local`; one contract suite holds both.
 * Times of rows are milliseconds since 1970 by the wall clock; durations are measured by the monotonic one.
 */
import type { RawConfig } from './config/config-def.ts'
import type { Level, LevelSetting } from './config/loggers.ts'
import type { GaugeName, MeasureName, TotalName } from './config/metrics.ts'
import type { RestSettings } from './config/rest-config.ts'
import type { AutomaticRestart } from './config/restart-policy.ts'
import type { KafkaEventRecord } from './data/kafka-event.ts'
import type { KafkaRecord, OffsetChange, OffsetMap } from './data/record.ts'

// ---- rows ----

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

/** The right to be one task, for a time. */
export type Lease = {
  readonly connector: string
  readonly task: number
  /** worker_id of the holder */
  readonly owner: string
  readonly invocation: string
  /** one counter a connector: higher than that of every lease before */
  readonly epoch: number
  readonly generation: number
  readonly expiresAt: number
  /** when the holder's invocation must have ended */
  readonly invocationEndsAt: number
  /** the invocation of a successor that waits */
  readonly claim?: string
  /** given back by its holder: free at once */
  readonly released: boolean
  /** ms since 1970: Kafka has all that was there then; kept for who takes it next */
  readonly caughtUpAt?: number
}

export type Leases = {
  /**
   * Takes a lease that is free, released or expired, with a new epoch; else gives back the one in the way:
   * the task's own, or a living one of an older generation of the same connector, or any of a newer generation: the wish is outdated then.
   * Expired leases of older generations are over for good once it is taken: their holders are fenced.
   * `gone`: the connector that the wish is for has been cleared away.
   */
  take(wish: {
    readonly connector: string
    readonly task: number
    readonly owner: string
    readonly invocation: string
    readonly generation: number
    readonly ttlMs: number
    readonly invocationEndsAt: number
  }): Promise<{ readonly taken: Lease } | { readonly held: Lease } | { readonly gone: true }>
  /** Prolongs it by `ttlMs` from now and tells of a claim. @throws FencedError when it is another's by now. */
  renew(lease: Lease, ttlMs: number, caughtUpAt?: number): Promise<Lease>
  /** Gives it back; does nothing when it is another's by now. */
  release(lease: Lease, caughtUpAt?: number): Promise<void>
  /** Asks the holder to make way; does nothing when the lease is no longer the one seen. */
  claim(seen: Lease, invocation: string): Promise<void>
  /** Gives it back in the place of an invocation that has died: the lease, or undefined when that invocation does not hold it (any more). */
  releaseLost(lost: TaskEvent & { readonly invocation: string }): Promise<Lease | undefined>
  /** All of a connector, by task. */
  list(connector: string): Promise<Lease[]>
}

/** Invocations that failed without a word of their own: killed, or never begun. Written by the coordinator. */
export type Losses = {
  /**
   * Counts this one: how many of its kind and task were lost within a minute, it among them.
   * Undefined when it was the last one that was counted, or the connector is gone.
   */
  count(connector: string, unit: string, invocation: string): Promise<number | undefined>
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

// ---- Kafka ----

/** One call outstanding at a time. Idempotent: a repeated send after a lost reply doubles nothing. */
export type Producer = {
  /**
   * Resolves once all in-sync replicas have every record; cuts by count and bytes; order is kept per topic partition.
   * `mayStillSend` is asked before each request: when false nothing more is sent and FencedError is thrown.
   * @throws RetriableError when the producer must be rebuilt and the records sent again; ConnectError when the broker refuses them (the message names topic and cause).
   */
  send(records: readonly KafkaRecord[], mayStillSend: () => boolean): Promise<void>
  /** No send outlives it. Never throws. */
  disconnect(): Promise<void>
}

export type Producers = {
  /** Connects a new one. @throws RetriableError when no broker answers. */
  connect(clientId: string): Promise<Producer>
}

export type TopicPartition = { readonly topic: string; readonly partition: number }

export type Topics = {
  /** Those of the names that exist, with their number of partitions. Creates none. */
  existing(names: readonly string[]): Promise<Map<string, number>>
  /**
   * Up to `max` records of a partition that exists, from this offset or, left out, its beginning; read committed, and by no group.
   * Fewer where they are large, none where there are no more by now. @throws RetriableError when no broker answers, ConnectError when they refuse.
   */
  read(
    from: TopicPartition & { readonly offset?: number },
    max: number,
  ): Promise<KafkaEventRecord[]>
  /** Creates the topic unless it is there already. @throws RetriableError when no broker answers; ConnectError, with the cause, when the brokers refuse it. */
  ensure(
    topic: string,
    settings: { readonly partitions: number; readonly replicationFactor: number },
  ): Promise<void>
}

export type GroupOffset = {
  readonly topic: string
  readonly partition: number
  readonly committed: number | null
  /** Where the log begins and ends. */
  readonly start: number
  readonly end: number
}

export type CommittedOffset = TopicPartition & { readonly offset: bigint }

/** Changes are taken while the group has no members. They may be repeated: what was done already changes nothing. */
export type Groups = {
  /** Committed offset, log start and log end of every partition of the topics. */
  offsets(group: string, topics: readonly string[]): Promise<GroupOffset[]>
  /** All that the group has committed, of whatever topic; nothing for a group that nobody knows. */
  committed(group: string): Promise<CommittedOffset[]>
  /** @throws ConflictError while the group has members; RetriableError when no broker answers. One that nobody knows has none. */
  requireEmpty(group: string): Promise<void>
  /** @throws ConflictError while the group has members; ConnectError naming what the brokers refuse, such as a topic that does not exist; RetriableError when none answers. */
  commit(group: string, offsets: readonly CommittedOffset[]): Promise<void>
  /** Takes the committed offsets away. A group that nobody knows has none. @throws as `commit` */
  forget(group: string, partitions: readonly TopicPartition[]): Promise<void>
  /** Removes the group with all its offsets; one that nobody knows is removed already. @throws as `commit` */
  remove(group: string): Promise<void>
}

// ---- cloud ----

/** What the schedule of a source task, a nudge or a mapping's set-up hand to a function. */
export type TaskEvent = { readonly connector: string; readonly task: number }
/** `lost`: tasks whose invocation has died; nobody runs them any more. */
export type CoordinatorEvent = { readonly connector?: string; readonly lost?: readonly number[] }

/** What Lambda sends to a function's failure destination, of an asynchronous invoke that failed or was given up. */
export type FailureRecord = {
  readonly version: string
  readonly timestamp: string
  readonly requestContext: {
    readonly requestId: string
    readonly functionArn: string
    /** RetriesExhausted, EventAgeExceeded */
    readonly condition: string
    readonly approximateInvokeCount: number
  }
  readonly requestPayload: unknown
  /** absent: it was never begun */
  readonly responseContext?: {
    readonly statusCode: number
    readonly executedVersion: string
    readonly functionError?: string
  }
  readonly responsePayload?: unknown
}

export type Schedules = {
  /** One a source task; firing invokes the source function with the event. Making one that exists changes nothing. */
  ensure(event: TaskEvent): Promise<void>
  remove(event: TaskEvent): Promise<void>
  /** The tasks of the connector that have a schedule. */
  list(connector: string): Promise<number[]>
}

export type Mapping = {
  readonly connector: string
  readonly topic: string
  readonly group: string
  readonly enabled: boolean
}

/** Kafka event source mappings: each feeds one topic into the sink function on behalf of one connector. */
export type Mappings = {
  /** Makes it, or enables or disables the one there is. */
  ensure(mapping: Mapping): Promise<void>
  remove(connector: string, topic: string): Promise<void>
  /** `waiting`: why it is not delivering, such as a topic that does not exist yet. */
  list(connector: string): Promise<readonly (Mapping & { readonly waiting?: string })[]>
  /** Removes what the connector's mappings stood on, once there are none; left out: they stand on nothing. */
  clear?(connector: string): Promise<void>
}

/** What there is in the cloud, whoever it was made for. `known` gives the names of all connectors, and is asked after the cloud was. */
export type Remains = {
  /** Connectors that have schedules and are not known. */
  schedules(known: () => Promise<readonly string[]>): Promise<string[]>
  /** Connectors that have mappings or an alias and are not known, or have an alias and no mapping. */
  mappings(known: () => Promise<readonly string[]>): Promise<string[]>
}

/** Which connector an invocation of the sink function is for: Lambda's Kafka event does not tell, the invoked ARN's alias does. */
export type Aliases = {
  /** @throws NotFoundError when the ARN has no alias, or none that a connector was given. */
  connectorOf(invokedFunctionArn: string): Promise<string>
  /**
   * Has the connectors' aliases invoke the version that is live, while it may go on; those that many or slow calls leave over, the next time.
   * Two at once put nothing back.
   */
  follow(mayGoOn?: () => boolean): Promise<void>
  /** Whether the poller that invokes this ARN reads which records an answer gives back, now; left out: it does not. */
  readsAnswers?(invokedFunctionArn: string): Promise<boolean>
}

/** What was made at run time and does not go with the deployment. */
export type Leftovers = {
  /** Has all of it removed as long as there is time. @returns how much there was; 0: it is all gone. */
  clear(hasTime: () => boolean): Promise<number>
}

/** Asynchronous invokes: they return when the event is accepted. */
export type Invoker = {
  source(event: TaskEvent): Promise<void>
  sink(event: TaskEvent): Promise<void>
  coordinator(event: CoordinatorEvent): Promise<void>
}

/** Where people see all connectors at one glance; in local mode Prometheus' friends make their own. */
export type Dashboards = {
  /** One row a connector, as far as there is room. The same again changes nothing. @throws RetriableError, ConnectError */
  show(connectors: readonly ShownConnector[]): Promise<void>
}

export type ShownConnector = {
  readonly name: string
  readonly kind: 'source' | 'sink' | 'unknown'
  readonly tasks: number
}

/** What the api asks of the function that reaches the servers, by the question's name. Both go as JSON, so a bigint goes as text. */
export type Asked = {
  /** What the connector's servers find wrong with its configuration: messages by key. */
  readonly probe: {
    readonly question: { readonly config: RawConfig }
    readonly answer: { readonly messages: Readonly<Record<string, readonly string[]>> }
  }
  /**
   * A connector's next records, none of them written anywhere: JSON of a `Preview`, as text since its numbers are exact; or messages by key in its place.
   * `from`: where they begin; offsets are those of the connector of this name.
   */
  readonly preview: {
    readonly question: {
      readonly config: RawConfig
      readonly limit: number
      readonly from: 'beginning' | 'offset'
    }
    readonly answer:
      | { readonly json: string }
      | { readonly messages: Readonly<Record<string, readonly string[]>> }
  }
  /** All that these consumer groups have committed. Of a sink function. */
  readonly groupOffsets: {
    readonly question: { readonly groups: readonly string[] }
    readonly answer: { readonly offsets: readonly (GroupChange & { readonly offset: string })[] }
  }
  /** Commits offsets, or forgets them. Groups that still have members are waited for a while, all before the first is changed: then @throws as `Groups`. */
  readonly alterGroups: {
    readonly question: {
      readonly changes: readonly GroupChange[]
      /** committed before, where a group has lost them */
      readonly saved?: readonly GroupChange[]
    }
    readonly answer: Readonly<Record<never, never>>
  }
  /** What these groups have committed, of those that have no members now. */
  readonly idleGroups: {
    readonly question: { readonly groups: readonly string[] }
    readonly answer: {
      readonly groups: readonly {
        readonly group: string
        readonly offsets: readonly (TopicPartition & { readonly offset: string })[]
      }[]
    }
  }
  /**
   * Before a topic is read by a group: what it has lost of `saved` is put back, never in the place of what it has committed. `from`: another has read the
   * topic until now, so that this one goes on where that one, and what is saved of it, stopped: then @throws ConflictError where one of them has members;
   * else one that has members has lost nothing. `refused`: what brokers will not do.
   */
  readonly readyGroup: {
    readonly question: {
      readonly group: string
      readonly topic: string
      readonly saved: PartitionOffsets
      readonly from?: string
    }
    readonly answer: { readonly refused?: string }
  }
  /** Commits to groups without members what others have committed of some topics. Done of the first so many; the others are to be asked for again. */
  readonly mirrorGroups: {
    readonly question: { readonly mirrors: readonly GroupMirror[] }
    readonly answer: {
      readonly done: number
      /** of single ones, what was refused */
      readonly faults: readonly { readonly group: string; readonly message: string }[]
    }
  }
  readonly removeGroups: {
    readonly question: { readonly groups: readonly string[] }
    readonly answer: Readonly<Record<never, never>>
  }
  /** How many records of its topics each group has before it. Topics that do not exist are left out. */
  readonly sinkLag: {
    readonly question: {
      readonly groups: readonly { readonly group: string; readonly topics: readonly string[] }[]
    }
    readonly answer: {
      readonly lags: readonly {
        readonly group: string
        readonly topic: string
        readonly lag: number
      }[]
    }
  }
}

export type GroupMirror = {
  readonly group: string
  readonly of: readonly { readonly group: string; readonly topic: string }[]
}

/** An offset as digits; null forgets it. */
export type GroupChange = TopicPartition & {
  readonly group: string
  readonly offset: string | null
}

/** How a question reaches a function. */
export type AskEvent = {
  [Name in keyof Asked]: { readonly ask: Name; readonly question: Asked[Name]['question'] }
}[keyof Asked]

type AskOne = <Name extends keyof Asked>(
  what: Name,
  question: Asked[Name]['question'],
) => Promise<Asked[Name]['answer']>

/**
 * Synchronous invokes, one attempt each.
 * @throws RetriableError when there is no answer within ASK_MS or the function has no room; ConnectError when it died; else the answerer's error, of its own class.
 */
export type Ask = { readonly source: AskOne; readonly sink: AskOne }

/** How long the api waits for an answer: a request may take 20 s in all. */
export const ASK_MS = 18_000

/**
 * Where values lie that configurations refer to: `${alias:path:key}`, or `${alias:key}` with an empty path. Only a running task asks;
 * rows, answers and logs hold the reference.
 */
export type ConfigProvider = {
  /** Undefined where there is no such value: the reference stays as it is then. @throws ConfigError naming path or key, never a value; RetriableError when the place does not answer. */
  get(path: string, key: string): Promise<string | undefined>
}

// ---- world ----

export type Clock = {
  /** ms since 1970 */
  now(): number
  /** ms that only grow, also while the process is stopped */
  monotonic(): number
  /** Resolves early when the signal is aborted; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export type Fields = Readonly<Record<string, unknown>>

/** A line is for someone to act on; it carries connector and task where it has them. */
export type Log = {
  info(message: string, fields?: Fields): void
  warn(message: string, fields?: Fields): void
  error(message: string, fields?: Fields): void
  /** Absent while such lines are not wanted: `log.debug?.(…)` builds nothing then. So it is asked for anew at each line. */
  readonly debug?: Log['info'] | undefined
  readonly trace?: Log['info'] | undefined
  /** The same under the name of another logger; left out where there are no names. `named` of lib/config/loggers.ts asks for it. */
  readonly named?: ((logger: string) => Log) | undefined
  /** Fields that all lines from here on carry; left out where several invocations share one log. */
  begin?(fields: Fields): void
}

/** What is measured, by the names of lib/config/metrics.ts. Cheap: nothing is written before `flush`. */
export type Metrics = {
  /** So many more. */
  add(name: TotalName, count: number, of: TaskEvent): void
  /** One measurement, in the metric's unit. */
  measure(name: MeasureName, value: number, of: TaskEvent): void
  /** How it stands now; undefined: this process does not know any more. */
  set(name: GaugeName, value: number | undefined, of: MetricTags): void
  /** Writes out what came since; called each minute of a long invocation and at the end of each. */
  flush?(): void
  /** A connector is gone, and nothing of it is told any more. */
  forget?(connector: string): void
  /** All of it in Prometheus' text form; absent where nobody can ask a process, as in AWS. */
  exposition?(): string
}

/** Of a task, of a connector, or of the whole deployment. */
export type MetricTags = { readonly connector?: string; readonly task?: number }

/** Settings of the deployment, Connect's worker properties. */
export type Worker = {
  /** host:port in local mode, function and log stream in AWS */
  readonly id: string
  readonly groupId: string
  /** Kafka's version, by which clients decide what they may call */
  readonly version: string
  readonly commit: string
  readonly kafkaClusterId: string
  /** `key.converter`, `key.converter.*`, `value.converter`, … as configured */
  readonly converters: RawConfig
  /** `connector.client.config.override.*` as configured: which settings of Kafka's clients a connector may override; left out: all */
  readonly overrides?: RawConfig
  /** CORS, headers and users of the REST API; left out: none of them */
  readonly rest?: RestSettings
  /** `nobody`: nothing stands before the REST API that tells callers apart, so each is refused; left out: its users, or whoever reaches it */
  readonly access?: 'nobody'
  /** `task.restart.*` as configured, for connectors that do not say; left out: no task is restarted by itself */
  readonly taskRestarts?: RawConfig
  /** whether active topics are recorded, and may be reset; left out: both */
  readonly topicTracking?: { readonly enabled: boolean; readonly mayReset: boolean }
  /** by what name it has levels of loggers of its own; left out: a worker is the whole cluster, as in AWS */
  readonly loggerScope?: string
  /** the paths under /admin: not there, or there alone; left out: beside the others */
  readonly admin?: 'none' | 'only'
  /** whether the poller of Kafka reads what the sink function answers; left out: it reads whether it threw */
  readonly partialAnswers?: true
  readonly offsetFlushIntervalMs: number
  readonly leaseTtlMs: number
  readonly leaseRenewalMs: number
  /** how long a source task stays after it delivered and found nothing more; 0 = not, -1 = always */
  readonly idleTimeoutMs: number
}

export type Ports = {
  readonly worker: Worker
  readonly configs: ConfigStore
  readonly connectors: Connectors
  readonly changes: ChangeIndex
  readonly tasks: TaskStore
  readonly leases: Leases
  readonly offsets: OffsetStore
  readonly statuses: StatusStore
  /** absent: nobody knows which workers live */
  readonly workers?: Workers
  readonly losses: Losses
  readonly groupStates: GroupStates
  readonly activeTopics: ActiveTopics
  readonly logLevels: LogLevels
  readonly producers: Producers
  readonly topics: Topics
  readonly groups: Groups
  readonly schedules: Schedules
  readonly mappings: Mappings
  /** The same, for work that lets all other go first; left out: there is no queue */
  readonly unhurried?: Pick<Ports, 'schedules' | 'mappings'>
  /** absent: what is made goes with its process */
  readonly remains?: Remains
  /** Which of all connectors a tick compares with what there is, though nothing tells of a change; left out: all */
  readonly audit?: (all: () => Promise<readonly string[]>) => Promise<readonly string[]>
  readonly aliases: Aliases
  readonly invoker: Invoker
  readonly ask: Ask
  /** absent: there is none */
  readonly dashboards?: Dashboards
  /** by the alias that references name */
  readonly configProviders: Readonly<Record<string, ConfigProvider>>
  /** A text for people, without what config providers gave: a driver or a parser may have put it there. */
  readonly conceal: (text: string) => string
  readonly clock: Clock
  readonly log: Log
  /** Takes over levels of loggers that were changed; however often it is called, it looks every few seconds. Never rejects. */
  readonly watchLevels?: () => Promise<void>
  readonly metrics: Metrics
}

/** What a function is told of its own invocation. */
export type Invocation = { readonly id: string; readonly remainingMs: () => number }
