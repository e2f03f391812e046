import type { Clock, Losses } from '../ports.ts'
import { lostKey, targetKey } from './keys.ts'
import type { Rows } from './rows.ts'

/** After so long the count begins anew. */
const WINDOW_MS = 60_000
/** A row that nobody counts by any more is removed by DynamoDB, in its own time. */
const KEPT_S = 3_600

export const lossRows = (rows: Rows, clock: Pick<Clock, 'now'>): Losses => ({
  async count(connector, unit, invocation) {
    const key = lostKey(connector, unit)
    const before = await rows.get(key)
    if (before?.invocation === invocation) return undefined
    const isRecent = before !== undefined && clock.now() - Number(before.since) < WINDOW_MS
    const attributes = {
      invocation,
      since: isRecent ? Number(before.since) : clock.now(),
      count: isRecent ? Number(before.count) + 1 : 1,
      ttl: Math.ceil(clock.now() / 1_000) + KEPT_S,
    }
    const done = await rows.transact([
      { put: { ...key, attributes }, onlyIf: before ?? 'absent' },
      // A row that came after its connector had been cleared away would stay for ever.
      { check: targetKey(connector), onlyIf: { deleted: false } },
    ])
    // Another was counted meanwhile, and is looked after.
    return done ? attributes.count : undefined
  },
})
