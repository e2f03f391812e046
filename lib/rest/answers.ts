/** The one translator between our rows and Kafka Connect's JSON, and between errors and status codes. */
import { type ConfigKey, defaultText } from '../config/config-def.ts'
import type { TopicOffsetChange } from '../data/record.ts'
import {
  ConfigError,
  ConflictError,
  DataError,
  messageOf,
  NotFoundError,
  RetriableError,
} from '../errors.ts'
import type { Plugin, Plugins } from '../plugin.ts'
import type { ConnectorRow, StoredOffset, TaskSet, Worker } from '../ports.ts'
import type { Answer } from './http.ts'
import { OverrideError } from './override-validation.ts'
import { type Masking, masked } from './secrets.ts'
import { healthOf, type Shown, type ShownAll, withTasksReason } from './shown-status.ts'
import type { Entry, Validation } from './validation.ts'

export const ok = (json: unknown): Answer => ({ status: 200, json })

export const errorAnswer = (status: number, message: string): Answer => ({
  status,
  json: { error_code: status, message },
})

/** What the HTTP framework says by itself. */
export const frameworkError = (status: number, reason: string): Answer => ({
  ...errorAnswer(status, `HTTP ${status} ${reason}`),
  isUntyped: true,
})

export const failure = (error: unknown): Answer => errorAnswer(statusOf(error), messageOf(error))

/** The request's own fault, or a race that clients run again: nobody has to look into it. */
export const isExpected = (error: unknown): boolean =>
  [NotFoundError, ConfigError, ConflictError, DataError, OverrideError].some(
    (kind) => error instanceof kind,
  )

function statusOf(error: unknown): number {
  if (error instanceof NotFoundError) return 404
  if (error instanceof ConfigError) return 400
  // Clients try again after a 409.
  if (error instanceof ConflictError || error instanceof RetriableError) return 409
  return 500
}

export const clusterJson = ({ version, commit, kafkaClusterId }: Worker) => ({
  version,
  commit,
  kafka_cluster_id: kafkaClusterId,
})

export const connectorJson = (
  row: Pick<ConnectorRow, 'name' | 'config'>,
  tasks: TaskSet | undefined,
  masking: Masking,
) => ({
  name: row.name,
  config: masked(row.config, masking),
  tasks: (tasks?.configs ?? []).map((_, task) => ({ connector: row.name, task })),
  type: typeOf(row, masking.plugins),
})

export const tasksJson = ({ name }: ConnectorRow, tasks: TaskSet | undefined, masking: Masking) =>
  (tasks?.configs ?? []).map((config, task) => ({
    id: { connector: name, task },
    config: masked(config, masking),
  }))

export const statusJson = (row: ConnectorRow, shown: ShownAll, plugins: Plugins) => ({
  name: row.name,
  connector: shownJson(withTasksReason(shown)),
  tasks: shown.tasks.map((one, task) => taskStatusJson(task, one)),
  type: typeOf(row, plugins),
  health: healthOf(shown),
  ...lagJson(shown.tasks),
})

export const taskStatusJson = (id: number, shown: Shown) => ({ id, ...shownJson(shown) })

/** Typed clients read each member as a string, so numbers and times are strings too. */
const shownJson = (shown: Shown) => ({
  state: shown.state,
  worker_id: shown.workerId,
  ...(shown.version && { version: shown.version }),
  ...(shown.trace && { trace: shown.trace }),
  ...(shown.reason !== undefined && { reason: shown.reason }),
  ...(shown.since !== undefined && { since: timeJson(shown.since) }),
  ...(shown.lastError !== undefined && { last_error: shown.lastError }),
  ...(shown.nextRestart !== undefined && { next_restart: timeJson(shown.nextRestart) }),
  ...(shown.lag !== undefined && { lag: String(shown.lag) }),
})

/** Of all tasks whose own is known. */
function lagJson(tasks: readonly Shown[]): { readonly lag?: number } {
  const known = tasks.flatMap(({ lag }) => lag ?? [])
  return known.length === 0 ? {} : { lag: known.reduce((sum, lag) => sum + lag, 0) }
}

const timeJson = (at: number): string => new Date(at).toISOString()

export const offsetsJson = (offsets: readonly StoredOffset[]) => ({
  offsets: offsets.map(({ partition, offset }) => ({ partition, offset })),
})

export const sinkOffsetsJson = (
  offsets: readonly (TopicOffsetChange & { readonly offset: bigint })[],
) => ({
  offsets: offsets.map(({ topic, partition, offset }) => ({
    partition: { kafka_partition: partition, kafka_topic: topic },
    offset: { kafka_offset: offset },
  })),
})

/** `type` as Kafka Connect lists it: a converter that serves headers too is listed as either. */
export const pluginJson = ({ name, version }: Plugin, type: string) => ({
  class: name,
  type,
  ...(version && { version }),
})

export const validationJson = (validation: Validation) => ({
  name: validation.connectorClass,
  error_count: validation.errorCount,
  groups: validation.groups,
  configs: validation.entries.map(entryJson),
})

const entryJson = ({ key, value }: Entry) => ({
  definition: key && definitionJson(value.name, key),
  value: {
    name: value.name,
    value: value.text,
    recommended_values: value.recommended,
    errors: value.errors,
    visible: value.visible,
  },
})

export const definitionJson = (name: string, key: ConfigKey) => ({
  name,
  type: key.type.toUpperCase(),
  required: key.default === undefined,
  default_value: defaultText(key),
  importance: key.importance.toUpperCase(),
  documentation: key.doc,
  group: key.group ?? null,
  order_in_group: key.orderInGroup ?? -1,
  width: (key.width ?? 'none').toUpperCase(),
  display_name: key.displayName ?? name,
  dependents: key.dependents ?? [],
  // Releases up to 4.1 call it so.
  order: key.orderInGroup ?? -1,
})

export function typeOf({ config }: Pick<ConnectorRow, 'config'>, plugins: Plugins): string {
  try {
    return plugins.connector(config['connector.class'] ?? '').kind
  } catch {
    return 'unknown'
  }
}
