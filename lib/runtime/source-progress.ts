/** How far a source task has come, and how far what Kafka has may lie behind the source. */
import type { SourceRecord } from '../data/record.ts'
import type { SourceTask } from '../plugin.ts'
import type { Clock, Metrics, TaskEvent } from '../ports.ts'

/** One for all starts of a tenure: a server that does not answer makes the lag grow. */
export type SourceProgress = {
  /** Nothing that an earlier start had in hand is in hand any more. */
  begin(): void
  poll(task: SourceTask): Promise<Polled>
  /** The page is in hand now. */
  took(page: Polled): void
  /** Kafka has so many records of it, and all of the pages before; of a page that failed not the rest. */
  acknowledged(page: Polled, isWhole: boolean): void
  /** This poll gave nothing, and Kafka has all that came before. */
  drained(page: Polled): void
  /** Sets the gauges. */
  tell(): void
  /** They are this process's no more. */
  forget(): void
  /** ms since 1970: Kafka has all that was there then */
  caughtUpAt(): number
}

export type Polled = {
  readonly records: readonly SourceRecord[]
  /** This poll and those before it gave all that was there then; undefined: there may have been more. */
  readonly completeAsOf: number | undefined
}

/** A poll that has been under way for so long: what the one before it found says nothing any more. */
const LOOK_MS = 5_000

/** `caughtUpAt`: how far those who were the task before have come; left out: nobody was, so it counts from now. */
export function sourceProgress(
  event: TaskEvent,
  { clock, metrics }: { readonly clock: Clock; readonly metrics: Metrics },
  caughtUpAt: number | undefined,
): SourceProgress {
  let caughtUp = caughtUpAt ?? clock.now()
  let active = 0
  let isDrained = false
  let pollingSince: number | undefined
  /** when the first of those polls began that have not together read all to the end yet */
  let roundSince: number | undefined

  function lagMs(): number {
    const isLooking = pollingSince !== undefined && clock.monotonic() - pollingSince > LOOK_MS
    return isDrained && !isLooking ? 0 : Math.max(0, clock.now() - caughtUp)
  }

  function endOfRound(isBehind: boolean): number | undefined {
    if (isBehind) return undefined
    const since = roundSince
    roundSince = undefined
    return since
  }

  return {
    begin() {
      active = 0
      isDrained = false
      roundSince = undefined
    },
    async poll(task) {
      const beganAt = clock.monotonic()
      pollingSince = beganAt
      roundSince ??= clock.now()
      const records = await task.poll()
      pollingSince = undefined
      if (records.length > 0)
        metrics.measure('poll-batch-time-ms', clock.monotonic() - beganAt, event)
      // A task that does not tell may have more after each page.
      const isBehind = records.length > 0 && (task.isBehind?.() ?? true)
      return { records, completeAsOf: endOfRound(isBehind) }
    },
    took({ records }) {
      metrics.add('source-record-poll-total', records.length, event)
      active += records.length
      isDrained = false
    },
    acknowledged({ records, completeAsOf }, isWhole) {
      active -= records.length
      if (isWhole) caughtUp = completeAsOf ?? caughtUp
    },
    drained({ completeAsOf }) {
      caughtUp = completeAsOf ?? caughtUp
      isDrained = true
    },
    tell() {
      metrics.set('source-record-active-count', active, event)
      metrics.set('source-lag-seconds', lagMs() / 1000, event)
    },
    forget() {
      metrics.set('source-record-active-count', undefined, event)
      metrics.set('source-lag-seconds', undefined, event)
    },
    caughtUpAt: () => caughtUp,
  }
}
