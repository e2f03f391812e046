/** Kafka's own clients, as far as a connector may override what they are configured with: `producer.override.linger.ms`. */
import { javaHashOrder } from '../data/java-order.ts'
import properties from './client-properties.json' with { type: 'json' }
import {
  type ConfigKey,
  type ConfigType,
  type ConfigValue,
  parseText,
  type RawConfig,
} from './config-def.ts'
import type { Classes } from './java-classes.ts'
import { HIDDEN } from './password.ts'

export type Client = 'producer' | 'consumer' | 'admin'

export const CLIENTS: readonly Client[] = ['producer', 'consumer', 'admin']

/** A property as a connector overrides it; without a key where the client knows no such property. */
export type Override = {
  /** with the client's prefix */
  readonly name: string
  /** without */
  readonly property: string
  readonly key: ConfigKey | null
  readonly value: ConfigValue
}

type Lookup = { readonly classes: Classes; readonly isOpen: (text: string) => boolean }

/** In the order of Java's map of them. @throws ConfigError when a text is none of its property's type. */
export function overridesOf(client: Client, config: RawConfig, lookup: Lookup): Override[] {
  const prefix = prefixOf(client)
  const names = Object.keys(config).filter((key) => key.startsWith(prefix) && key !== prefix)
  return javaHashOrder(names.map((name) => name.slice(prefix.length))).map((property) => {
    const name = prefix + property
    const key = clientKey(client, property, lookup.classes)
    return {
      name,
      property,
      key,
      value: overrideValue(property, key, config[name] ?? null, lookup),
    }
  })
}

const prefixOf = (client: Client): string => `${client}.override.`

function overrideValue(
  property: string,
  key: ConfigKey | null,
  text: string | null,
  { isOpen }: Lookup,
): ConfigValue {
  if (text === null || key === null) return { name: property, value: text, text, errors: [] }
  if (!isOpen(text)) return parseText(property, key, text)
  return { name: property, value: null, text: key.type === 'password' ? HIDDEN : text, errors: [] }
}

/** Which clients a connector has, and so which prefixes mean something: AbstractHerder.connectorUsesProducer and its like. */
export function clientsOf(kind: 'source' | 'sink', config: RawConfig): readonly Client[] {
  const has = (key: string) => (config[key] ?? '').trim() !== ''
  if (kind === 'sink') return has('errors.deadletterqueue.topic.name') ? CLIENTS : ['consumer']
  const hasOwnOffsets = has('offsets.storage.topic')
  const createsTopics = Object.keys(config).some((key) => key.startsWith('topic.creation.'))
  return CLIENTS.filter(
    (client) => client === 'producer' || hasOwnOffsets || (client === 'admin' && createsTopics),
  )
}

/** Whether the value of this key of a connector is a client's password. */
export function isClientSecret(key: string): boolean {
  const client = CLIENTS.find((one) => key.startsWith(prefixOf(one)))
  return client !== undefined && isPassword(client, key.slice(prefixOf(client).length))
}

const isPassword = (client: Client, property: string): boolean =>
  PROPERTIES[client].get(property)?.type === 'password'

/** client-properties.json: what the clients of this Kafka release declare. */
type Property = (typeof properties)[number]

const propertiesOf = (client: Client): ReadonlyMap<string, Property> =>
  new Map(
    properties.filter(({ clients }) => clients.includes(client)).map((one) => [one.name, one]),
  )

const PROPERTIES: Readonly<Record<Client, ReadonlyMap<string, Property>>> = {
  producer: propertiesOf('producer'),
  consumer: propertiesOf('consumer'),
  admin: propertiesOf('admin'),
}

function clientKey(client: Client, property: string, classes: Classes): ConfigKey | null {
  const found = PROPERTIES[client].get(property)
  if (!found) return null
  const { type, importance, doc, group, default: text } = found
  // The table is written from the clients' own declarations.
  const key = {
    type: type as ConfigType,
    importance,
    doc,
    ...(group !== undefined && { group }),
  } as ConfigKey
  const value = typeof text === 'string' ? parseText(property, key, text).value : text
  return {
    ...key,
    ...(text !== undefined && { default: value }),
    ...(type === 'class' && { classOf: (name: string) => classes(name)?.name }),
  } as ConfigKey
}

const PRINCIPAL = ['sasl.jaas.config', 'sasl.mechanism', 'security.protocol']

/** What the worker's policy says against overriding a property; undefined where it may be. */
export function overrideRefusal(property: string, worker: RawConfig): string | undefined {
  const given = worker['connector.client.config.override.policy'] ?? 'All'
  const policy = given
    .trim()
    .replace(/^.*\./, '')
    .replace(/ConnectorClientConfigOverridePolicy$/, '')
  const allowed = allowedBy(policy, worker)
  return !allowed || allowed.includes(property)
    ? undefined
    : `The '${policy}' policy does not allow '${property}' to be overridden in the connector configuration.`
}

/** Undefined: everything. */
function allowedBy(policy: string, worker: RawConfig): readonly string[] | undefined {
  if (policy === 'None') return []
  if (policy === 'Principal') return PRINCIPAL
  if (policy !== 'Allowlist') return undefined
  const list = worker['connector.client.config.override.allowlist'] ?? ''
  return list.split(',').map((one) => one.trim())
}
