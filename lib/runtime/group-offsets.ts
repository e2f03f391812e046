/** Questions about the consumer groups of sinks. */
import { ConflictError, RetriableError } from '../errors.ts'
import type { GroupChange, Groups } from '../ports.ts'
import type { Answerer, Desk } from './answer.ts'

export const groupOffsets: Answerer<'groupOffsets'> = async ({ groups }, { ports }) => {
  const read = async (group: string) =>
    (await ports.groups.committed(group)).map(({ offset, ...place }) => ({
      ...place,
      group,
      offset: String(offset),
    }))
  return { offsets: (await Promise.all(groups.map(read))).flat() }
}

export const alterGroups: Answerer<'alterGroups'> = async ({ changes, saved = [] }, desk) => {
  const byGroup = Map.groupBy(changes, (change) => change.group)
  const savedOf = Map.groupBy(saved, (one) => one.group)
  const whenEmpty = await whenAllEmpty([...new Set([...byGroup.keys(), ...savedOf.keys()])], desk)
  for (const [group, ofGroup] of savedOf)
    await whenEmpty((groups) => putBack(groups, group, ofGroup))
  for (const [group, ofGroup] of byGroup)
    await whenEmpty((groups) => alterGroup(groups, group, ofGroup))
  return {}
}

async function putBack(groups: Groups, group: string, saved: readonly GroupChange[]) {
  const there = await groups.committed(group)
  const isThere = ({ topic, partition }: GroupChange) =>
    there.some((one) => one.topic === topic && one.partition === partition)
  await alterGroup(
    groups,
    group,
    saved.filter((one) => one.offset !== null && !isThere(one)),
  )
}

async function alterGroup(groups: Groups, group: string, changes: readonly GroupChange[]) {
  const offsets = changes.flatMap(({ topic, partition, offset }) =>
    offset === null ? [] : [{ topic, partition, offset: BigInt(offset) }],
  )
  await groups.commit(group, offsets)
  await groups.forget(
    group,
    changes.filter(({ offset }) => offset === null),
  )
}

export const removeGroups: Answerer<'removeGroups'> = async ({ groups }, desk) => {
  const whenEmpty = await whenAllEmpty(groups, desk)
  for (const group of groups) await whenEmpty((port) => port.remove(group))
  return {}
}

/** What changes the groups then: all of them, or none as long as one has members. */
async function whenAllEmpty(groups: readonly string[], desk: Desk) {
  const whenEmpty = patience(desk)
  for (const group of groups) await whenEmpty((port) => port.requireEmpty(group))
  return whenEmpty
}

/** As long as a member that died is waited for (`session.timeout.ms`), and a poller that has been stopped takes to leave. */
const PATIENCE_MS = 12_000
const LOOK_AGAIN_MS = 250

/** The time is one for all groups of a question: their members leave together. */
function patience({ ports, signal }: Desk) {
  const { clock, groups } = ports
  const endsAt = clock.monotonic() + PATIENCE_MS
  /** @throws ConflictError when there still are members. */
  return async (change: (groups: Groups) => Promise<void>): Promise<void> => {
    for (;;) {
      // Invariant 8: nobody waits for the answer any more.
      if (signal.aborted) throw new RetriableError('It took too long')
      try {
        return await change(groups)
      } catch (error) {
        const isLast = clock.monotonic() + LOOK_AGAIN_MS > endsAt
        if (!(error instanceof ConflictError) || isLast) throw error
      }
      await clock.sleep(LOOK_AGAIN_MS, signal)
    }
  }
}
