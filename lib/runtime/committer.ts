import type { Clock, Lease, OffsetStore, StoredOffset } from '../ports.ts'

/**
 * Stores acknowledged source offsets: one commit outstanding, the newest offset of each partition wins, at the latest every `intervalMs`.
 * Invariant 1: only offsets whose records Kafka has acknowledged are handed in.
 */
export type Committer = {
  /** Takes note; commits in the background when one is due. @throws what an earlier commit failed with. */
  acknowledge(offsets: readonly StoredOffset[]): void
  /** Commits what is due. @throws FencedError, RetriableError */
  commitDue(): Promise<void>
  /** Resolves once all that was acknowledged is stored. @throws FencedError, RetriableError */
  flush(): Promise<void>
}

export function committer(
  offsets: OffsetStore,
  lease: Lease,
  intervalMs: number,
  clock: Clock,
): Committer {
  const pending = new Map<string, StoredOffset>()
  let running: Promise<void> | undefined
  let failure: { readonly error: unknown } | undefined
  let lastAt = clock.monotonic()

  const commitPending = async () => {
    const batch = [...pending.entries()]
    lastAt = clock.monotonic()
    await offsets.commit(
      lease,
      batch.map(([, stored]) => stored),
    )
    // A newer offset of the same partition may have come meanwhile: that one stays.
    for (const [key, stored] of batch) if (pending.get(key) === stored) pending.delete(key)
  }
  const begin = () => {
    running = commitPending()
      .catch((error: unknown) => {
        failure = { error }
      })
      .finally(() => {
        running = undefined
      })
  }
  const throwFailure = () => {
    if (failure) throw failure.error
  }
  const isDue = () => pending.size > 0 && clock.monotonic() - lastAt >= intervalMs

  return {
    acknowledge(acknowledged) {
      throwFailure()
      for (const stored of acknowledged) pending.set(partitionKey(stored), stored)
      if (!running && isDue()) begin()
    },
    async commitDue() {
      if (!running && isDue()) begin()
      await running
      throwFailure()
    },
    async flush() {
      for (;;) {
        await running
        throwFailure()
        if (pending.size === 0) return
        begin()
      }
    },
  }
}

const partitionKey = ({ partition }: StoredOffset): string =>
  JSON.stringify(
    Object.entries(partition).sort(([one], [other]) => (one < other ? -1 : 1)),
    (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value),
  )
