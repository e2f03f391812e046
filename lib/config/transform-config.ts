/** The keys that `transforms` and `predicates` add to a connector's: those of each alias, under its prefix. */
import { ConfigError } from '../errors.ts'
import {
  type ConfigDef,
  type ConfigKey,
  javaTrim,
  type RawConfig,
  splitList,
} from './config-def.ts'
import {
  type Classes,
  type NamedClass,
  noSuchVersion,
  type PluginInterface,
  refuseClass,
} from './java-classes.ts'
import { versionRange } from './version-range.ts'

/** What validation and a task's start both have to know. */
export type Chain = {
  readonly config: RawConfig
  readonly classes: Classes
  /** the class names of the plugins there are, which a form offers */
  readonly offered?: (wanted: PluginInterface) => readonly string[]
}

type Kind = {
  readonly list: 'transforms' | 'predicates'
  readonly group: string
  readonly wanted: 'Transformation' | 'Predicate'
  /** what every plugin of the kind takes, besides its own */
  readonly implicit: ConfigDef
}

const KINDS: readonly Kind[] = [
  {
    list: 'transforms',
    group: 'Transforms',
    wanted: 'Transformation',
    implicit: {
      predicate: {
        type: 'string',
        importance: 'medium',
        default: null,
        doc: 'The alias of a predicate used to determine whether to apply this transformation.',
      },
      negate: {
        type: 'boolean',
        importance: 'medium',
        default: false,
        doc: 'Whether the configured predicate should be negated.',
      },
    },
  },
  { list: 'predicates', group: 'Predicates', wanted: 'Predicate', implicit: {} },
]

/** The keys of all aliases. A plugin that is not there has its type and version alone: what is wrong with it, these two say. */
export const chainConfig = (chain: Chain): ConfigDef => keysOf(chain, pluginKeysIfAny)

/** The same for a task, which needs every plugin. @throws ConfigError naming the first that is not there. */
export const requiredChainConfig = (chain: Chain): ConfigDef => keysOf(chain, pluginKeys)

/** The aliases that a list names, each once. */
export const aliasesIn = (config: RawConfig, list: Kind['list']): string[] => [
  ...new Set(splitList(config[list] ?? '')),
]

type Place = {
  readonly chain: Chain
  readonly kind: Kind
  readonly alias: string
  /** `transforms.a.` */
  readonly prefix: string
  /** `Transforms: a` */
  readonly group: string
}

function keysOf(chain: Chain, keys: (place: Place) => ConfigDef): ConfigDef {
  const places = KINDS.flatMap((kind) =>
    aliasesIn(chain.config, kind.list).map((alias) => ({
      chain,
      kind,
      alias,
      prefix: `${kind.list}.${alias}.`,
      group: `${kind.group}: ${alias}`,
    })),
  )
  return Object.assign({}, ...places.map((place) => ({ ...ownKeys(place), ...keys(place) })))
}

function ownKeys(place: Place): ConfigDef {
  const { chain, kind, alias, prefix, group } = place
  const [typeKey, word] = [`${prefix}type`, kind.wanted.toLowerCase()]
  const layout = { importance: 'high', group, width: 'long' } as const
  return {
    [typeKey]: {
      ...layout,
      type: 'class',
      doc: `Class for the '${alias}' ${word}.`,
      orderInGroup: 0,
      displayName: `${kind.wanted} type for ${alias}`,
      classOf: (name) => chain.classes(name)?.name,
      refuse: (className) => message(() => requireType(place, className)),
      recommended: () => chain.offered?.(kind.wanted) ?? [],
    },
    [`${prefix}plugin.version`]: {
      ...layout,
      type: 'string',
      default: defaultVersion(place),
      doc: `Version of the '${alias}' ${word}.`,
      orderInGroup: 1,
      displayName: `${kind.wanted} version for ${alias}`,
      refuse: (version) => refuseVersion(place, version),
      recommended: (values) => {
        const name = values[typeKey]
        const found = typeof name === 'string' ? chain.classes(name) : undefined
        return found?.plugin && found.interfaces.includes(kind.wanted) ? [found.plugin.version] : []
      },
    },
  }
}

function defaultVersion({ chain, kind, prefix }: Place): string | null {
  const name = chain.config[`${prefix}type`]
  const found = name ? chain.classes(name) : undefined
  return (found?.interfaces.includes(kind.wanted) && found.plugin?.version) || null
}

