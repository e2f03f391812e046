import { setTimeout } from 'node:timers/promises'
import { ConnectError } from '../errors.ts'
import { isRefusal, kafkaError } from './kafka-errors.ts'

/**
 * Attempts twice at least, since a connection that stood idle may be dead, unless the first has taken twice the time; then again until the time is up.
 * A refusal is final.
 */
export async function retrying<T>(
  action: string,
  within: { readonly ms: number; readonly signal?: AbortSignal },
  attempt: () => Promise<T>,
): Promise<T> {
  const endsAt = performance.now() + within.ms
  for (let attempts = 1, pauseMs = 50; ; attempts++, pauseMs = Math.min(1_000, 2 * pauseMs)) {
    try {
      return await attempt()
    } catch (error) {
      const now = performance.now()
      const isLast = attempts > 1 ? now + pauseMs > endsAt : now > endsAt + within.ms - SLACK_MS
      if (isLast || isFinal(error) || within.signal?.aborted) throw kafkaError(action, error)
    }
    await pause(pauseMs, within.signal)
  }
}

/** Timers are not that exact. */
const SLACK_MS = 100

const isFinal = (error: unknown): boolean =>
  isRefusal(error) || (error instanceof ConnectError && !error.retriable)

/** Ends early, and without an error, when the signal is aborted. */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  setTimeout(ms, undefined, signal && { signal }).catch(() => undefined)
