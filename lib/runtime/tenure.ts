import { FencedError, isRetriable, messageOf } from '../errors.ts'
import type { Invocation, Lease, Ports, TaskEvent } from '../ports.ts'
import type { SourceProgress } from './source-progress.ts'
import { sameRun, type TaskView, viewTask } from './task-view.ts'
import { unlessAborted } from './unless-aborted.ts'

/** Why a source task ends its run. */
export type Ending =
  | 'paused'
  | 'gone'
  | 'changed'
  | 'fenced'
  | 'claimed'
  | 'out of time'
  | 'drained'
  | 'idle'

/** The time in which this invocation is the task: while it lasts the lease is renewed and the rows are watched. */
export type Tenure = {
  readonly lease: Lease
  /** What the rows wanted when they were last looked at. */
  readonly view: () => TaskView
  /** Set once the run has to end; `signal` is aborted then. */
  readonly ending: () => Ending | undefined
  readonly end: (ending: Ending) => void
  readonly signal: AbortSignal
  /** What the promise gives, or undefined as soon as the run has to end: nobody waits then for a server that does not answer. */
  readonly unlessEnded: <T>(pending: Promise<T>) => Promise<T | undefined>
  /** Invariant 8: false once the lease may be another's, by this process's own monotonic clock. */
  readonly mayStillSend: () => boolean
  /** Stops watching; resolves when nothing is under way any more. */
  readonly finish: () => Promise<void>
}

/** Nothing is sent in the last 3 s of a lease: what is on its way then still arrives before a successor begins. */
const SAFETY_MS = 3_000
/** How often the rows are looked at: a pause or a change is seen after at most this long. */
const WATCH_MS = 1_000
/** Before an invocation's time is up: to finish a page, flush and release. */
const FINISH_MS = 15_000

export function beginTenure(
  event: TaskEvent,
  view: TaskView,
  taken: {
    readonly lease: Lease
    readonly takenAt: number
    readonly progress?: Pick<SourceProgress, 'caughtUpAt'>
  },
  invocation: Invocation,
  ports: Ports,
): Tenure {
  const { lease, takenAt, progress } = taken
  const { clock, worker, log } = ports
  const abort = new AbortController()
  const watching = new AbortController()
  let ending: Ending | undefined
  let renewedAt = takenAt
  let seen = view

  const end = (why: Ending) => {
    if (ending === undefined) log.debug?.(`Run ends: ${why}`, event)
    ending ??= why
    abort.abort()
  }
  const mayStillSend = () =>
    ending !== 'fenced' && clock.monotonic() < renewedAt + worker.leaseTtlMs - SAFETY_MS

  const renewWhenDue = async () => {
    const begunAt = clock.monotonic()
    if (begunAt - renewedAt < worker.leaseRenewalMs) return
    const renewed = await ports.leases.renew(lease, worker.leaseTtlMs, progress?.caughtUpAt())
    renewedAt = begunAt
    log.debug?.('Lease renewed', { ...event, epoch: lease.epoch, expiresAt: renewed.expiresAt })
    if (renewed.claim !== undefined && renewed.claim !== invocation.id) end('claimed')
  }
  const lookAtRows = async () => {
    const now = await viewTask(event, ports)
    if (!now) end('gone')
    else if (!sameRun(now, view)) end('changed')
    else if (now.targetState === 'PAUSED') end('paused')
    seen = now ?? seen
  }
  /** A renewal is on time; one that failed is tried again with the next look. */
  const nextLookMs = () => {
    const dueInMs = renewedAt + worker.leaseRenewalMs - clock.monotonic()
    return dueInMs > 0 ? Math.min(WATCH_MS, dueInMs) : WATCH_MS
  }
  const watch = async () => {
    while (!watching.signal.aborted) {
      await clock.sleep(nextLookMs(), watching.signal)
      if (watching.signal.aborted) return
      try {
        await renewWhenDue()
        await lookAtRows()
        await ports.watchLevels?.()
      } catch (error) {
        if (error instanceof FencedError) end('fenced')
        else
          log.warn(`Could not renew the lease or look at the rows: ${messageOf(error)}`, {
            ...event,
            retriable: isRetriable(error),
          })
      }
      if (!mayStillSend()) end('fenced')
      if (invocation.remainingMs() < FINISH_MS) end('out of time')
    }
  }
  const watched = watch()

  return {
    lease,
    view: () => seen,
    ending: () => ending,
    end,
    signal: abort.signal,
    unlessEnded: (pending) => unlessAborted(pending, abort.signal),
    mayStillSend,
    async finish() {
      watching.abort()
      await watched
    },
  }
}
