/** What wakes a sink, and what is kept of the groups that it reads by. Pure. */
import type { RawConfig } from '../config/config-def.ts'
import { groupOf, topicsOf } from '../config/consumer-groups.ts'
import type { ConnectorRow, Mapping } from '../ports.ts'
import type { Action, Actual, Wanted } from './wanted-actual.ts'
import { type Run, tasksToWake } from './wanted-run.ts'

/** One mapping a topic, enabled while its connector runs and its task has not failed; it is removed only with its topic or connector. */
export function sinkTriggers(
  wanted: Wanted,
  actual: Actual,
  { configs, run }: { readonly configs: readonly RawConfig[]; readonly run: Run },
  now: number,
): Action[] {
  const { row } = wanted
  const dealt = new Map(
    configs.flatMap((config, task) => topicsOf(config).map((topic) => [topic, task])),
  )
  const topics = topicsOf(row.config)
  const mappings = topics.map((topic): Mapping => {
    const task = dealt.get(topic)
    const enabled =
      row.targetState === 'RUNNING' && task !== undefined && run[task]?.state !== 'FAILED'
    const group = groupOf(row.name, topics, topic)
    // One that is disabled changes its group when it is enabled again.
    const madeWith = actual.mappings.find((one) => one.topic === topic)?.group
    return { connector: row.name, topic, group: enabled ? group : (madeWith ?? group), enabled }
  })
  return [
    ...mirroring(row, mappings, actual),
    ...mappings
      .filter(
        (mapping) =>
          mapping.enabled || actual.mappings.some(({ topic }) => topic === mapping.topic),
      )
      .filter((mapping) => !actual.mappings.some((there) => sameMapping(there, mapping)))
      .map((mapping): Action => ({ do: 'ensure mapping', mapping })),
    ...[...made(actual)]
      .filter((topic) => !topics.includes(topic))
      .map((topic): Action => ({ do: 'remove mapping', topic })),
    ...saving(mappings, actual, now),
    ...tasksToWake(wanted, actual, run).map((task): Action => ({ do: 'invoke sink', task })),
  ]
}

/** Of several processes each has mappings of its own, and the rows know of all. */
const made = ({ mappings, groups }: Actual): ReadonlySet<string> =>
  new Set([...mappings.map(({ topic }) => topic), ...Object.keys(groups?.readBy ?? {})])

/** Groups of their own are shown as one, `connect-<name>`, until all that they have committed is saved: nothing moves any more then. */
function mirroring(
  { name }: ConnectorRow,
  mappings: readonly Mapping[],
  { groups, mappings: there }: Actual,
): Action[] {
  const readBy = (topic: string) =>
    groups?.readBy[topic] ?? there.find((one) => one.topic === topic)?.group
  const isMirrored = ({ topic, group, enabled }: Mapping) =>
    readBy(topic) === group && group !== `connect-${name}` && (enabled || !groups?.saved[topic])
  const wanted = mappings.filter(isMirrored).map(({ topic }) => topic)
  const mirrored = groups?.mirrored ?? []
  const isSame =
    wanted.length === mirrored.length && wanted.every((topic) => mirrored.includes(topic))
  return isSame ? [] : [{ do: 'mirror topics', topics: wanted }]
}

/** Once a mapping has come to rest; whether its group is empty by then is asked. */
function saving(mappings: readonly Mapping[], actual: Actual, now: number): Action[] {
  const { groups } = actual
  if ((groups?.changingUntil ?? 0) > now) return []
  const resting = mappings.filter(({ topic, enabled }) => {
    const there = actual.mappings.find((one) => one.topic === topic)
    const isAtRest = !there || !(there.enabled || isDisabling(there))
    return !enabled && isAtRest && !groups?.saved[topic]
  })
  if (resting.length === 0) return []
  const reading = resting.map(({ topic, group }) => [topic, groups?.readBy[topic] ?? group])
  return [{ do: 'save offsets', reading: Object.fromEntries(reading) }]
}

export const isDisabling = ({ waiting }: { readonly waiting?: string }): boolean =>
  waiting?.startsWith('Disabling') === true

const sameMapping = (one: Mapping, other: Mapping): boolean =>
  one.topic === other.topic && one.group === other.group && one.enabled === other.enabled
