import { versionsKey } from './keys.ts'
import type { Change, Rows } from './rows.ts'

/**
 * What a deleted connector had reached. A new one of the same name goes on above it: statuses, leases and whoever looks
 * for changes compare these numbers, so none may come twice for a name.
 */
export type Versions = {
  readonly version: number
  readonly revision: number
  /** of its task sets */
  readonly generation: number
}

const NOTHING: Versions = { version: 0, revision: 0, generation: 0 }

/** As it is now; undefined when no connector of this name was ever cleared away. */
export type SeenVersions = { readonly connector: string; readonly stored: Versions | undefined }

export async function readVersions(rows: Rows, connector: string): Promise<SeenVersions> {
  // Written by `rememberVersions` alone.
  const stored = (await rows.get(versionsKey(connector))) as Versions | undefined
  return { connector, stored }
}

export const versionsOf = ({ stored }: SeenVersions): Versions => stored ?? NOTHING

export const checkVersions = (seen: SeenVersions): Change => ({
  check: versionsKey(seen.connector),
  onlyIf: seen.stored ?? 'absent',
})

export const rememberVersions = (seen: SeenVersions, reached: Versions): Change => {
  const { version, revision, generation } = versionsOf(seen)
  return {
    put: {
      ...versionsKey(seen.connector),
      attributes: {
        version: Math.max(version, reached.version),
        revision: Math.max(revision, reached.revision),
        generation: Math.max(generation, reached.generation),
      },
    },
    onlyIf: seen.stored ?? 'absent',
  }
}
