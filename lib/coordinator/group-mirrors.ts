/** The groups of a sink with several topics, shown as the one that Kafka Connect has: their offsets are mirrored to `connect-<name>`, which nobody reads by. */
import { groupOf, otherReader } from '../config/consumer-groups.ts'
import { messageOf } from '../errors.ts'
import type { GroupMirror, Ports } from '../ports.ts'

/** A question stays far below what an invoke takes. */
const TOPICS_AT_ONCE = 1_000
/** One line a while says it all. */
const COMPLAIN_AGAIN_MS = 300_000

export type GroupMirrors = {
  /** Brings all of them up to date while it may go on; the next time begins with those that were left. Never throws. */
  refresh(mayGoOn?: () => boolean): Promise<void>
}

export function groupMirrors({ groupStates, configs, ask, clock, log }: Ports): GroupMirrors {
  const complained = new Map<string, number>()
  /** the connector whose turn it is */
  let next: string | undefined

  function complain(about: string, message: string): void {
    const at = complained.get(about)
    if (at !== undefined && clock.monotonic() - at < COMPLAIN_AGAIN_MS) return
    complained.set(about, clock.monotonic())
    log.warn(`Offsets could not be mirrored to ${about}: ${message}`)
  }

  /** Its offsets are not to be written over while that one rests. */
  async function isRead(name: string, known: ReadonlySet<string>): Promise<boolean> {
    const configOf = async (other: string) => (await configs.get(other))?.config
    const reader = await otherReader(name, known, configOf)
    if (!reader) return false
    complain(
      groupOf(name, [], ''),
      `it is the group by which connector ${reader.connector} reads topic ${reader.topic}`,
    )
    return true
  }

  async function mirrored(): Promise<readonly Mirrored[]> {
    const all = await groupStates.mirrored()
    if (!all.some(({ connector }) => connector.includes('-'))) return all
    const known = new Set(await configs.listAll())
    const isFree = await Promise.all(all.map(async (one) => !(await isRead(one.connector, known))))
    return all.filter((_, at) => isFree[at])
  }

  return {
    async refresh(mayGoOn = () => true) {
      try {
        for (const portion of portions(inTurn(await mirrored(), next))) {
          const mirrors = portion.map(mirrorOf)
          for (let done = 0; done < mirrors.length; ) {
            next = portion[done]?.connector
            if (!mayGoOn()) return
            const answer = await ask.sink('mirrorGroups', { mirrors: mirrors.slice(done) })
            for (const { group, message } of answer.faults) complain(group, message)
            if (answer.done === 0) return
            done += answer.done
          }
        }
        next = undefined
      } catch (error) {
        complain('any group', messageOf(error))
      }
    },
  }
}

type Mirrored = { readonly connector: string; readonly topics: readonly string[] }

function inTurn(all: readonly Mirrored[], first: string | undefined): readonly Mirrored[] {
  const at = all.findIndex(({ connector }) => connector === first)
  return at < 0 ? all : [...all.slice(at), ...all.slice(0, at)]
}

const mirrorOf = ({ connector, topics }: Mirrored): GroupMirror => ({
  group: groupOf(connector, [], ''),
  of: topics.map((topic) => ({ group: `connect-${connector}-${topic}`, topic })),
})

function portions(mirrored: readonly Mirrored[]): Mirrored[][] {
  const all: Mirrored[][] = []
  let room = 0
  for (const one of mirrored) {
    if (room < one.topics.length) {
      all.push([])
      room = TOPICS_AT_ONCE
    }
    all.at(-1)?.push(one)
    room -= one.topics.length
  }
  return all
}
