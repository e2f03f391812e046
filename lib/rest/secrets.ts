import { isClientSecret } from '../config/client-config.ts'
import type { RawConfig } from '../config/config-def.ts'
import type { Messages } from '../config/connector-config.ts'
import { HIDDEN } from '../config/password.ts'
import { referencesIn, replaceReferences } from '../config/references.ts'
import type { Plugin, Plugins } from '../plugin.ts'
import type { Api } from './http.ts'

/** What decides which values are secrets: the plugins' declarations, and which references are some. */
export type Masking = {
  readonly plugins: Plugins
  /** of config providers */
  readonly aliases: readonly string[]
}

export const maskingOf = ({ plugins, ports }: Api): Masking => ({
  plugins,
  aliases: Object.keys(ports.configProviders ?? {}),
})

/** The configuration as it may be shown. Invariant 7. A reference to a secret is none. */
export function masked(config: RawConfig, { plugins, aliases }: Masking): RawConfig {
  const isSecret = secretsOf(config, plugins)
  return mapValues(config, (value, key) =>
    value !== null && isSecret(key) && !isReference(value, aliases) ? HIDDEN : value,
  )
}

const isReference = (text: string, aliases: readonly string[]): boolean => {
  const references = referencesIn(text)
  return (
    references.length > 0 &&
    references.every(({ alias }) => aliases.includes(alias)) &&
    replaceReferences(text, () => '').trim() === ''
  )
}

/** A mask that comes back stands for the value that is stored. */
export function unmasked(config: RawConfig, stored: RawConfig, plugins: Plugins): RawConfig {
  const [isSecret, wasSecret] = [secretsOf(config, plugins), secretsOf(stored, plugins)]
  return mapValues(config, (value, key) =>
    value === HIDDEN && (isSecret(key) || wasSecret(key)) ? (stored[key] ?? value) : value,
  )
}

/** Masks behind which there is nothing: stored, they would be passwords. */
export function emptyMasks(config: RawConfig, plugins: Plugins): Messages {
  const isSecret = secretsOf(config, plugins)
  const empty = Object.keys(config).filter((key) => config[key] === HIDDEN && isSecret(key))
  return Object.fromEntries(
    empty.map((key) => [
      key,
      [
        `Invalid value ${HIDDEN} for configuration ${key}: It stands for a stored value, and there is none`,
      ],
    ]),
  )
}

const mapValues = (
  config: RawConfig,
  change: (value: string | null, key: string) => string | null,
): RawConfig =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [key, change(value, key)]))

/** Which keys are declared as passwords, by the connector, the plugins it names under a prefix, and Kafka's own clients. */
function secretsOf(config: RawConfig, plugins: Plugins): (key: string) => boolean {
  const places = [
    { prefix: '', declaring: connectorsFor(config, plugins) },
    ...placesOf(config, plugins),
  ]
  const keys = new Set(
    places.flatMap(({ prefix, declaring }) =>
      declaring.flatMap(passwordsOf).map((key) => prefix + key),
    ),
  )
  return (key) => keys.has(key) || isClientSecret(key)
}

const passwordsOf = ({ config }: Plugin): string[] =>
  Object.keys(config).filter((key) => config[key]?.type === 'password')

type Place = { readonly prefix: string; readonly declaring: readonly Plugin[] }

const KINDS = [
  { kind: 'converter', names: /^(key|value|header)\.converter$/, suffix: '' },
  { kind: 'transform', names: /^transforms\..*\.type$/, suffix: 'type' },
  { kind: 'predicate', names: /^predicates\..*\.type$/, suffix: 'type' },
] as const

/** Also of aliases that no list names, and of plugins that are not there (any more): of these, whatever is a password to any of the kind. */
const placesOf = (config: RawConfig, plugins: Plugins): Place[] =>
  KINDS.flatMap(({ kind, names, suffix }) =>
    Object.keys(config)
      .filter((key) => names.test(key))
      .map((key) => ({
        prefix: suffix ? key.slice(0, -suffix.length) : `${key}.`,
        declaring: pluginsFor(kind, config[key] ?? null, plugins),
      })),
  )

function pluginsFor(
  kind: 'converter' | 'transform' | 'predicate',
  name: string | null,
  plugins: Plugins,
): readonly Plugin[] {
  try {
    return [plugins[kind]((name ?? '').trim())]
  } catch {
    return plugins.all.filter((plugin) => plugin.kind === kind)
  }
}

function connectorsFor(config: RawConfig, plugins: Plugins): readonly Plugin[] {
  try {
    return [plugins.connector(config['connector.class'] ?? '')]
  } catch {
    return plugins.all.filter(({ kind }) => kind === 'source' || kind === 'sink')
  }
}
