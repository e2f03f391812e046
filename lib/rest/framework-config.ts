/** The framework's keys as this worker and its plugins fill them in: converters, versions, what forms offer. */
import {
  type ConfigDef,
  type ConfigKey,
  parseConfig,
  type RawConfig,
  type Understood,
} from '../config/config-def.ts'
import { commonConfig } from '../config/connector-config.ts'
import { type NamedClass, type PluginInterface, refuseClass } from '../config/java-classes.ts'
import { hasReference } from '../config/references.ts'
import { restartConfig } from '../config/restart-policy.ts'
import { sinkConfig } from '../config/sink-config.ts'
import { sourceConfig, sourceDeadLetterConfig } from '../config/source-config.ts'
import { versionRange } from '../config/version-range.ts'
import { ConfigError } from '../errors.ts'
import type { Plugins, SinkConnector, SourceConnector } from '../plugin.ts'
import type { Worker } from '../ports.ts'
import type { Api } from './http.ts'

export type Setting = {
  readonly worker: Worker
  readonly plugins: Plugins
  /** whether a text refers to a value elsewhere, so that what it means is known in the running task only */
  readonly isOpen?: (text: string) => boolean
}
export type Connector = SourceConnector | SinkConnector

export function settingOf({ ports, plugins }: Api): Setting {
  const aliases = Object.keys(ports.configProviders ?? {})
  return { worker: ports.worker, plugins, isOpen: (text) => hasReference(text, aliases) }
}

export const POSITIONS = ['header', 'key', 'value'] as const
export type Position = (typeof POSITIONS)[number]

export const interfaceOf = (position: Position): 'Converter' | 'HeaderConverter' =>
  position === 'header' ? 'HeaderConverter' : 'Converter'

/** What every worker's headers are given to unless it says otherwise. */
const HEADER_CONVERTER = 'org.apache.kafka.connect.storage.SimpleHeaderConverter'

/** As they are declared; of the connector, its version alone is filled in. */
export const frameworkConfig = (connector: Pick<Connector, 'kind' | 'version'>): ConfigDef =>
  withVersion(connector.kind === 'sink' ? sinkConfig : sourceConfig, connector)

/** What is known of a connector that is not there in the version asked for: the keys that every connector has. */
export const configOfOtherVersion = (connector: Connector, plugins: Plugins): ConfigDef => {
  const def = withVersion(commonConfig, connector)
  return changed(
    def,
    POSITIONS.map((position) => converterRules(position, plugins)),
  )
}

const withVersion = (def: ConfigDef, { version }: Pick<Connector, 'version'>): ConfigDef => ({
  ...def,
  'connector.plugin.version': {
    ...commonConfig['connector.plugin.version'],
    default: version || null,
    refuse: refuseVersion,
    recommended: () => [version],
    visible: (values) => values['connector.class'] !== null,
  },
})

/** With everything that this worker and configuration fill in. */
export const filledInConfig = (
  config: RawConfig,
  connector: Connector,
  setting: Setting,
): ConfigDef =>
  changed(
    { ...frameworkConfig(connector), ...beyondKafka(config, connector, setting.worker) },
    POSITIONS.flatMap((position) => [
      converterRules(position, setting.plugins),
      converterChoices(position, config, setting),
    ]),
  )

/** What Kafka Connect has not: shown to those who ask for it. Restarts go by the worker where the connector does not say. */
function beyondKafka(
  config: RawConfig,
  { kind }: Pick<Connector, 'kind'>,
  { taskRestarts }: Worker,
): ConfigDef {
  const isNamed = (def: ConfigDef) => Object.keys(config).some((key) => key in def)
  return {
    ...(kind === 'source' && isNamed(sourceDeadLetterConfig) && sourceDeadLetterConfig),
    ...(isNamed(restartConfig) && withDefaults(restartConfig, taskRestarts)),
  }
}

function withDefaults(def: typeof restartConfig, worker: RawConfig = {}): ConfigDef {
  const defaults = parseConfig(def, worker)
  return changed(
    def,
    Object.entries(defaults).map(([key, value]) => ({ [key]: { default: value } })),
  )
}

type Changes = Readonly<Record<string, Partial<ConfigKey>>>

/** Of keys that are there; a change keeps to the type of its key. */
function changed(def: ConfigDef, all: readonly Changes[]): ConfigDef {
  const keys: Record<string, ConfigKey> = { ...def }
  for (const [name, change] of all.flatMap((changes) => Object.entries(changes)))
    keys[name] = { ...keys[name], ...change } as ConfigKey
  return keys
}

function converterRules(position: Position, plugins: Plugins): Changes {
  const [name, wanted] = [`${position}.converter`, interfaceOf(position)]
  return {
    [name]: {
      type: 'class',
      classOf: (text: string) => plugins.classNamed(text)?.name,
      refuse: (text: string | null) => refuseAs(wanted, named(text, plugins)),
    },
    [`${name}.plugin.version`]: {
      type: 'string',
      refuse: refuseVersion,
      visible: (values: Understood) => values[name] !== null,
    },
  }
}

/** The defaults and what forms offer. */
function converterChoices(
  position: Position,
  config: RawConfig,
  { worker, plugins }: Setting,
): Changes {
  const [name, wanted] = [`${position}.converter`, interfaceOf(position)]
  const byWorker = worker.converters[name] ?? (position === 'header' ? HEADER_CONVERTER : undefined)
  const theirs = named(byWorker, plugins)
  const isNamed = (config[name] ?? null) !== null
  const version = isNamed
    ? versionOf(named(config[name], plugins), wanted)
    : (worker.converters[`${name}.plugin.version`] ?? versionOf(theirs, wanted))
  return {
    [name]: {
      type: 'class',
      default: theirs?.name ?? null,
      recommended: () => offered(wanted, plugins),
    },
    [`${name}.plugin.version`]: {
      type: 'string',
      default: version,
      recommended: (values: Understood) => {
        const found = versionOf(named(values[name], plugins), wanted)
        return found === null ? [] : [found]
      },
    },
  }
}

const named = (text: unknown, { classNamed }: Plugins): NamedClass | undefined =>
  typeof text === 'string' ? classNamed(text) : undefined

const versionOf = (found: NamedClass | undefined, wanted: PluginInterface): string | null =>
  (found?.interfaces.includes(wanted) && found.plugin?.version) || null

const refuseAs = (wanted: PluginInterface, found: NamedClass | undefined) => {
  const refused = found && refuseClass(found, wanted)
  return refused === undefined ? undefined : { message: refused }
}

/** The class names of the plugins that can serve as this. */
export const offered = (wanted: PluginInterface, { all, classNamed }: Plugins): string[] =>
  all
    .map(({ name }) => name)
    .filter((name) => classNamed(name)?.interfaces.includes(wanted))
    .sort()

function refuseVersion(version: string | null) {
  try {
    versionRange(version)
    return undefined
  } catch (error) {
    if (error instanceof ConfigError) return { message: error.message }
    throw error
  }
}