/** @throws ConfigError */
function requireType(place: Place, className: string | null): void {
  const { chain, prefix } = place
  const [negate, predicate] = [`${prefix}negate`, `${prefix}predicate`]
  if (place.kind.list === 'transforms' && negate in chain.config && !(predicate in chain.config))
    throw new ConfigError(
      `Config '${negate}' was provided but there is no config '${predicate}' defining a predicate to be negated.`,
    )
  if (className === null) return
  const given = chain.config[`${prefix}plugin.version`]
  configOf(place, className, given === undefined ? defaultVersion(place) : given)
}

/** Of a class that is wrong, its type says so. */
function refuseVersion(place: Place, version: string | null) {
  const className = place.chain.config[`${place.prefix}type`]
  if (version === null || !className) return undefined
  try {
    configOf(place, className, version)
    return undefined
  } catch (error) {
    return error instanceof VersionError ? { message: error.message } : undefined
  }
}

/** Of versions alone, among all that can be wrong with a class. */
class VersionError extends ConfigError {}

/** The keys that the plugin itself declares. @throws ConfigError when it cannot be made, or not in that version. */
function configOf(place: Place, className: string, version: string | null): ConfigDef {
  const { chain, kind, prefix } = place
  const typeKey = `${prefix}type`
  const range = rangeOf(version)
  const found = chain.classes(javaTrim(className))
  if (!found)
    throw new ConfigError(
      `Invalid value ${className} for configuration ${typeKey}: Class ${className} could not be found.`,
    )
  const refused = refuseClass(found, kind.wanted)
  if (refused !== undefined) throw new ConfigError(refused)
  // Kafka Connect looks for the class under the trimmed name, and makes it under the one that was given.
  if (className !== javaTrim(className) || !found.plugin)
    throw new ConfigError(
      `Invalid value ${className} for configuration ${typeKey}: Error getting config definition from ${kind.wanted}: ${className}`,
    )
  requireVersion(found, range)
  return found.plugin.config
}

function rangeOf(version: string | null) {
  try {
    return versionRange(version)
  } catch (cause) {
    throw new VersionError((cause as ConfigError).message, { cause })
  }
}

function requireVersion(found: NamedClass, range: ReturnType<typeof versionRange>): void {
  if (range && !range.includes(found.plugin?.version ?? ''))
    throw new VersionError(noSuchVersion(found, range))
}

/** @throws ConfigError */
function pluginKeys(place: Place): ConfigDef {
  const { chain, kind, prefix } = place
  const className = chain.config[`${prefix}type`] ?? null
  if (className === null)
    throw new ConfigError(
      `Invalid value null for configuration ${prefix}type: Not a ${kind.wanted}`,
    )
  const own = configOf(place, className, chain.config[`${prefix}plugin.version`] ?? null)
  return embedded(place, { ...own, ...kind.implicit })
}

function pluginKeysIfAny(place: Place): ConfigDef {
  try {
    return pluginKeys(place)
  } catch (error) {
    if (error instanceof ConfigError) return {}
    throw error
  }
}

function message(check: () => void) {
  try {
    check()
    return undefined
  } catch (error) {
    if (error instanceof ConfigError) return { message: error.message }
    throw error
  }
}

/** As ConfigDef.embed puts a plugin's keys under a prefix; type and version have the first two places. */
const embedded = ({ prefix, group }: Place, def: ConfigDef): ConfigDef =>
  Object.fromEntries(
    sorted(def).map(([name, key], at) => [
      prefix + name,
      {
        ...key,
        ruleName: name,
        group: key.group === undefined ? group : `${group}: ${key.group}`,
        orderInGroup: 2 + at,
        displayName: key.displayName ?? name,
        dependents: (key.dependents ?? []).map((dependent) => prefix + dependent),
      },
    ]),
  )

const IMPORTANCE = ['high', 'medium', 'low']

/** Without a group first, then group by group; inside by place, required ones first, then by importance and name. */
function sorted(def: ConfigDef): [string, ConfigKey][] {
  const groups = [...new Set(Object.values(def).map(({ group }) => group))]
  const ranks = ([, key]: [string, ConfigKey]): number[] => [
    key.group === undefined ? -1 : groups.indexOf(key.group),
    key.orderInGroup ?? -1,
    key.default === undefined ? 0 : 1,
    IMPORTANCE.indexOf(key.importance),
  ]
  return Object.entries(def).sort((one, other) => {
    const [mine, theirs] = [ranks(one), ranks(other)]
    const at = mine.findIndex((rank, index) => rank !== theirs[index])
    if (at >= 0) return (mine[at] ?? 0) - (theirs[at] ?? 0)
    return one[0] < other[0] ? -1 : 1
  })
}
