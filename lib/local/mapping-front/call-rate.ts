import type { Clock } from '../../ports.ts'
import { Refusal } from './refusal.ts'

/** Lets so many calls through in any second. @throws Refusal, as Lambda's control plane does, for those above it. */
export function callRate(callsPerSecond: number, clock: Clock): () => void {
  const recent: number[] = []
  return () => {
    const now = clock.monotonic()
    while (recent[0] !== undefined && recent[0] <= now - 1_000) recent.shift()
    if (recent.length >= callsPerSecond)
      throw new Refusal('TooManyRequestsException', 'Rate exceeded', {
        headers: { 'retry-after': '1' },
        more: { Reason: 'CallerRateLimitExceeded' },
      })
    recent.push(now)
  }
}
