/**
 * Brokers forget what a group has committed a week after its last member left. So once a mapping is disabled and its group empty, that is saved, and
 * put back before the mapping is enabled; and a topic that another group is to read goes on where the one before stopped.
 */
import { ConflictError, messageOf } from '../errors.ts'
import type { Asked, Mapping, Ports } from '../ports.ts'
import { changeGroups, NOTHING_YET, without } from './group-state.ts'
import { isDisabling } from './sink-triggers.ts'
import type { Actual } from './wanted-actual.ts'

type Seen = Pick<Actual, 'mappings'>

/** Makes, enables or disables a mapping. */
export async function ensureMapping(mapping: Mapping, seen: Seen, ports: Ports): Promise<void> {
  const there = seen.mappings.find(({ topic }) => topic === mapping.topic)
  if (!mapping.enabled) return disable(mapping, ports)
  if (there && there.group !== mapping.group) {
    // The one before ends first: how far it came is known only then.
    if (there.enabled) return disable(there, ports)
    if (isDisabling(there)) return
  }
  await enable(mapping, there?.group, ports)
}

/** What was saved is outdated from the moment that the mapping was enabled: it goes before the mapping is found disabled again. */
async function disable(mapping: Mapping, ports: Ports): Promise<void> {
  await forgetSaved(mapping, ports)
  await ports.mappings.ensure({ ...mapping, enabled: false })
}

async function enable(mapping: Mapping, madeWith: string | undefined, ports: Ports): Promise<void> {
  const { connector, topic, group } = mapping
  const state = await ports.groupStates.read(connector)
  const before = state?.readBy[topic] ?? madeWith
  const saved = state?.saved[topic] ?? {}
  const from = before === group ? undefined : before
  if (from !== undefined || Object.keys(saved).length > 0)
    await ready({ group, topic, saved, ...(from !== undefined && { from }) }, connector, ports)
  // From here on this group's offsets count: it is never set again to where the one before stopped.
  if (state?.readBy[topic] !== group)
    await changeGroups(connector, ports, (now) => ({
      ...now,
      readBy: { ...now.readBy, [topic]: group },
    }))
  await ports.mappings.ensure(mapping)
  await forgetSaved(mapping, ports)
}

/** Where brokers refuse it, it starts all the same, in the worst case at the topic's beginning: nothing is lost. */
async function ready(
  question: Asked['readyGroup']['question'],
  connector: string,
  { ask, log }: Ports,
): Promise<void> {
  const { refused } = await ask.sink('readyGroup', question)
  if (refused !== undefined)
    log.warn(`Group ${question.group} begins at what it has committed itself: ${refused}`, {
      connector,
      topic: question.topic,
    })
}

const forgetSaved = ({ connector, topic }: Mapping, ports: Ports): Promise<void> =>
  changeGroups(connector, ports, (state) =>
    state.saved[topic] ? { ...state, saved: without(state.saved, topic) } : state,
  )

/** The topic is read no more. */
export async function removeMapping(connector: string, topic: string, ports: Ports): Promise<void> {
  await ports.mappings.remove(connector, topic)
  await changeGroups(connector, ports, (state) =>
    state.readBy[topic] === undefined && state.saved[topic] === undefined
      ? state
      : {
          ...state,
          readBy: without(state.readBy, topic),
          saved: without(state.saved, topic),
          mirrored: state.mirrored.filter((one) => one !== topic),
        },
  )
}

/** Saves of these topics what their groups have committed, as far as these are empty. It is in nobody's way: what fails comes again. */
export async function saveOffsets(
  connector: string,
  reading: Readonly<Record<string, string>>,
  ports: Ports,
): Promise<void> {
  const { groupStates, ask, clock, log } = ports
  // Before asking: what anybody changes meanwhile lets the writing fail.
  const state = await groupStates.read(connector)
  if ((state?.changingUntil ?? 0) > clock.now()) return
  try {
    const { groups } = await ask.sink('idleGroups', {
      groups: [...new Set(Object.values(reading))],
    })
    const saved = Object.entries(reading).flatMap(([topic, group]) => {
      const found = groups.find((one) => one.group === group)
      const ofTopic = found?.offsets.filter((one) => one.topic === topic)
      const offsets = ofTopic?.map(({ partition, offset }) => [String(partition), offset])
      return offsets ? [[topic, Object.fromEntries(offsets)]] : []
    })
    if (saved.length === 0) return
    const { revision, changingUntil: _, ...kept } = state ?? { ...NOTHING_YET, revision: undefined }
    const added = {
      ...kept,
      readBy: { ...reading, ...kept.readBy },
      saved: { ...kept.saved, ...Object.fromEntries(saved) },
    }
    await groupStates.write(connector, added, revision)
  } catch (error) {
    if (error instanceof ConflictError) return
    log.debug?.(`Offsets could not be saved: ${messageOf(error)}`, { connector, error })
  }
}
