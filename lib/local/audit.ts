import type { Clock, Ports, Workers } from '../ports.ts'

const EVERY_MS = 10_000

/**
 * Triggers are in memory here, so all connectors are looked at after the start, whenever a worker has come or gone, and every ten seconds.
 * Between these a tick reads the change index alone.
 */
export function localAudit(
  workers: Pick<Workers, 'living'>,
  clock: Pick<Clock, 'monotonic'>,
): NonNullable<Ports['audit']> {
  let seen: { readonly at: number; readonly living: string } | undefined
  return async (all) => {
    const living = (await workers.living()).sort().join()
    const now = clock.monotonic()
    if (seen && seen.living === living && now - seen.at < EVERY_MS) return []
    // Noted once they are listed: what fails is made good by the next tick.
    const names = await all()
    seen = { at: now, living }
    return names
  }
}
