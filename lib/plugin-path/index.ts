/** Plugins that lie outside of connectless, as `plugin.path` names them. */
import { createRequire } from 'node:module'
import { ConnectError, messageOf } from '../errors.ts'
import type { Plugin, Plugins } from '../plugin.ts'
import { pluginsOf } from '../registry.ts'
import { pluginsAmong } from './declared.ts'
import { provideKit } from './kit-module.ts'
import { modulesAt } from './modules.ts'

export type Extended = {
  readonly plugins: Plugins
  /** one for each entry or module that could not be used, naming it: the others are there all the same, as in Kafka Connect */
  readonly faults: readonly ConnectError[]
}

/**
 * These plugins, and those of the modules under the entries of `plugin.path`. Modules are loaded at once; one with a top-level `await` cannot be.
 * A class name that is taken stays what it was.
 */
export function withPluginPath(known: Plugins, entries: readonly string[]): Extended {
  if (entries.length === 0) return { plugins: known, faults: [] }
  provideKit()
  const faults: ConnectError[] = []
  const all: Plugin[] = [...known.all]
  const trying = <T>(place: string, attempt: () => T): T | undefined => {
    try {
      return attempt()
    } catch (cause) {
      faults.push(new ConnectError(`plugin.path: ${place}: ${messageOf(cause)}`, { cause }))
      return undefined
    }
  }
  for (const module of entries.flatMap((entry) => trying(entry, () => modulesAt(entry)) ?? []))
    trying(module, () => addNew(all, pluginsAmong(loaded(module))))
  return { plugins: pluginsOf(all), faults }
}

// By require, which takes ES modules and TypeScript as well and gives them back at once.
const loaded = (module: string): Readonly<Record<string, unknown>> => createRequire(module)(module)

/** All of a module, or nothing of it. */
function addNew(all: Plugin[], found: readonly Plugin[]): void {
  const names = new Set(all.map(({ name }) => name))
  for (const { name } of found) {
    if (names.has(name)) throw new ConnectError(`there is a plugin of the class ${name} already`)
    names.add(name)
  }
  all.push(...found)
}
