export const UTC = 'UTC'

/** Epoch milliseconds of what a clock on the wall shows, given as if it hung in UTC. */
export type InstantOf = (wallMs: number) => number

/** Whether it is a zone by name (`Asia/Shanghai`, `UTC`) or by offset (`+08:00`, `GMT+8`). */
export function isTimeZone(zone: string): boolean {
  if (fixedOffsetMs(zone) !== undefined) return true
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/**
 * As java.time does: in the hour that comes twice the first one is meant;
 * in the hour that is left out the clock had not been put forward.
 */
export function instantsIn(zone: string): InstantOf {
  const fixedMs = fixedOffsetMs(zone)
  if (fixedMs === 0) return (wallMs) => wallMs
  if (fixedMs !== undefined) return (wallMs) => wallMs - fixedMs
  const offsetAt = namedZone(zone)
  const instantOf = (wallMs: number): number => {
    const before = offsetAt(wallMs - DAY_MS)
    const after = offsetAt(wallMs + DAY_MS)
    const early = wallMs - before
    if (before === after || offsetAt(early) === before) return early
    return offsetAt(wallMs - after) === after ? wallMs - after : early
  }
  return remembered(instantOf)
}

const DAY_MS = 86_400_000
const QUARTER_MS = 900_000
const REMEMBERED = 10_000

/** Zones change at a quarter of an hour, at least since 1970. */
function remembered(instantOf: InstantOf): InstantOf {
  const offsets = new Map<number, number>()
  return (wallMs) => {
    if (wallMs < 0) return instantOf(wallMs)
    const quarter = Math.floor(wallMs / QUARTER_MS)
    const known = offsets.get(quarter)
    if (known !== undefined) return wallMs - known
    if (offsets.size >= REMEMBERED) offsets.clear()
    const offset = wallMs - instantOf(wallMs)
    offsets.set(quarter, offset)
    return wallMs - offset
  }
}

const FIXED = /^(?:(?:UTC|GMT|UT) ?)?([+-])(\d{1,2})(?::?(\d{2}))?$/i

function fixedOffsetMs(zone: string): number | undefined {
  if (/^(?:UTC|GMT|UT|Z|Etc\/UTC)$/i.test(zone)) return 0
  const [, sign, hours, minutes = '0'] = FIXED.exec(zone) ?? []
  if (hours === undefined || Number(hours) > 18 || Number(minutes) > 59) return undefined
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

/** How far the zone's clocks are ahead of UTC at an instant. */
function namedZone(zone: string): (epochMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (epochMs) => {
    const second = Math.floor(epochMs / 1000) * 1000
    const parts = Object.fromEntries(
      format.formatToParts(second).map(({ type, value }) => [type, value]),
    )
    const year = parts['era'] === 'BC' ? 1 - Number(parts['year']) : Number(parts['year'])
    const wall = new Date(0)
    wall.setUTCFullYear(year, Number(parts['month']) - 1, Number(parts['day']))
    wall.setUTCHours(Number(parts['hour']), Number(parts['minute']), Number(parts['second']))
    return wall.getTime() - second
  }
}
