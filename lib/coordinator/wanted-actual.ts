/** What is compared: what a connector's row wants, what there is, and what has to be done about the difference. */
import type { RawConfig } from '../config/config-def.ts'
import type { RestartPolicy } from '../config/restart-policy.ts'
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
