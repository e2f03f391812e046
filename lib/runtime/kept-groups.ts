/** Questions of the coordinator: what it keeps of the consumer groups of sinks, and has them go on from. */
import { ConflictError, ConnectError, isRetriable, messageOf } from '../errors.ts'
import type { Asked, CommittedOffset, GroupMirror, Groups, PartitionOffsets } from '../ports.ts'
import type { Answerer } from './answer.ts'

export const idleGroups: Answerer<'idleGroups'> = async ({ groups }, { ports }) => {
  const read = async (group: string) => {
    // First: what an empty group has committed stays as it is.
    if (!(await isEmpty(group, ports.groups))) return []
    const committed = await ports.groups.committed(group)
    const offsets = committed.map((one) => ({ ...one, offset: String(one.offset) }))
    return [{ group, offsets }]
  }
  return { groups: (await Promise.all(groups.map(read))).flat() }
}

export const readyGroup: Answerer<'readyGroup'> = async (question, { ports }) => {
  try {
    await makeReady(question, ports.groups)
    return {}
  } catch (error) {
    if (isRetriable(error) || error instanceof ConflictError || !(error instanceof ConnectError))
      throw error
    return { refused: messageOf(error) }
  }
}

async function makeReady(
  { group, topic, saved, from }: Asked['readyGroup']['question'],
  groups: Groups,
): Promise<void> {
  if (from !== undefined) await groups.requireEmpty(from)
  else if (!(await isEmpty(group, groups))) return
  const reached = await committedOf(from ?? group, topic, groups)
  const lost = await lostOf(saved, { group, topic, reached }, groups)
  const wanted = new Map([...reached, ...lost])
  const there = from === undefined ? reached : await committedOf(group, topic, groups)
  await groups.commit(group, differing(topic, wanted, there))
  // Where the one before had committed nothing, it had been told to start over.
  const outdated = [...there.keys()].filter((partition) => !wanted.has(partition))
  await groups.forget(
    group,
    outdated.map((partition) => ({ topic, partition })),
  )
}

async function isEmpty(group: string, groups: Groups): Promise<boolean> {
  try {
    await groups.requireEmpty(group)
    return true
  } catch (error) {
    if (error instanceof ConflictError) return false
    throw error
  }
}

type Reached = ReadonlyMap<number, bigint>

async function committedOf(group: string, topic: string, groups: Groups): Promise<Reached> {
  const all = await groups.committed(group)
  return new Map(all.flatMap((one) => (one.topic === topic ? [[one.partition, one.offset]] : [])))
}

/** What lies beyond the end of the log is of a topic that was there before this one. */
async function lostOf(
  saved: PartitionOffsets,
  of: { readonly group: string; readonly topic: string; readonly reached: Reached },
  groups: Groups,
): Promise<Reached> {
  const missing = Object.entries(saved).filter(([partition]) => !of.reached.has(Number(partition)))
  if (missing.length === 0) return new Map()
  const logs = await groups.offsets(of.group, [of.topic])
  const ends = new Map(logs.map(({ partition, end }) => [partition, BigInt(end)]))
  return new Map(
    missing
      .map(([partition, offset]) => [Number(partition), BigInt(offset)] as const)
      .filter(([partition, offset]) => offset <= (ends.get(partition) ?? -1n)),
  )
}

const differing = (topic: string, wanted: Reached, there: Reached): CommittedOffset[] =>
  [...wanted]
    .filter(([partition, offset]) => there.get(partition) !== offset)
    .map(([partition, offset]) => ({ topic, partition, offset }))

const MIRRORED_AT_ONCE = 8
/** Then it answers how far it has come. At the signal nobody hears it any more, and the last ones may take their time. */
const MIRRORING_MS = 7_000

export const mirrorGroups: Answerer<'mirrorGroups'> = async ({ mirrors }, { ports, signal }) => {
  const faults: { group: string; message: string }[] = []
  const endsAt = ports.clock.monotonic() + MIRRORING_MS
  let done = 0
  while (done < mirrors.length && !signal.aborted && ports.clock.monotonic() < endsAt) {
    const some = mirrors.slice(done, done + MIRRORED_AT_ONCE)
    await Promise.all(
      some.map(async (one) => {
        try {
          await mirror(one, ports.groups)
        } catch (error) {
          // No broker answers: it would be so for all.
          if (isRetriable(error)) throw error
          faults.push({ group: one.group, message: messageOf(error) })
        }
      }),
    )
    done += some.length
  }
  return { done, faults }
}

/** While the group has members it is no mirror, and Kafka refuses what is committed beside them. */
async function mirror({ group, of }: GroupMirror, groups: Groups): Promise<void> {
  if (!(await isEmpty(group, groups))) return
  const there = await groups.committed(group)
  const wanted = await Promise.all(
    of.map(async (one) =>
      (await groups.committed(one.group)).filter(({ topic }) => topic === one.topic),
    ),
  )
  const moved = wanted
    .flat()
    .filter(
      ({ topic, partition, offset }) =>
        !there.some(
          (one) => one.topic === topic && one.partition === partition && one.offset === offset,
        ),
    )
  try {
    await groups.commit(group, moved)
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
  }
}
