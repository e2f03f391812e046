/** A sink's offsets are in its consumer groups, where this function does not reach: the sink function is asked. */
import { groupOf, groupsOf, topicsOf } from '../config/consumer-groups.ts'
import type { TopicOffsetChange } from '../data/record.ts'
import { ConflictError, ConnectError } from '../errors.ts'
import type { SinkConnector } from '../plugin.ts'
import type { ConnectorRow, GroupChange } from '../ports.ts'
import { judged } from './altering.ts'
import type { Api } from './http.ts'

type SinkOffset = TopicOffsetChange & { readonly offset: bigint }

/** In the order of topics and partitions. */
export const readSinkOffsets = (row: ConnectorRow, api: Api): Promise<SinkOffset[]> =>
  committed(row, api, `Failed to retrieve consumer group offsets for sink connector ${row.name}`)

/** Whether the connector says that this is all there is to do. */
export async function alterSinkOffsets(
  row: ConnectorRow,
  connector: SinkConnector,
  changes: readonly TopicOffsetChange[],
  api: Api,
): Promise<boolean> {
  const isAll = judged(connector, row, changes, api)
  // As Kafka's client refuses it, which never hears of the connector.
  if (changes.some(({ offset }) => offset !== null && offset < 0n))
    throw new ConnectError(`Failed to modify offsets for sink connector ${row.name}`)
  const topics = topicsOf(row.config)
  const inGroups = changes.map(
    ({ topic, partition, offset }): GroupChange => ({
      group: groupOf(row.name, topics, topic),
      topic,
      partition,
      offset: offset === null ? null : String(offset),
    }),
  )
  await unlessFailed(
    () => api.ports.ask.sink('alterGroups', { changes: inGroups }),
    `Failed to alter consumer group offsets for connector ${row.name}`,
    stillActive('alter', row.name),
  )
  return isAll
}

/** All that the connector has committed goes, also of topics that it reads no more and in groups that it has no more. */
export async function resetSinkOffsets(
  row: ConnectorRow,
  connector: SinkConnector,
  api: Api,
): Promise<boolean> {
  const { name } = row
  const known = await committed(
    row,
    api,
    `Failed to list offsets prior to resetting offsets for sink connector ${name}`,
  )
  const forgetting = known.map((one): TopicOffsetChange => ({ ...one, offset: null }))
  const isAll = judged(connector, row, forgetting, api)
  const groups = await allGroupsOf(row, api)
  await unlessFailed(
    () => api.ports.ask.sink('removeGroups', { groups }),
    `Failed to reset consumer group offsets for sink connector ${name}`,
    stillActive('reset', name),
  )
  return isAll
}

/** Also those of topics that it read once, as far as is known: they would go on from there if it read them again. */
async function allGroupsOf(row: ConnectorRow, { ports }: Api): Promise<string[]> {
  const { name } = row
  const [versions, active, names] = await Promise.all([
    ports.configs.history(name),
    ports.activeTopics.read(name, row.topicsReset ?? 0),
    ports.configs.list(),
  ])
  const present = topicsOf(row.config)
  const past = versions.flatMap(({ config }) => topicsOf(config))
  const own = groupsOf(name, present)
  // What is another connector's is not taken for one that this one may have had.
  const others = new Set(names.map((other) => groupOf(other, [], '')))
  const ever = groupsOf(name, [...new Set([...present, ...past, ...active])])
  return [...new Set([...own, ...ever.filter((group) => !others.has(group))])]
}

/** Of each topic, what stands in the group that it is read by. */
async function committed(row: ConnectorRow, api: Api, failure: string): Promise<SinkOffset[]> {
  const topics = topicsOf(row.config)
  const groups = groupsOf(row.name, topics)
  const { offsets } = await unlessFailed(
    () => api.ports.ask.sink('groupOffsets', { groups }),
    failure,
  )
  return offsets
    .filter(({ group, topic }) => group === groupOf(row.name, topics, topic))
    .map(({ topic, partition, offset }) => ({ topic, partition, offset: BigInt(offset) }))
    .sort((one, other) =>
      one.topic === other.topic
        ? one.partition - other.partition
        : one.topic < other.topic
          ? -1
          : 1,
    )
}

/** Whatever goes wrong is told in Kafka Connect's words; the cause is for the log. */
async function unlessFailed<T>(
  asking: () => Promise<T>,
  failure: string,
  ifActive = failure,
): Promise<T> {
  try {
    return await asking()
  } catch (cause) {
    throw new ConnectError(cause instanceof ConflictError ? ifActive : failure, { cause })
  }
}

const stillActive = (verb: 'alter' | 'reset', name: string): string =>
  `Failed to ${verb} consumer group offsets for connector ${name} either because its tasks haven't stopped completely yet or the connector was resumed before the request to ${verb} its offsets could be successfully completed. If the connector is in a stopped state, this operation can be safely retried. If it doesn't eventually succeed, the Connect cluster may need to be restarted to get rid of the zombie sink tasks.`
