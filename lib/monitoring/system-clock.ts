import { setTimeout } from 'node:timers/promises'
import type { Clock } from '../ports.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    const until = performance.now() + ms
    // A timer holds at most 2^31 - 1 ms; it rejects only when the signal is aborted.
    for (let left = ms; left > 0 && !signal?.aborted; left = until - performance.now())
      await setTimeout(Math.min(left, 2 ** 31 - 1), undefined, signal && { signal }).catch(
        () => undefined,
      )
  },
}
