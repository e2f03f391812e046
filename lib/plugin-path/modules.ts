import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'

const INDEXES = ['index.ts', 'index.mts', 'index.js', 'index.mjs', 'index.cjs']
const CODE = /\.[mc]?[jt]s$/
const NO_PLUGIN = /^\.|\.d\.[mc]?ts$|\.test\.[mc]?[jt]s$|^node_modules$/

/**
 * The modules of one entry of `plugin.path`: itself, or else all that lie directly in the folder, by name. A folder of Java archives has none.
 * @throws as node:fs does when there is no such entry.
 */
export function modulesAt(entry: string): string[] {
  const place = path.resolve(entry)
  const itself = moduleOf(place)
  if (itself) return [itself]
  if (!statSync(place).isDirectory()) return []
  return readdirSync(place)
    .filter((name) => !NO_PLUGIN.test(name))
    .sort()
    .flatMap((name) => moduleOf(path.join(place, name)) ?? [])
}

/** What there is to load: a file, or a folder with a package.json or an index. */
function moduleOf(place: string): string | undefined {
  if (!statSync(place).isDirectory()) return CODE.test(place) ? place : undefined
  if (existsSync(path.join(place, 'package.json'))) return place
  const index = INDEXES.find((name) => existsSync(path.join(place, name)))
  return index && path.join(place, index)
}
