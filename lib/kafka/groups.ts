import { ConflictError, ConnectError } from '../errors.ts'
import type { GroupOffset, Groups, Log } from '../ports.ts'
import type { KafkaSettings } from './client.ts'
import { type KafkaCluster, kafkaCluster } from './cluster.ts'
import {
  commitRequest,
  fetchAllRequest,
  forgetRequest,
  type GroupAnswer,
  removeRequest,
  stateRequest,
} from './group-requests.ts'
import { brokerError, isRefusal } from './kafka-errors.ts'
import { committedOffsets, logOffsets, partitionKey } from './offsets.ts'
import { retrying } from './retrying.ts'
import { present } from './topics.ts'
import type { Request } from './wire-format.ts'

export type KafkaGroups = Groups & { close(): void }

const TIMEOUT_MS = 5_000

/** Connects at the first call, and again whenever a connection is gone. Topics that do not exist are left out. */
export function kafkaGroups(settings: KafkaSettings, log: Log): KafkaGroups {
  const cluster = kafkaCluster(settings, 'connectless-groups', log)
  const change = (
    action: string,
    group: string,
    request: Request<GroupAnswer>,
    done: readonly number[] = DONE,
  ): Promise<void> =>
    retrying(action, { ms: TIMEOUT_MS }, async () =>
      requireDone(action, await asked(cluster, group, request), done),
    )
  return {
    offsets: (group, names) =>
      retrying(`reading the offsets of group ${group}`, { ms: TIMEOUT_MS }, async () => {
        if (names.length === 0) return []
        const topics = present((await cluster.metadata(names, 'leave')).topics)
        const committed = await committedOffsets(cluster, group, topics)
        const starts = await logOffsets(cluster, topics, 'earliest')
        const ends = await logOffsets(cluster, topics, 'end')
        return topics.flatMap(({ name: topic, partitions }) =>
          partitions.map(({ id: partition }): GroupOffset => {
            const key = partitionKey(topic, partition)
            return {
              topic,
              partition,
              committed: committed.get(key) ?? null,
              start: starts.get(key) ?? 0,
              end: ends.get(key) ?? 0,
            }
          }),
        )
      }),
    committed: (group) =>
      retrying(`reading all offsets of group ${group}`, { ms: TIMEOUT_MS }, async () => {
        const answer = await asked(cluster, group, fetchAllRequest(group))
        requireDone(`Reading all offsets of group ${group}`, answer, UNLESS_MISSING)
        // -1: none.
        return answer.partitions.flatMap(({ topic, partition, offset }) =>
          offset >= 0n ? [{ topic, partition, offset }] : [],
        )
      }),
    requireEmpty: (group) =>
      retrying(`reading the state of group ${group}`, { ms: TIMEOUT_MS }, async () => {
        const action = `Reading the state of group ${group}`
        const { error, state } = await asked(cluster, group, stateRequest(group))
        requireDone(action, { error, partitions: [] }, UNLESS_MISSING)
        if (!WITHOUT_MEMBERS.includes(state)) throw new ConflictError(`${action}: it has members`)
      }),
    async commit(group, offsets) {
      if (offsets.length === 0) return
      await change(`Committing offsets of group ${group}`, group, commitRequest(group, offsets))
    },
    async forget(group, partitions) {
      if (partitions.length === 0) return
      const request = forgetRequest(group, partitions)
      await change(`Forgetting offsets of group ${group}`, group, request, UNLESS_MISSING)
    },
    remove: (group) =>
      change(`Removing group ${group}`, group, removeRequest(group), UNLESS_MISSING),
    close: cluster.close,
  }
}

const asked = async <T>(cluster: KafkaCluster, group: string, request: Request<T>): Promise<T> =>
  (await cluster.coordinator(group)).request(request)

// A coordinator's error codes.
const UNKNOWN_TOPIC_OR_PARTITION = 3
const DONE = [0]
/** GROUP_ID_NOT_FOUND: there is nothing to read or to take away. */
const UNLESS_MISSING = [0, 69]
/** What it answers to one who is no member while there are members: an unknown member, a non-empty group, one that reads the topic; or while they come and go. */
const HAS_MEMBERS: readonly number[] = [22, 25, 27, 68, 86]

/** States: without members; nobody knows it. */
const WITHOUT_MEMBERS: readonly string[] = ['Empty', 'Dead']

/** @throws ConflictError, ConnectError, or what is worth another attempt. */
function requireDone(
  action: string,
  { error, partitions }: GroupAnswer,
  done: readonly number[],
): void {
  const places = partitions.map((one) => ({ ...one, at: ` at ${one.topic}-${one.partition}` }))
  for (const { error: code, at } of [{ error, at: '' }, ...places]) {
    if (done.includes(code)) continue
    const cause = brokerError(code)
    if (HAS_MEMBERS.includes(code)) throw new ConflictError(`${action}: it has members`, { cause })
    if (code === UNKNOWN_TOPIC_OR_PARTITION || isRefusal(cause))
      throw new ConnectError(`${action}${at}: ${cause.message}`, { cause })
    throw cause
  }
}
