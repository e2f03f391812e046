/**
 * What the machine asks of the world. Each port is met twice: by the real service and by `lib/local`; one contract suite holds both.
 * Times of rows are milliseconds since 1970 by the wall clock; durations are measured by the monotonic one.
 */
import type { RawConfig } from './config/config-def.ts'
import type { GaugeName, MeasureName, TotalName } from './config/metrics.ts'
import type { RestSettings } from './config/rest-config.ts'
import type { Ask } from './ports/ask.ts'
import type {
  Aliases,
  Dashboards,
  Invoker,
  Mappings,
  Remains,
  Schedules,
  TaskEvent,
} from './ports/cloud.ts'
import type { Groups, Producers, Topics } from './ports/kafka.ts'
import type { Leases, Losses } from './ports/leases.ts'
import type {
  ActiveTopics,
  ChangeIndex,
  ConfigStore,
  Connectors,
  GroupStates,
  LogLevels,
  OffsetStore,
  StatusStore,
  TaskStore,
  Workers,
} from './ports/rows.ts'

export * from './ports/ask.ts'
export type * from './ports/cloud.ts'
export type * from './ports/kafka.ts'
export type * from './ports/leases.ts'
export type * from './ports/rows.ts'

/**
 * Where values lie that configurations refer to: `${alias:path:key}`, or `${alias:key}` with an empty path. Only a running task asks;
 * rows, answers and logs hold the reference.
 */
export type ConfigProvider = {
  /** Undefined where there is no such value: the reference stays as it is then. @throws ConfigError naming path or key, never a value; RetriableError when the place does not answer. */
  get(path: string, key: string): Promise<string | undefined>
}

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
