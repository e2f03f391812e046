import type { OffsetStore, Ports, TaskEvent } from '../ports.ts'

/** Commits whose time and outcome are measured. */
export const measuredCommits = (
  event: TaskEvent,
  { offsets, metrics, clock }: Pick<Ports, 'offsets' | 'metrics' | 'clock'>,
): Pick<OffsetStore, 'commit'> => ({
  async commit(lease, stored) {
    const beganAt = clock.monotonic()
    let succeeded = 0
    try {
      await offsets.commit(lease, stored)
      succeeded = 100
    } finally {
      metrics.measure('offset-commit-time-ms', clock.monotonic() - beganAt, event)
      metrics.measure('offset-commit-success-percentage', succeeded, event)
      metrics.measure('offset-commit-failure-percentage', 100 - succeeded, event)
    }
  },
})
