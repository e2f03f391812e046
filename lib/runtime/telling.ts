import type { Clock, Metrics } from '../ports.ts'

/** How often gauges are set anew while work goes on. */
const TELL_MS = 10_000
/** CloudWatch's grain: a long invocation is seen while it lasts. */
const FLUSH_MS = 60_000

/** Sets gauges and writes metrics out for as long as work goes on; resolves soon after it is over. */
export async function tellUntil(
  over: AbortSignal,
  tell: () => void,
  { clock, metrics }: { readonly clock: Clock; readonly metrics: Metrics },
): Promise<void> {
  let flushedAt = clock.monotonic()
  while (!over.aborted) {
    await clock.sleep(TELL_MS, over)
    tell()
    if (over.aborted || clock.monotonic() - flushedAt < FLUSH_MS) continue
    flushedAt = clock.monotonic()
    metrics.flush?.()
  }
}
