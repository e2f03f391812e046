import { groupOf } from '../config/consumer-groups.ts'
import { ConflictError } from '../errors.ts'
import type { GroupState, Ports } from '../ports.ts'

type Kept = Omit<GroupState, 'revision'>

export const NOTHING_YET: Kept & { readonly revision: undefined } = {
  readBy: {},
  saved: {},
  mirrored: [],
  revision: undefined,
}

const TRIES = 3

/** Read anew for each change, since one look makes several, and again where another changes it meanwhile. @throws ConflictError when the connector is gone. */
export async function changeGroups(
  connector: string,
  { groupStates }: Pick<Ports, 'groupStates'>,
  change: (state: Kept) => Kept,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const { revision, ...state } = (await groupStates.read(connector)) ?? NOTHING_YET
    const changed = change(state)
    if (changed === state) return
    const mirrored = mirrorable(connector, changed)
    try {
      return await groupStates.write(connector, { ...changed, mirrored }, revision)
    } catch (error) {
      if (!(error instanceof ConflictError) || tries === TRIES) throw error
    }
  }
}

/** What is read by it is no mirror of anything. */
const mirrorable = (connector: string, { readBy, mirrored }: Kept): string[] =>
  mirrored.filter((topic) => readBy[topic] !== groupOf(connector, [], topic))

export const without = <T>(all: Readonly<Record<string, T>>, name: string): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([one]) => one !== name))
