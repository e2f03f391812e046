/** What is right and wrong with a connector's configuration, key by key, in Kafka Connect's words and order. */
import {
  type ConfigDef,
  type ConfigKey,
  type ConfigValue,
  parseConfig,
  type RawConfig,
  refusalOfNull,
  validateConfig,
} from '../config/config-def.ts'
import { commonConfig, type Messages } from '../config/connector-config.ts'
import { validateSink } from '../config/sink-config.ts'
import { validateSource } from '../config/source-config.ts'
import { ConfigError, messageOf } from '../errors.ts'
import type { Plugins } from '../plugin.ts'
import { javaHashOrder, javaMapText } from './java-hash-order.ts'
import { notSupportedYet } from './not-yet.ts'
import {
  type Connector,
  configWithDefaults,
  connectorVersionMessages,
  converterMessages,
  findConverter,
  namedConverters,
  recommendations,
  type Setting,
} from './plugin-choices.ts'
import { masked } from './secrets.ts'

export type Entry = {
  /** null: a value without a declaration, of which there is something to say */
  readonly key: ConfigKey | null
  readonly value: ConfigValue
  readonly recommended: readonly string[]
}

export type Validation = {
  readonly connectorClass: string
  readonly errorCount: number
  readonly groups: readonly string[]
  readonly entries: readonly Entry[]
}

/** `more`: messages by key that only the caller can tell. @throws ConfigError when there is no such connector class. */
export function validateConnector(
  config: RawConfig,
  setting: Setting,
  more: Messages = {},
): Validation {
  const connector = connectorOf(config, setting.plugins)
  const main = mainEntries(config, connector, setting, more)
  const converters = converterEntries(config, setting.plugins)
  return {
    connectorClass: config['connector.class'] ?? '',
    // Kafka Connect counts a converter's key once, however many messages it has.
    errorCount:
      main.reduce((count, { value }) => count + value.errors.length, 0) +
      converters.filter(({ value }) => value.errors.length > 0).length,
    groups: [...new Set([...main, ...converters].flatMap(({ key }) => key?.group ?? []))],
    entries: [...main, ...converters],
  }
}

/** @throws ConfigError when there is anything wrong, with every message. */
export function requireValid({ errorCount, entries }: Validation): void {
  if (errorCount === 0) return
  throw new ConfigError(
    [
      `Connector configuration is invalid and contains the following ${errorCount} error(s):`,
      ...entries.flatMap(({ value }) => value.errors),
      'You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`',
    ].join('\n'),
  )
}

function connectorOf(config: RawConfig, plugins: Plugins): Connector {
  const name = config['connector.class'] ?? null
  if (name === null) {
    const shown = javaMapText(masked(config, plugins))
    throw new ConfigError(`Connector config ${shown} contains no connector type`)
  }
  try {
    return plugins.connector(name)
  } catch (cause) {
    throw new ConfigError(`org.apache.kafka.connect.errors.ConnectException: ${messageOf(cause)}`, {
      cause,
    })
  }
}

function mainEntries(
  config: RawConfig,
  connector: Connector,
  setting: Setting,
  more: Messages,
): Entry[] {
  const { plugins } = setting
  const recommended = recommendations(config, connector, plugins)
  const otherVersion = connectorVersionMessages(config, connector)
  // Of a version that is not there, only the keys are known that every connector has.
  const isThere = Object.keys(otherVersion).length === 0
  const values = isThere
    ? [
        ...frameworkValues(config, configWithDefaults(config, connector, setting), plugins),
        ...valuesOf(config, connector.config),
      ]
    : frameworkValues(config, commonConfig, plugins)
  const messages = isThere
    ? [...messagesOf(config, connector, setting), more]
    : [otherVersion, more]
  // A key that the connector declares as well is the connector's, in the framework's place.
  const declared = [...new Map(values.map((entry) => [entry.value.name, entry])).values()].map(
    (entry) => withMessages(entry, recommended, messages),
  )
  return [...undeclaredEntries(config, declared, messages), ...declared]
}

type Declared = Pick<Entry, 'key' | 'value'>

const valuesOf = (config: RawConfig, def: ConfigDef): Declared[] =>
  validateConfig(def, config).map((value) => ({ key: def[value.name] ?? null, value }))

const frameworkValues = (config: RawConfig, def: ConfigDef, plugins: Plugins): Declared[] =>
  valuesOf(config, def).map(({ key, value }) => ({
    key,
    value: key ? frameworkValue(value, key, config, plugins) : value,
  }))

const NULL_VALUE = 'Null value can not be supplied as the configuration value.'

function frameworkValue(
  value: ConfigValue,
  key: ConfigKey,
  config: RawConfig,
  plugins: Plugins,
): ConfigValue {
  const { name } = value
  if (config[name] === null)
    return { name, value: null, text: null, errors: [...refusalOfNull(name, key), NULL_VALUE] }
  // A class is shown by its full name, and not at all when there is none.
  return key.type === 'class' && config[name] !== undefined && name !== 'header.converter'
    ? { ...value, text: findConverter(config[name], plugins)?.name ?? null }
    : value
}

function messagesOf(config: RawConfig, connector: Connector, setting: Setting): Messages[] {
  const { worker, plugins } = setting
  return [
    connector.kind === 'sink' ? validateSink(config, worker.groupId) : validateSource(config),
    ...converterMessages(config, plugins),
    notSupportedYet(config),
    ownMessages(config, connector),
  ]
}

function ownMessages(config: RawConfig, connector: Connector): Messages {
  const isRight = validateConfig(connector.config, config).every(
    ({ errors }) => errors.length === 0,
  )
  return isRight ? (connector.validate?.(parseConfig(connector.config, config)) ?? {}) : {}
}

const withMessages = (
  { key, value }: Declared,
  recommended: Readonly<Record<string, readonly string[]>>,
  messages: readonly Messages[],
): Entry => ({
  key,
  value: { ...value, errors: [...value.errors, ...messagesFor(value.name, messages)] },
  recommended: recommended[value.name] ?? [],
})

const messagesFor = (name: string, messages: readonly Messages[]): string[] =>
  messages.flatMap((one) => one[name] ?? [])

function undeclaredEntries(
  config: RawConfig,
  declared: readonly Entry[],
  messages: readonly Messages[],
): Entry[] {
  const known = new Set(declared.map(({ value }) => value.name))
  const nulls = Object.keys(config).filter((name) => config[name] === null)
  const names = new Set([...messages.flatMap((one) => Object.keys(one)), ...nulls])
  return [...names]
    .filter((name) => !known.has(name))
    .map((name) => {
      const text = config[name] ?? null
      const errors = [...(text === null ? [NULL_VALUE] : []), ...messagesFor(name, messages)]
      return { key: null, value: { name, value: text, text, errors }, recommended: [] }
    })
}

/** Their keys carry the prefix, their messages do not. */
function converterEntries(config: RawConfig, plugins: Plugins): Entry[] {
  return namedConverters(config, plugins).flatMap(({ position, converter }) => {
    const prefix = `${position}.converter.`
    const own = Object.entries(config)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value])
    const settings = { ...Object.fromEntries(own), 'converter.type': position }
    const values = new Map(
      validateConfig(converter.config, settings).map((value) => [value.name, value]),
    )
    return javaHashOrder([...values.keys()]).flatMap((name) => {
      const [key, value] = [converter.config[name], values.get(name)]
      return key && value
        ? {
            key: { displayName: name, ...key },
            value: { ...value, name: prefix + name },
            recommended: [],
          }
        : []
    })
  })
}
