/** The groups of a sink with several topics, shown as the one that Kafka Connect has: their offsets are mirrored to `connect-<name>`, which nobody reads by. */
import { groupOf } from '../config/consumer-groups.ts'
import { messageOf } from '../errors.ts'
import type { GroupMirror, Ports } from '../ports.ts'

/** A question stays far below what an invoke takes. */
const TOPICS_AT_ONCE = 1_000
/** One line a while says it all. */
const COMPLAIN_AGAIN_MS = 300_000

export type GroupMirrors = {
  /** Brings all of them up to date. Never throws: the next tick does what this one could not. */
  refresh(): Promise<void>
}

export function groupMirrors({ groupStates, ask, clock, log }: Ports): GroupMirrors {
  const complained = new Map<string, number>()

  function complain(about: string, message: string): void {
    const at = complained.get(about)
    if (at !== undefined && clock.monotonic() - at < COMPLAIN_AGAIN_MS) return
    complained.set(about, clock.monotonic())
    log.warn(`Offsets could not be mirrored to ${about}: ${message}`)
  }

  return {
    async refresh() {
      try {
        for (const mirrors of portions((await groupStates.mirrored()).map(mirrorOf)))
          for (let done = 0; done < mirrors.length; ) {
            const answer = await ask.sink('mirrorGroups', { mirrors: mirrors.slice(done) })
            for (const { group, message } of answer.faults) complain(group, message)
            if (answer.done === 0) return
            done += answer.done
          }
      } catch (error) {
        complain('any group', messageOf(error))
      }
    },
  }
}

const mirrorOf = ({
  connector,
  topics,
}: {
  readonly connector: string
  readonly topics: readonly string[]
}): GroupMirror => ({
  group: groupOf(connector, [], ''),
  of: topics.map((topic) => ({ group: `connect-${connector}-${topic}`, topic })),
})

function portions(mirrors: readonly GroupMirror[]): GroupMirror[][] {
  const all: GroupMirror[][] = []
  let room = 0
  for (const mirror of mirrors) {
    if (room < mirror.of.length) {
      all.push([])
      room = TOPICS_AT_ONCE
    }
    all.at(-1)?.push(mirror)
    room -= mirror.of.length
  }
  return all
}
