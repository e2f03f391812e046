/** Whether a stored secret would be sent to another place than the one it was given for. */
import { CLIENTS } from '../config/client-config.ts'
import type { RawConfig } from '../config/config-def.ts'
import type { Messages } from '../config/connector-config.ts'
import { HIDDEN } from '../config/password.ts'
import type { Plugin, Plugins } from '../plugin.ts'
import { CONNECTOR, isSecretKey, type Place, placesOf } from './secret-keys.ts'

/**
 * By masked key, why its stored value is not taken: whoever names an address would be sent it there.
 * None where the connector's class and address are the stored ones, and so are those of whatever else takes the secret.
 */
export function movedSecrets(config: RawConfig, stored: RawConfig, plugins: Plugins): Messages {
  const masked = Object.keys(config).filter(
    (key) => config[key] === HIDDEN && isSecretKey(key, plugins) && (stored[key] ?? null) !== null,
  )
  const moved = masked.map((key) => [key, movesOf(key, config, stored, plugins)] as const)
  return Object.fromEntries(
    moved.filter(([, keys]) => keys.length > 0).map(([key, keys]) => [key, [refusal(key, keys)]]),
  )
}

const refusal = (key: string, moved: readonly string[]): string =>
  `Invalid value ${HIDDEN} for configuration ${key}: It stands for a stored value, and that is for another address (${moved.join(', ')}): the password has to be given again`

/** The keys that say that the secret would go somewhere else. */
function movesOf(key: string, config: RawConfig, stored: RawConfig, plugins: Plugins): string[] {
  const client = CLIENTS.map((one) => `${one}.override.`).find((prefix) => key.startsWith(prefix))
  const addresses = [CONNECTOR, ...placesOf(key, plugins)].flatMap((place) =>
    addressesAt(place, stored, plugins),
  )
  const overrides = Object.keys({ ...stored, ...config }).filter(
    (one) => client !== undefined && one.startsWith(client) && !isSecretKey(one, plugins),
  )
  return [...new Set([...addresses, ...overrides])].filter(
    (one) =>
      (config[one] ?? null) !== (stored[one] ?? null) && !isSameClass(one, config, stored, plugins),
  )
}

/** A connector may be called by its simple name. */
function isSameClass(key: string, config: RawConfig, stored: RawConfig, plugins: Plugins): boolean {
  if (key !== CONNECTOR.classKey) return false
  const plugin = pluginAt(CONNECTOR, stored, plugins)
  return plugin !== undefined && plugin === pluginAt(CONNECTOR, config, plugins)
}

/** The key of its class, and those of the stored class that say where its secrets go: all of its own where it says none. */
function addressesAt(place: Place, stored: RawConfig, plugins: Plugins): string[] {
  const plugin = pluginAt(place, stored, plugins)
  const keys = Object.entries(plugin?.config ?? {})
  const flagged = keys.filter(([, { secretsGoHere }]) => secretsGoHere)
  const where = flagged.length > 0 ? flagged : keys.filter(([, { type }]) => type !== 'password')
  return [place.classKey, ...where.map(([key]) => place.prefix + key)]
}

/** Undefined where the class is not there. */
function pluginAt(place: Place, config: RawConfig, plugins: Plugins): Plugin | undefined {
  try {
    return plugins[place.kind]((config[place.classKey] ?? '').trim())
  } catch {
    return undefined
  }
}
