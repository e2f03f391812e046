/** What is right and wrong with a connector's configuration, key by key, in Kafka Connect's words and order. */
import {
  type ConfigDef,
  type ConfigKey,
  type Offered,
  parseConfig,
  type RawConfig,
  validateConfig,
} from '../config/config-def.ts'
import type { Messages } from '../config/connector-config.ts'
import { noSuchVersion } from '../config/java-classes.ts'
import { HIDDEN } from '../config/password.ts'
import { validateSink } from '../config/sink-config.ts'
import { validateSource } from '../config/source-config.ts'
import { chainConfig } from '../config/transform-config.ts'
import { versionRange } from '../config/version-range.ts'
import { javaHashOrder } from '../data/java-order.ts'
import { ConfigError, messageOf } from '../errors.ts'
import type { Plugins } from '../plugin.ts'
import { validateConverters } from './converter-validation.ts'
import {
  type Connector,
  configOfOtherVersion,
  filledInConfig,
  offered,
  type Setting,
} from './framework-config.ts'
import { javaMapText } from './java-hash-order.ts'
import { notSupportedYet } from './not-yet.ts'
import { validateOverrides } from './override-validation.ts'
import { isSecretKey } from './secret-keys.ts'
import { masked, unsaid } from './secrets.ts'

export type Entry = {
  /** null: a value without a declaration, of which there is something to say */
  readonly key: ConfigKey | null
  readonly value: Offered
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
  const found = validateVersion(config, setting, more)
  const entries = found.entries.map((entry) => discreet(entry, config, setting.plugins))
  return { ...found, entries }
}

/** A stored secret may stand under a key that the class now named declares as something else. */
function discreet(entry: Entry, config: RawConfig, plugins: Plugins): Entry {
  const { key, value } = entry
  const text = config[value.name] ?? HIDDEN
  if (value.errors.length === 0 || text === HIDDEN || key?.type === 'password') return entry
  if (!isSecretKey(value.name, plugins)) return entry
  const errors = value.errors.map((message) => unsaid(message, value.name, text))
  return { key, value: { ...value, errors } }
}

function validateVersion(config: RawConfig, setting: Setting, more: Messages): Validation {
  const connector = connectorOf(config, setting.plugins)
  const otherVersion = otherVersionMessages(config, connector, setting.plugins)
  if (otherVersion) {
    const def = configOfOtherVersion(connector, setting.plugins)
    const messages = [otherVersion, nullMessages(config), more]
    return validationOf(config, frameworkEntries(def, config, messages, setting), [])
  }
  return validateThere(config, connector, setting, more)
}

