import { existsSync } from 'node:fs'
import { isAbsolute, normalize, sep } from 'node:path'
import { ConfigError } from '../errors.ts'

/** Gives a path as it is to be read, or undefined where that is not allowed. */
export type AllowedPaths = (path: string) => string | undefined

/** `listed`: files and folders, comma-separated, with all that is below them; left out or empty: everything. @throws ConfigError as Kafka's AllowedPaths. */
export function allowedPaths(listed = ''): AllowedPaths {
  if (listed === '') return (path) => path
  const roots = listed.split(',').map(rootOf)
  return (path) => {
    const wanted = withoutEnd(normalize(path))
    const isBelow = (root: string) => wanted === root || wanted.startsWith(withEnd(root))
    return roots.some(isBelow) ? wanted : undefined
  }
}

function rootOf(listed: string): string {
  const root = withoutEnd(normalize(listed))
  if (!isAbsolute(root)) throw new ConfigError(`Path ${root} is not absolute`)
  if (!existsSync(root)) throw new ConfigError(`Path ${root} does not exist`)
  return root
}

const withEnd = (path: string): string => (path.endsWith(sep) ? path : path + sep)

const withoutEnd = (path: string): string =>
  path.length > 1 && path.endsWith(sep) ? path.slice(0, -1) : path
