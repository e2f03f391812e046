/** Which class a name means where there are these plugins, as Kafka Connect's class loader has it: a class name, or the alias of one plugin alone. */
import type { ConfigDef } from './config-def.ts'
import { type Classes, type NamedClass, otherClass, type PluginInterface } from './java-classes.ts'

type Declared = {
  readonly kind: 'source' | 'sink' | 'converter' | 'transform' | 'predicate'
  readonly name: string
  readonly version: string
  readonly config: ConfigDef
  /** of a converter */
  readonly headersOnly?: true
}

export function classesOf(plugins: readonly Declared[]): Classes {
  const byName = new Map(plugins.map((plugin) => [plugin.name, plugin]))
  const aliases = aliasesOf(plugins)
  return (given) => {
    const name = aliases.get(given) ?? given
    const plugin = byName.get(name)
    return plugin ? pluginClass(plugin) : (enclosingClass(name, plugins) ?? otherClass(name))
  }
}

const pluginClass = (plugin: Declared): NamedClass => ({
  name: plugin.name,
  interfaces: interfacesOf(plugin),
  plugin,
})

/** `Cast`, in which `Cast$Key` and `Cast$Value` are nested. */
function enclosingClass(name: string, plugins: readonly Declared[]): NamedClass | undefined {
  const nested = plugins.filter((plugin) => plugin.name.startsWith(`${name}$`))
  return (
    nested[0] && {
      name,
      is: 'abstract',
      interfaces: interfacesOf(nested[0]),
      nested: nested.map((plugin) => plugin.name),
    }
  )
}

function interfacesOf({ kind, headersOnly }: Declared): readonly PluginInterface[] {
  if (kind === 'converter')
    return headersOnly ? ['HeaderConverter'] : ['Converter', 'HeaderConverter']
  if (kind === 'transform') return ['Transformation']
  return kind === 'predicate' ? ['Predicate'] : ['Connector']
}

/** As PluginUtils.computeAliases: simple names, and these without the name of their kind, as far as they mean one class. */
function aliasesOf(plugins: readonly Declared[]): ReadonlyMap<string, string> {
  const meanings = new Map<string, Set<string>>()
  for (const { name, alias } of plugins.flatMap(namesOf))
    meanings.set(alias, (meanings.get(alias) ?? new Set()).add(name))
  const clear = [...meanings].filter(([, names]) => names.size === 1)
  return new Map(
    clear.flatMap(([alias, names]) => [...names].map((name) => [alias, name] as const)),
  )
}

const namesOf = (plugin: Declared): { readonly name: string; readonly alias: string }[] => {
  const simple = plugin.name.slice(
    Math.max(plugin.name.lastIndexOf('.'), plugin.name.lastIndexOf('$')) + 1,
  )
  const pruned = interfacesOf(plugin).map((suffix) => {
    const at = simple.lastIndexOf(suffix)
    return at > 0 ? simple.slice(0, at) : simple
  })
  return [simple, ...pruned].map((alias) => ({ name: plugin.name, alias }))
}