/** Of a connector that is there in the version asked for. */
function validateThere(
  config: RawConfig,
  connector: Connector,
  setting: Setting,
  more: Messages,
): Validation {
  const def = withChain(filledInConfig(config, connector, setting), config, setting)
  const framework = validateConfig(def, config, setting.isOpen)
  const converters = validateConverters(config, framework, setting)
  const overrides = validateOverrides(config, connector, setting)
  const crossKey = crossKeyMessages(config, connector, setting)
  const messages = [
    crossKey,
    nullMessages(config),
    converters.messages,
    notSupportedYet(config, [
      ...framework.filter(isWrong).map(({ name }) => name),
      ...namesIn(crossKey),
    ]),
    more,
  ]
  const main = [
    ...frameworkEntries(def, config, messages, setting),
    ...ownEntries(config, connector, setting, [more]),
  ]
  return validationOf(config, main, [...overrides, ...converters.entries])
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

const isWrong = ({ errors }: Offered): boolean => errors.length > 0

const namesIn = (messages: Messages): string[] =>
  Object.keys(messages).filter((name) => messages[name]?.length !== 0)

function connectorOf(config: RawConfig, plugins: Plugins): Connector {
  const name = config['connector.class'] ?? null
  if (name === null) {
    const shown = javaMapText(masked(config, { plugins, aliases: [] }))
    throw new ConfigError(`Connector config ${shown} contains no connector type`)
  }
  try {
    return plugins.connector(name)
  } catch (cause) {
    throw new ConfigError(messageOf(cause), { cause })
  }
}

function otherVersionMessages(
  config: RawConfig,
  { name, version }: Connector,
  { classNamed }: Plugins,
): Messages | undefined {
  const range = versionRange(config['connector.plugin.version'])
  const found = classNamed(name)
  if (!range || !found || range.includes(version)) return undefined
  const message = noSuchVersion(found, range)
  return { 'connector.class': [message], 'connector.plugin.version': [message] }
}

const withChain = (def: ConfigDef, config: RawConfig, { plugins, isOpen }: Setting): ConfigDef => ({
  ...def,
  ...chainConfig({
    config: isOpen ? withoutOpenLists(config, isOpen) : config,
    classes: plugins.classNamed,
    offered: (wanted) => offered(wanted, plugins),
  }),
})

/** Aliases that are not known yet have no keys yet. */
const withoutOpenLists = (config: RawConfig, isOpen: (text: string) => boolean): RawConfig =>
  Object.fromEntries(
    Object.entries(config).filter(
      ([name, text]) => !/^(transforms|predicates)$/.test(name) || !isOpen(text ?? ''),
    ),
  )

/** Values without a declaration come first, in the order in which Java's map holds them. */
function frameworkEntries(
  def: ConfigDef,
  config: RawConfig,
  messages: readonly Messages[],
  setting: Setting,
): Entry[] {
  const declared = validateConfig(def, config, setting.isOpen).map((value) => ({
    key: def[value.name] ?? null,
    value: withMessages(value, messages),
  }))
  const names = new Set(Object.keys(def))
  const extra = new Set(
    messages.flatMap((one) => Object.keys(one)).filter((name) => !names.has(name)),
  )
  const undeclared = javaHashOrder([...names, ...extra]).flatMap((name) =>
    extra.has(name) ? [undeclaredEntry(name, config, messages)] : [],
  )
  return [...undeclared, ...declared]
}

function undeclaredEntry(name: string, config: RawConfig, messages: readonly Messages[]): Entry {
  const text = config[name] ?? null
  const value = { name, value: text, text, errors: [], recommended: [], visible: true }
  return { key: null, value: withMessages(value, messages) }
}

const withMessages = (value: Offered, messages: readonly Messages[]): Offered => ({
  ...value,
  errors: [...value.errors, ...messages.flatMap((one) => saidOf(value.name, one))],
})

/** A key may be called `constructor`. */
const saidOf = (name: string, messages: Messages): readonly string[] =>
  Object.hasOwn(messages, name) ? (messages[name] ?? []) : []

const crossKeyMessages = (config: RawConfig, { kind }: Connector, { worker }: Setting): Messages =>
  kind === 'sink' ? validateSink(config, worker.groupId) : validateSource(config)

const nullMessages = (config: RawConfig): Messages =>
  Object.fromEntries(
    Object.keys(config)
      .filter((name) => config[name] === null)
      .map((name) => [name, ['Null value can not be supplied as the configuration value.']]),
  )

function ownEntries(
  config: RawConfig,
  connector: Connector,
  { isOpen }: Setting,
  more: readonly Messages[],
): Entry[] {
  const values = validateConfig(connector.config, config, isOpen)
  const isKnown = Object.values(config).every((text) => text === null || !isOpen?.(text))
  const isRight = values.every(({ errors }) => errors.length === 0)
  const own = isKnown && isRight ? ownMessages(config, connector) : {}
  return values.map((value) => ({
    key: connector.config[value.name] ?? null,
    value: withMessages(value, [own, ...more]),
  }))
}

/** A null that is sent for a required key is nothing that a rule across keys could look at. */
const ownMessages = (config: RawConfig, { config: def, validate }: Connector): Messages =>
  Object.keys(def).some((name) => config[name] === null)
    ? {}
    : (validate?.(parseConfig(def, config)) ?? {})

/** Kafka Connect counts a key of a client or a converter once, however many messages it has. */
function validationOf(
  config: RawConfig,
  main: readonly Entry[],
  others: readonly Entry[],
): Validation {
  // A key that the connector declares as well is the connector's, in the framework's place.
  const known = new Map(main.filter(({ key }) => key).map((entry) => [entry.value.name, entry]))
  const entries = [
    ...main.filter(({ key, value }) => !key && !known.has(value.name)),
    ...known.values(),
  ]
  return {
    connectorClass: config['connector.class'] ?? '',
    errorCount:
      entries.reduce((count, { value }) => count + value.errors.length, 0) +
      others.filter(({ value }) => value.errors.length > 0).length,
    groups: [...new Set([...main, ...others].flatMap(({ key }) => key?.group ?? []))],
    entries: [...entries, ...others],
  }
}
