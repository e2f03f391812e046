import type { RawConfig } from '../config/config-def.ts'
import type { Messages } from '../config/connector-config.ts'
import { HIDDEN } from '../config/password.ts'
import { messageOf } from '../errors.ts'
import { findConnector } from './connector-view.ts'
import type { Api } from './http.ts'
import { movedSecrets } from './secret-moves.ts'
import { emptyMasks, unmasked } from './secrets.ts'

/**
 * What the connector's servers find wrong, by key; `config` is right by itself. A function that cannot be asked is a message as well:
 * what is known without it is worth an answer.
 */
export async function probed(config: RawConfig, api: Api): Promise<Messages> {
  const connector = api.plugins.connector(config['connector.class'] ?? '')
  if (!connector.probe) return {}
  const { config: full, moved } = await filledMasks(config, api)
  if (Object.keys(moved).length > 0) return moved
  // With a mask for a password no server lets anybody in.
  if (Object.keys(emptyMasks(full, api.plugins)).length > 0) return {}
  try {
    return (await api.ports.ask[connector.kind]('probe', { config: full })).messages
  } catch (error) {
    api.ports.log.warn(`Validation could not ask: ${messageOf(error)}`, { error })
    return { 'connector.class': [`Its servers could not be asked: ${messageOf(error)}`] }
  }
}

type Filled = {
  readonly config: RawConfig
  /** Masks that stay, as their secrets are for another address; messages by key. */
  readonly moved: Messages
}

/** Masks stand for the values of the connector of the name that the configuration holds. */
export async function filledMasks(config: RawConfig, api: Api): Promise<Filled> {
  const { name } = config
  const isMasked = name && Object.values(config).includes(HIDDEN)
  const stored = isMasked ? await findConnector(name, api) : undefined
  if (!stored) return { config, moved: {} }
  const moved = movedSecrets(config, stored.config, api.plugins)
  const known = Object.fromEntries(
    Object.entries(stored.config).filter(([key]) => !Object.hasOwn(moved, key)),
  )
  return { config: unmasked(config, known, api.plugins), moved }
}
