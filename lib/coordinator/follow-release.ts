import { messageOf } from '../errors.ts'
import type { Ports } from '../ports.ts'

/** What a tick could not do the next one does; connectors run on the release before meanwhile. */
export async function followRelease({
  aliases,
  log,
}: Pick<Ports, 'aliases' | 'log'>): Promise<void> {
  try {
    await aliases.follow()
  } catch (error) {
    log.error(`Moving sink connectors to the live release failed: ${messageOf(error)}`, { error })
  }
}
