import type { RawConfig } from '../config/config-def.ts'
import type { Messages } from '../config/connector-config.ts'
import { HIDDEN } from '../config/password.ts'
import { messageOf } from '../errors.ts'
import { findConnector } from './connector-view.ts'
import type { Api } from './http.ts'
import { emptyMasks, unmasked } from './secrets.ts'

/**
 * What the connector's servers find wrong, by key; `config` is right by itself. A function that cannot be asked is a message as well:
 * what is known without it is worth an answer.
 */
export async function probed(config: RawConfig, api: Api): Promise<Messages> {
  const connector = api.plugins.connector(config['connector.class'] ?? '')
  if (!connector.probe) return {}
  const full = await filledMasks(config, api)
  // With a mask for a password no server lets anybody in.
  if (Object.keys(emptyMasks(full, api.plugins)).length > 0) return {}
  try {
    return (await api.ports.ask[connector.kind]('probe', { config: full })).messages
  } catch (error) {
    api.ports.log.warn(`Validation could not ask: ${messageOf(error)}`, { error })
    return { 'connector.class': [`Its servers could not be asked: ${messageOf(error)}`] }
  }
}

/** Masks stand for the values of the connector of the name that the configuration holds. */
export async function filledMasks(config: RawConfig, api: Api): Promise<RawConfig> {
  const { name } = config
  const isMasked = name && Object.values(config).includes(HIDDEN)
  const stored = isMasked ? await findConnector(name, api) : undefined
  return stored ? unmasked(config, stored.config, api.plugins) : config
}
