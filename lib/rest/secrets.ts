import type { RawConfig } from '../config/config-def.ts'
import type { Messages } from '../config/connector-config.ts'
import { HIDDEN } from '../config/password.ts'
import type { Plugin, Plugins } from '../plugin.ts'

/** The configuration as it may be shown. Invariant 7. */
export function masked(config: RawConfig, plugins: Plugins): RawConfig {
  const isSecret = secretsOf(config, plugins)
  return mapValues(config, (value, key) => (value !== null && isSecret(key) ? HIDDEN : value))
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

/** Passwords of Kafka's own clients, which a connector may override. */
const CLIENT_SECRET =
  /^(producer|consumer|admin)\.override\.(sasl\.jaas\.config|ssl\.(key|keystore|truststore)\.password|ssl\.keystore\.key)$/

/** Which keys the plugins declare as passwords; of a connector that is not there (any more), those of every connector. */
function secretsOf(config: RawConfig, plugins: Plugins): (key: string) => boolean {
  const connectors = connectorsFor(config, plugins)
  const keys = new Set(connectors.flatMap((connector) => passwordsOf(connector)))
  for (const which of ['key', 'value', 'header']) {
    const named = converterFor(config[`${which}.converter`], plugins)
    for (const key of named ? passwordsOf(named) : []) keys.add(`${which}.converter.${key}`)
  }
  return (key) => keys.has(key) || CLIENT_SECRET.test(key)
}

const passwordsOf = ({ config }: Plugin): string[] =>
  Object.keys(config).filter((key) => config[key]?.type === 'password')

function connectorsFor(config: RawConfig, plugins: Plugins): readonly Plugin[] {
  try {
    return [plugins.connector(config['connector.class'] ?? '')]
  } catch {
    return plugins.all.filter(({ kind }) => kind !== 'converter')
  }
}

function converterFor(name: string | null | undefined, plugins: Plugins): Plugin | undefined {
  try {
    return name ? plugins.converter(name) : undefined
  } catch {
    return undefined
  }
}
