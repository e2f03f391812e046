import { messageOf } from '../errors.ts'
import type { Clock, Log, LogLevels } from '../ports.ts'
import type { LevelsInForce } from './levelled-log.ts'

/** A table that does not answer keeps nobody waiting for long. */
const PATIENCE_MS = 1_000

/** What `Ports.watchLevels` promises: the rows are read when the last look is `maxAgeMs` old. `worker`: who has levels of its own. */
export function watchLevels(of: {
  readonly levels: LevelsInForce
  readonly rows: Pick<LogLevels, 'read'>
  readonly worker: string | undefined
  readonly maxAgeMs: number
  readonly clock: Clock
  readonly log: Log
}): () => Promise<void> {
  const { levels, rows, worker, maxAgeMs, clock, log } = of
  let lookedAt = Number.NEGATIVE_INFINITY
  let looking: Promise<void> | undefined

  async function look(): Promise<void> {
    try {
      levels.apply(await rows.read(worker))
    } catch (error) {
      log.warn(`Could not look at the levels of loggers: ${messageOf(error)}`)
    }
  }

  return async () => {
    const now = clock.monotonic()
    if (now - lookedAt < maxAgeMs) return
    lookedAt = now
    looking ??= look().finally(() => {
      looking = undefined
    })
    const looked = new AbortController()
    await Promise.race([looking, clock.sleep(PATIENCE_MS, looked.signal)])
    looked.abort()
  }
}
