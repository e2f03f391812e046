/** What is kept of the groups of a sink while it rests goes along with changes of its offsets: else it would be put back over them. */
import { groupOf, topicsOf } from '../config/consumer-groups.ts'
import { ConflictError, messageOf } from '../errors.ts'
import type { ConnectorRow, GroupChange, GroupState } from '../ports.ts'
import type { Api } from './http.ts'

/** By topic, then by partition. */
export type Saved = GroupState['saved']

/** The group that a topic is read by; a topic that is to be read by another goes on in that one when the connector is resumed. */
export const readerOf = (row: ConnectorRow, state: GroupState | undefined) => {
  const topics = topicsOf(row.config)
  return (topic: string): string => state?.readBy[topic] ?? groupOf(row.name, topics, topic)
}

/** As changes of the groups that lost them. */
export const savedChanges = (saved: Saved, reader: (topic: string) => string) =>
  Object.entries(saved).flatMap(([topic, offsets]) =>
    Object.entries(offsets).map(([partition, offset]) => ({
      group: reader(topic),
      topic,
      partition: Number(partition),
      offset,
    })),
  )

/** With these changes made, of the topics that something is saved of. */
export function savedWith(saved: Saved, changes: readonly GroupChange[]): Saved {
  const changed = Object.entries(saved).map(([topic, offsets]) => {
    const ofTopic = changes.filter((one) => one.topic === topic)
    const others = Object.entries(offsets).filter(
      ([partition]) => !ofTopic.some((one) => String(one.partition) === partition),
    )
    const set = ofTopic.flatMap(({ partition, offset }) =>
      offset === null ? [] : [[String(partition), offset] as const],
    )
    return [topic, Object.fromEntries([...others, ...set])] as const
  })
  return Object.fromEntries(changed)
}

/** Longer than a request and whatever it asks for may last. */
const CHANGING_MS = 60_000
const TRIES = 5

/** First what is saved becomes this; while the groups are changed nothing is saved. Where that fails, what was saved stays. */
export async function withSaved(
  { name }: ConnectorRow,
  { ports }: Api,
  saved: (before: Saved) => Saved,
  changing: () => Promise<void>,
): Promise<void> {
  const before = await write((state) => ({
    ...state,
    saved: saved(state.saved),
    changingUntil: ports.clock.now() + CHANGING_MS,
  }))
  try {
    await changing()
  } catch (error) {
    await finish((state) => ({ ...state, saved: before.saved }))
    throw error
  }
  await finish((state) => state)

  /** Gives what was there. @throws ConflictError when the connector is gone, or others are too quick. */
  async function write(change: (state: Kept) => Kept): Promise<Kept> {
    for (let tries = 1; ; tries++) {
      const { revision, ...state } = (await ports.groupStates.read(name)) ?? NOTHING_YET
      try {
        await ports.groupStates.write(name, change(state), revision)
        return state
      } catch (error) {
        if (!(error instanceof ConflictError) || tries === TRIES) throw error
      }
    }
  }

  /** What fails here ends by its time. */
  async function finish(change: (state: Kept) => Kept): Promise<void> {
    try {
      await write((state) => {
        const { changingUntil: _, ...rest } = change(state)
        return rest
      })
    } catch (error) {
      ports.log.warn(`The saved offsets could not be written: ${messageOf(error)}`, {
        connector: name,
        error,
      })
    }
  }
}

type Kept = Omit<GroupState, 'revision'>

const NOTHING_YET = { readBy: {}, saved: {}, mirrored: [], revision: undefined } as const
