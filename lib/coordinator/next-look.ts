import type { Changed } from '../ports.ts'
import { isDisabling } from './sink-triggers.ts'
import type { Actual, Wanted } from './wanted-actual.ts'
import { restartsToCome, runOf, wantedConfigs } from './wanted-run.ts'

/** When a connector that nothing is to be done about now must be looked at again, though nothing changes; undefined: never. Pure. */
export function nextLook(wanted: Wanted, actual: Actual, now: number): number | undefined {
  const { row } = wanted
  const isOutdated = actual.tasks !== undefined && actual.tasks.version > row.version
  // A deleted one waits for its tasks to end.
  if (isOutdated || row.deleted) return now
  const isMoving = actual.mappings.some((one) => (one.enabled && one.waiting) || isDisabling(one))
  if (isMoving) return now
  const { changingUntil = 0 } = actual.groups ?? {}
  const later = [...dueLater(wanted, actual), ...(changingUntil > now ? [changingUntil] : [])]
  return later.length === 0 ? undefined : Math.min(...later)
}

function dueLater(wanted: Wanted, actual: Actual): number[] {
  const run = runOf(wanted, actual, wantedConfigs(wanted, actual))
  return restartsToCome(wanted, run).map(({ at }) => at)
}

/** One that goes on failing or waiting gets each tick's look for a while, then fewer: up to 10 minutes apart. */
export function pauseMs({ attempts }: Pick<Changed, 'attempts'>): number {
  return attempts < EACH_TICK ? 0 : Math.min(600_000, 15_000 * 2 ** (attempts - EACH_TICK))
}

const EACH_TICK = 5
