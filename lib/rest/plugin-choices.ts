/** The framework's keys that depend on which plugins there are: converter classes and plugin versions. */
import type { ConfigDef, RawConfig } from '../config/config-def.ts'
import type { Messages } from '../config/connector-config.ts'
import { KAFKA_VERSION } from '../config/kafka-version.ts'
import { sinkConfig } from '../config/sink-config.ts'
import { sourceConfig } from '../config/source-config.ts'
import { versionRange } from '../config/version-range.ts'
import type { Converter, Plugin, Plugins, SinkConnector, SourceConnector } from '../plugin.ts'
import type { Worker } from '../ports.ts'

/** What every connector's headers are given to: there is no other yet. */
export const SIMPLE_HEADER_CONVERTER = 'org.apache.kafka.connect.storage.SimpleHeaderConverter'

export type Setting = { readonly worker: Worker; readonly plugins: Plugins }
export type Connector = SourceConnector | SinkConnector

export const frameworkConfig = ({ kind }: Pick<Connector, 'kind'>): ConfigDef =>
  kind === 'sink' ? sinkConfig : sourceConfig

/** The framework's keys with the defaults that this worker and connector give them. */
export function configWithDefaults(
  config: RawConfig,
  connector: Connector,
  { worker, plugins }: Setting,
): ConfigDef {
  const defaults: Record<string, string | undefined> = {
    'connector.plugin.version': connector.version,
    'header.converter': SIMPLE_HEADER_CONVERTER,
    'header.converter.plugin.version': KAFKA_VERSION,
  }
  for (const position of POSITIONS) {
    const key = `${position}.converter`
    const byWorker = findConverter(worker.converters[key], plugins)
    defaults[key] = byWorker?.name
    defaults[`${key}.plugin.version`] = (findConverter(config[key], plugins) ?? byWorker)?.version
  }
  return Object.fromEntries(
    Object.entries(frameworkConfig(connector)).map(([name, key]) => {
      const value = defaults[name]
      // All of these keys are of the types string and class.
      return [name, value === undefined ? key : ({ ...key, default: value } as typeof key)]
    }),
  )
}

const POSITIONS = ['key', 'value'] as const

/** The converters that the connector names itself, so that their settings are its own too. */
export const namedConverters = (
  config: RawConfig,
  plugins: Plugins,
): readonly { readonly position: 'key' | 'value'; readonly converter: Converter }[] =>
  POSITIONS.flatMap((position) => {
    const converter = findConverter(config[`${position}.converter`], plugins)
    return converter ? [{ position, converter }] : []
  })

export const connectorVersionMessages = (config: RawConfig, connector: Connector): Messages =>
  versionMessages(config, connector, 'connector.class', 'connector.plugin.version')

export const converterMessages = (config: RawConfig, plugins: Plugins): Messages[] =>
  POSITIONS.map((position) => {
    const key = `${position}.converter`
    const name = config[key]
    const found = findConverter(name, plugins)
    if (found) return versionMessages(config, found, key, `${key}.plugin.version`)
    if (name === undefined || name === null) return {}
    const reason = `Class ${name} could not be found.`
    return { [key]: [`Invalid value ${name} for configuration ${key}: ${reason}`] }
  })

function versionMessages(
  config: RawConfig,
  { name, version }: Plugin,
  classKey: string,
  versionKey: string,
): Messages {
  const wanted = config[versionKey]
  const range = wanted ? versionRange(wanted) : undefined
  if (!range || range.includes(version)) return {}
  const message = `Plugin ${name} not found that matches the version range ${range.text}, available versions: [${version}]`
  return { [classKey]: [message], [versionKey]: [message] }
}

/** What a form offers for these keys. */
export function recommendations(
  config: RawConfig,
  connector: Connector,
  plugins: Plugins,
): Readonly<Record<string, readonly string[]>> {
  const converters = plugins.all.filter(({ kind }) => kind === 'converter').map(({ name }) => name)
  return {
    'connector.plugin.version': [connector.version],
    ...Object.fromEntries(POSITIONS.map((one) => [`${one}.converter`, converters.sort()])),
    ...Object.fromEntries(
      namedConverters(config, plugins).map(({ position, converter }) => [
        `${position}.converter.plugin.version`,
        [converter.version],
      ]),
    ),
  }
}

export function findConverter(
  name: string | null | undefined,
  plugins: Plugins,
): Converter | undefined {
  try {
    return name ? plugins.converter(name.trim()) : undefined
  } catch {
    return undefined
  }
}
