/** Where each row stands. A connector's own rows go with it; those under `offsets#` survive it. */
import { createHash } from 'node:crypto'
import type { OffsetMap } from '../data/record.ts'
import type { StatusUnit } from '../ports.ts'
import { canonicalOf } from './offset-json.ts'
import type { Key } from './rows.ts'

export const connectorPk = (connector: string): string => `connector#${connector}`
/** Apart, so that no view of a connector reads it. */
export const historyPk = (connector: string): string => `history#${connector}`
export const offsetsPk = (connector: string): string => `offsets#${connector}`

const own = (connector: string, sk: string): Key => ({ pk: connectorPk(connector), sk })
const lasting = (connector: string, sk: string): Key => ({ pk: offsetsPk(connector), sk })

export const configKey = (connector: string): Key => own(connector, CONFIG)
export const targetKey = (connector: string): Key => own(connector, 'target')
/** Which task set is the one in force. */
export const tasksKey = (connector: string): Key => own(connector, TASKS)
/** The counter behind all leases of a connector. */
export const epochKey = (connector: string): Key => lasting(connector, 'epoch')
/** What a deleted connector of this name had reached. */
export const versionsKey = (connector: string): Key => lasting(connector, 'versions')

export const historyKey = (connector: string, version: number): Key => ({
  pk: historyPk(connector),
  sk: digits(version, 10),
})

export const CONFIG = 'config'
export const TASKS = 'tasks'
export const TASK = 'task#'
export const LEASE = 'lease#'
export const STATUS = 'status#'
export const OFFSET = 'offset#'
export const TOPIC = 'topic#'
export const GROUPS = 'groups'
export const LOST = 'lost#'

export const leaseKey = (connector: string, task: number): Key =>
  own(connector, `${LEASE}${digits(task, 6)}`)

export const groupsKey = (connector: string): Key => own(connector, GROUPS)
export const lostKey = (connector: string, unit: string): Key => own(connector, `${LOST}${unit}`)

/** Connectors whose groups are mirrored. They are read together, and written when a connector changes. */
export const MIRRORS_PK = 'mirrors'
export const mirrorsKey = (connector: string): Key => ({ pk: MIRRORS_PK, sk: connector })

export const statusKey = (connector: string, unit: StatusUnit): Key =>
  own(connector, unit === 'connector' ? CONNECTOR_STATUS : `${TASK_STATUS}${digits(unit, 6)}`)

export const unitOfStatus = (sk: string): StatusUnit =>
  sk === CONNECTOR_STATUS ? 'connector' : Number(sk.slice(TASK_STATUS.length))

const CONNECTOR_STATUS = `${STATUS}connector`
const TASK_STATUS = `${STATUS}task#`

/** Rows of a task set never change: the digest of what is in it keeps two publishers of one generation apart. */
export type SetId = { readonly generation: number; readonly digest: string }

export const taskPrefix = ({ generation, digest }: SetId): string =>
  `${TASK}${digits(generation, 10)}#${digest}#`

export const taskKey = (connector: string, set: SetId, task: number): Key =>
  own(connector, `${taskPrefix(set)}${digits(task, 6)}`)

export const generationOfTask = (sk: string): number => Number(sk.slice(TASK.length).split('#')[0])

/** Of the topics that were active since this reset. */
export const topicPrefix = (reset: number): string => `${TOPIC}${digits(reset, 12)}#`

// A sort key holds 1,024 bytes.
const MAX_PARTITION_BYTES = 1_000

/** Two maps with the same members are the same partition, in whatever order they come. */
export function offsetKey(connector: string, partition: OffsetMap): Key {
  const text = canonicalOf(partition)
  const fits = Buffer.byteLength(text) <= MAX_PARTITION_BYTES
  return lasting(connector, `${OFFSET}${fits ? text : `sha256:${sha256(text)}`}`)
}

const SHARDS = 16

/** All of it is read by a Query of each shard: one partition would not hold the writes of ten thousand connectors. */
const shardsOf = (index: string): string[] =>
  Array.from({ length: SHARDS }, (_, shard) => `${index}#${digits(shard, 2)}`)

export const LIST_PKS: readonly string[] = shardsOf('list')
export const CHANGE_PKS: readonly string[] = shardsOf('change')

export const listKey = (connector: string): Key => inShard(LIST_PKS, connector)
export const changeKey = (connector: string): Key => inShard(CHANGE_PKS, connector)

const inShard = (pks: readonly string[], connector: string): Key => ({
  pk: pks[Number.parseInt(sha256(connector).slice(0, 4), 16) % SHARDS] ?? '',
  sk: connector,
})

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

function digits(number: number, length: number): string {
  return String(number).padStart(length, '0')
}
