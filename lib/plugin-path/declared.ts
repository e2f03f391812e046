import { ConnectError } from '../errors.ts'
import type { Plugin } from '../plugin.ts'

const MEMBERS = { name: 'string', version: 'string', doc: 'string', config: 'object' } as const

const OF_KIND: Readonly<Record<Plugin['kind'], readonly string[]>> = {
  source: ['taskConfigs', 'startTask'],
  sink: ['startTask'],
  converter: ['configure'],
  transform: ['configure'],
  predicate: ['configure'],
}

/** The plugins among a module's exports; an exported list counts as what is in it. @throws ConnectError when there is none, or one that lacks something. */
export function pluginsAmong(exported: Readonly<Record<string, unknown>>): Plugin[] {
  // A CommonJS module shows what it exports once more as its default.
  const found = [...new Set(Object.values(exported).flat())].filter(isDeclared)
  if (found.length === 0) throw new ConnectError('it exports no plugin')
  for (const one of found) refuseIncomplete(one)
  return found
}

const isDeclared = (one: unknown): one is Plugin =>
  typeof one === 'object' &&
  one !== null &&
  'kind' in one &&
  Object.hasOwn(OF_KIND, String(one.kind))

function refuseIncomplete(plugin: Plugin): void {
  const given: Readonly<Record<string, unknown>> = plugin
  const isConnector = plugin.kind === 'source' || plugin.kind === 'sink'
  const wanted = [
    ...Object.entries({ ...MEMBERS, ...(isConnector && { taskClass: 'string' }) }),
    ...OF_KIND[plugin.kind].map((member) => [member, 'function'] as const),
  ]
  for (const [member, type] of wanted)
    if (typeof given[member] !== type || given[member] === null)
      throw new ConnectError(
        `the ${plugin.kind} ${String(given['name'] ?? 'without a name')} lacks ${member}, a ${type}`,
      )
}
