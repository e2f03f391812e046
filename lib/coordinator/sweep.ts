import type { Remains } from '../ports.ts'
import type { Tick } from './tick.ts'

/** At this minute of each hour all there is of a kind is listed: hundreds of calls in a large deployment, so never both at once. */
const MINUTES: Readonly<Record<number, keyof Remains>> = { 20: 'schedules', 40: 'mappings' }

/** Finds what nothing in the rows tells of: made by somebody slow whose connector had been cleared away by then. */
export async function sweep({ ports, attend, isSource, mayGoOn }: Tick): Promise<void> {
  const kind = MINUTES[Math.floor(ports.clock.now() / 60_000) % 60]
  if (!ports.remains || !kind || !mayGoOn()) return
  const strays = await ports.remains[kind](() => ports.configs.listAll())
  for (const connector of strays) {
    ports.log.warn(`There are ${kind} that are not wanted any more`, { connector })
    // Looked at as after a change: it may have come back to life meanwhile.
    await attend(connector, await ports.changes.enter(connector))
    if (await isSource(connector)) await ports.mappings.clear?.(connector)
  }
}
