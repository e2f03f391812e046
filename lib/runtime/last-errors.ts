/** The newest error of one run, as its status tells it. Rows are precious: one that changes nothing else is written once a minute at most. */
import type { OffsetMap } from '../data/record.ts'
import { messageOf } from '../errors.ts'
import type { Clock } from '../ports.ts'
import { offsetJson } from './dead-letters.ts'
import type { Told, Trouble } from './tolerance.ts'

export type LastErrors = {
  /** Takes note. The same again within a minute, by `as`, changes nothing. */
  note(what: string, as?: string): void
  /** Of a record that is given up; `failure` is what the task fails with for it. */
  noteRecord(trouble: Trouble, told: Told, failure: Error | undefined): void
  /** What the task fails with: the record's own story where that is the cause. */
  noteFailure(error: unknown): void
  /** Begins with its time. */
  newest(): string | undefined
  /** Whether it is worth a write of its own. */
  isDue(): boolean
  written(): void
}

const EVERY_MS = 60_000

/** `stored`: what the status of this run tells already. */
export function lastErrors(clock: Pick<Clock, 'now'>, stored: string | undefined): LastErrors {
  let newest: { readonly at: number; readonly what: string; readonly as: string } | undefined
  let failure: Error | undefined
  let writtenAt = timeOf(stored)
  let isWritten = true

  function note(what: string, as = what): void {
    const at = clock.now()
    if (newest?.as === as && at - newest.at < EVERY_MS) return
    newest = { at, what, as }
    isWritten = false
  }

  return {
    note,
    noteRecord(trouble, told, failedWith) {
      note(storyOf(trouble, told))
      failure = failedWith
    },
    noteFailure(error) {
      if (failure === undefined || error !== failure) note(messageOf(error))
    },
    newest: () => newest && errorAt(newest.at, newest.what),
    isDue: () => !isWritten && clock.now() - writtenAt >= EVERY_MS,
    written() {
      if (isWritten) return
      isWritten = true
      writtenAt = clock.now()
    },
  }
}

export const errorAt = (at: number, what: string): string => `${new Date(at).toISOString()} ${what}`

const ISO_LENGTH = '2026-01-01T00:00:00.000Z'.length

const timeOf = (stored: string | undefined): number =>
  stored === undefined ? Number.NEGATIVE_INFINITY : Date.parse(stored.slice(0, ISO_LENGTH))

const storyOf = ({ stage, className, error }: Trouble, { place }: Told): string =>
  `stage ${stage}, class ${className}, record ${placeOf(place)}: ${messageOf(error)}`

/** `orders-0@42` of a sink's record, `{"table":"orders"}@{"id":42}` of a source's. */
function placeOf({ topic, partition, offset, sourcePartition, sourceOffset }: Told['place']) {
  return sourcePartition === undefined
    ? `${topic}-${partition}@${offset}`
    : // Whoever tells of a source's record tells these.
      `${offsetJson(sourcePartition as OffsetMap)}@${offsetJson(sourceOffset as OffsetMap)}`
}
