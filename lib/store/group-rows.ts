import { ConflictError } from '../errors.ts'
import type { GroupState, GroupStates } from '../ports.ts'
import { groupsKey, MIRRORS_PK, mirrorsKey, targetKey } from './keys.ts'
import type { Attributes, Change, Rows } from './rows.ts'
import { storable } from './storable.ts'

/** The state is one row; what is mirrored stands in another list besides, which the coordinator reads as a whole. */
export const groupRows = (rows: Rows): GroupStates => ({
  read: async (connector) => groupStateOf(await rows.get(groupsKey(connector))),

  async write(connector, state, seen) {
    const attributes: Attributes = {
      revision: (seen ?? 0) + 1,
      state: storable(`The groups of connector ${connector}`, JSON.stringify(state)),
    }
    const done = await rows.transact([
      {
        put: { ...groupsKey(connector), attributes },
        onlyIf: seen === undefined ? 'absent' : { revision: seen },
      },
      listing(connector, state.mirrored),
      { check: targetKey(connector), onlyIf: { deleted: false } },
    ])
    if (!done) throw new ConflictError(`The groups of connector ${connector} are others by now`)
  },

  async mirrored() {
    const found = await rows.query(MIRRORS_PK, '')
    return found.map(({ sk: connector, attributes }) => ({
      connector,
      // Written by `listing` alone.
      topics: String(attributes.topics).split(','),
    }))
  },
})

const listing = (connector: string, topics: readonly string[]): Change =>
  topics.length === 0
    ? { remove: mirrorsKey(connector) }
    : { put: { ...mirrorsKey(connector), attributes: { topics: topics.join(',') } } }

export function groupStateOf(stored: Attributes | undefined): GroupState | undefined {
  if (!stored) return undefined
  // Written by `write` alone.
  return { ...JSON.parse(String(stored.state)), revision: Number(stored.revision) }
}
