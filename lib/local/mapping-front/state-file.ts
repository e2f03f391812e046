import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { ConfigError } from '../../errors.ts'
import type { StoredMapping } from './stored-mapping.ts'

/** What outlives the process; in memory only, without a file. */
export type StateFile = {
  /** @throws ConfigError when it is not a file of ours. */
  read(): readonly StoredMapping[]
  /** Returns when it is written: a process killed at any moment leaves the old state or the new one. */
  write(mappings: readonly StoredMapping[]): void
}

export function stateFile(path: string | undefined): StateFile {
  return {
    read() {
      if (path === undefined || !existsSync(path)) return []
      try {
        // Its own text.
        return (JSON.parse(readFileSync(path, 'utf8')) as { mappings: StoredMapping[] }).mappings
      } catch (cause) {
        throw new ConfigError(`Cannot read the mappings in ${path}`, { cause })
      }
    },
    write(mappings) {
      if (path === undefined) return
      writeFileSync(`${path}.new`, `${JSON.stringify({ mappings }, undefined, 2)}\n`)
      renameSync(`${path}.new`, path)
    },
  }
}
