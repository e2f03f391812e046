/** A sink's offsets are in its consumer groups, where this function does not reach: the sink function is asked. */
import { groupOf, groupsOf, otherReader, topicsOf } from '../config/consumer-groups.ts'
import type { TopicOffsetChange } from '../data/record.ts'
import { ConflictError, ConnectError } from '../errors.ts'
import type { SinkConnector } from '../plugin.ts'
import type { ConnectorRow, GroupChange } from '../ports.ts'
import { judged } from './altering.ts'
import type { Api } from './http.ts'
import { readerOf, savedChanges, savedWith, withSaved } from './saved-groups.ts'

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
  const state = await api.ports.groupStates.read(row.name)
  const reader = readerOf(row, state)
  const inGroups = changes.map(
    ({ topic, partition, offset }): GroupChange => ({
      group: reader(topic),
      topic,
      partition,
      offset: offset === null ? null : String(offset),
    }),
  )
  const saved = savedChanges(savedWith(state?.saved ?? {}, inGroups.map(forgotten)), reader)
  const question = { changes: inGroups, ...(saved.length > 0 && { saved }) }
  await unlessFailed(
    () =>
      withSaved(
        row,
        api,
        (before) => savedWith(before, inGroups),
        async () => void (await api.ports.ask.sink('alterGroups', question)),
      ),
    `Failed to alter consumer group offsets for connector ${row.name}`,
    stillActive('alter', row.name),
  )
  return isAll
}

const forgotten = (change: GroupChange): GroupChange => ({ ...change, offset: null })

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
    () =>
      withSaved(
        row,
        api,
        () => ({}),
        async () => void (await api.ports.ask.sink('removeGroups', { groups })),
      ),
    `Failed to reset consumer group offsets for sink connector ${name}`,
    stillActive('reset', name),
  )
  return isAll
}

/** Also those of topics that it read once, as far as is known: they would go on from there if it read them again. */
async function allGroupsOf(row: ConnectorRow, { ports }: Api): Promise<string[]> {
  const { name } = row
  const [state, versions, active, names] = await Promise.all([
    ports.groupStates.read(name),
    ports.configs.history(name),
    ports.activeTopics.read(name, row.topicsReset ?? 0),
    ports.configs.list(),
  ])
  const present = topicsOf(row.config)
  const past = versions.flatMap(({ config }) => topicsOf(config))
  const reading = Object.values(state?.readBy ?? {})
  const own = [...groupsOf(name, present), ...reading]
  // What is another connector's is not taken for one that this one may have had.
  const others = new Set(names.map((other) => groupOf(other, [], '')))
  const ever = groupsOf(name, [...new Set([...present, ...past, ...active])])
  const all = [...new Set([...own, ...ever.filter((group) => !others.has(group))])]
  // Kafka Connect's own group is nothing but shown where each topic has its own.
  const shown = groupOf(name, [], '')
  if (present.length < 2 || reading.includes(shown)) return all
  const configOf = async (other: string) => (await ports.configs.get(other))?.config
  const isAnothers = await otherReader(name, new Set(names), configOf)
  return isAnothers ? all.filter((group) => group !== shown) : all
}

/** Of each topic, what stands in the group that it is read by, or is saved of it where the group has lost it. */
async function committed(row: ConnectorRow, api: Api, failure: string): Promise<SinkOffset[]> {
  const state = await api.ports.groupStates.read(row.name)
  const reader = readerOf(row, state)
  const groups = groupsOf(row.name, topicsOf(row.config))
  const { offsets } = await unlessFailed(
    () =>
      api.ports.ask.sink('groupOffsets', {
        groups: [...new Set([...groups, ...Object.values(state?.readBy ?? {})])],
      }),
    failure,
  )
  const there = offsets.filter(({ group, topic }) => group === reader(topic))
  const lost = savedChanges(state?.saved ?? {}, reader).filter(
    (one) =>
      !there.some(({ topic, partition }) => topic === one.topic && partition === one.partition),
  )
  return [...there, ...lost]
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
