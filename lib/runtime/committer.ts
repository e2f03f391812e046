import type { Clock, Lease, OffsetStore, StoredOffset } from '../ports.ts'

/**
 * Stores acknowledged source offsets: one commit outstanding, the newest offset of each partition wins, at the latest every `intervalMs`.
 * Invariant 1: only offsets whose records Kafka has acknowledged are handed in.
 */
export type Committer = {
  /** Takes note; commits in the background when it is due, whether or not more comes. @throws what an earlier commit failed with. */
  acknowledge(offsets: readonly StoredOffset[]): void
  /** Resolves once all that was acknowledged is stored. @throws FencedError, RetriableError */
  flush(): Promise<void>
}

export function committer(
  offsets: Pick<OffsetStore, 'commit'>,
  lease: Lease,
  intervalMs: number,
  clock: Clock,
): Committer {
  const pending = new Map<string, StoredOffset>()
  let running: Promise<void> | undefined
  let failure: { readonly error: unknown } | undefined
  let hurry = new AbortController()
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
  const commitWhenDue = async () => {
    await clock.sleep(Math.max(0, lastAt + intervalMs - clock.monotonic()), hurry.signal)
    await commitPending()
  }
  const begin = () => {
    running = commitWhenDue()
      .catch((error: unknown) => {
        failure = { error }
      })
      .finally(() => {
        running = undefined
        if (pending.size > 0 && !failure) begin()
      })
  }
  const throwFailure = () => {
    if (failure) throw failure.error
  }

  return {
    acknowledge(acknowledged) {
      throwFailure()
      for (const stored of acknowledged) pending.set(partitionKey(stored), stored)
      if (!running && pending.size > 0) begin()
    },
    async flush() {
      hurry.abort()
      while (running) await running
      hurry = new AbortController()
      throwFailure()
    },
  }
}

const partitionKey = ({ partition }: StoredOffset): string =>
  JSON.stringify(
    Object.entries(partition).sort(([one], [other]) => (one < other ? -1 : 1)),
    (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value),
  )
