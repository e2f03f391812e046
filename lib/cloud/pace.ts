import type { Clock } from '../ports.ts'

/** Who has waited longest goes first, and nobody unhurried before an urgent one. */
export type Pace = {
  /** Resolves when a call may be made. */
  readonly turn: (lane: Lane) => Promise<void>
  /** A call was refused as one too many: nobody calls for half a second. */
  readonly slowDown: () => void
}

export type Lane = 'urgent' | 'unhurried'

/** In any second at most `perSecond` calls and two fifths more, which may come at once after a rest. */
export function paceOf(perSecond: number, clock: Pick<Clock, 'monotonic' | 'sleep'>): Pace {
  const atOnce = Math.max(1, Math.floor(perSecond * 0.4))
  const waiting: Record<Lane, (() => void)[]> = { urgent: [], unhurried: [] }
  let [tokens, countedAt, isPumping] = [atOnce, clock.monotonic(), false]

  function count(): void {
    const now = clock.monotonic()
    tokens = Math.min(atOnce, tokens + ((now - countedAt) / 1_000) * perSecond)
    countedAt = now
  }

  async function pump(): Promise<void> {
    isPumping = true
    while (waiting.urgent.length + waiting.unhurried.length > 0) {
      count()
      if (tokens >= 1) {
        tokens -= 1
        const go = waiting.urgent.shift() ?? waiting.unhurried.shift()
        go?.()
      } else await clock.sleep(Math.ceil(((1 - tokens) / perSecond) * 1_000))
    }
    isPumping = false
  }

  return {
    turn: (lane) =>
      new Promise((resolve) => {
        waiting[lane].push(resolve)
        if (!isPumping) void pump()
      }),
    slowDown() {
      count()
      tokens = Math.min(tokens, 0) - perSecond / 2
    },
  }
}
