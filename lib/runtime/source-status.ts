/** What an invocation says of the source task that it is. */
import { messageOf } from '../errors.ts'
import type { Ports, TaskEvent } from '../ports.ts'
import { holderOf } from './holder.ts'
import type { LastErrors } from './last-errors.ts'
import { tellLife } from './life-line.ts'
import { type Said, statusOfRun, type TaskView, writeStatus } from './task-view.ts'
import type { Tenure } from './tenure.ts'

type Speaking = {
  readonly event: TaskEvent
  readonly view: TaskView
  readonly tenure: Tenure
  readonly errors: LastErrors
  readonly ports: Ports
}

/** Invariant 2, of what is said: a holder of a later lease is not contradicted. */
export async function say(
  { event, view, tenure, errors, ports }: Speaking,
  said: Said,
): Promise<boolean> {
  const lastError = errors.newest()
  const speaker = { asOf: tenure.lease.epoch }
  const isSaid = await writeStatus(event, view, { ...said, lastError }, speaker, ports)
  if (isSaid) errors.written()
  return isSaid
}

/** How a run begins to be told: whether it may go on, and what went wrong before it, which stands until something goes right. */
export type Beginning = { readonly isSaid: boolean; readonly reason?: string }

/**
 * Nothing is written where another worker has said so and lives: processes take turns at an idle task,
 * and the one that comes to deliver says so then.
 */
export async function sayThatItRuns(run: Speaking, version: string): Promise<Beginning> {
  const status = await statusOfRun(run.event, run.view, run.ports)
  const holder = status && (await holderOf(status, run.ports))
  const told = status?.state === 'RUNNING' ? status : undefined
  const before = told?.reason === undefined ? {} : { reason: told.reason }
  if (told && holder !== 'gone') return { isSaid: true, ...before }
  const said = { state: 'RUNNING', version, ...before } as const
  const isSaid = await say(run, said)
  if (isSaid) tellLife('Source', run.event, said, { status, holder }, run.ports.log)
  return { isSaid, ...before }
}

/** A run that lasts so long is no passing look at an idle task. */
const LASTS_MS = 3_000
/** Longer than this Kafka takes for no request while all is well. */
const SLOW_SEND_MS = 5_000

type Reporter = {
  /** Called while nothing is on its way to Kafka. Says once that it is this worker that delivers, what last went wrong when that is due, and that a trouble is over. */
  readonly report: (isWorking: boolean) => Promise<void>
  /** Says so, too, once the run lasts, whatever it waits for, and when Kafka keeps it waiting; resolves when it is over. */
  readonly reportLasting: (over: AbortSignal) => Promise<void>
}

export function reporter(
  run: Speaking,
  version: string,
  delivered: { readonly records: number; readonly sendingSince?: number | undefined },
  before: Beginning,
): Reporter {
  const { errors, tenure, ports } = run
  let isShown = false
  let { reason } = before
  const show = async () => {
    isShown = true
    const said = { state: 'RUNNING', version, ...(reason !== undefined && { reason }) } as const
    if (!(await say(run, said))) tenure.end('changed')
  }
  const tryToShow = () =>
    show().catch((error: unknown) =>
      ports.log.warn(`Could not write the status: ${messageOf(error)}`, { ...run.event, error }),
    )
  const isKeptWaiting = () =>
    ports.clock.monotonic() - (delivered.sendingSince ?? Number.POSITIVE_INFINITY) >= SLOW_SEND_MS

  return {
    async report(isWorking) {
      const isOver = isWorking && reason !== undefined
      if (isOver) {
        reason = undefined
        ports.log.info('Source task works again', run.event)
      }
      if (isOver || errors.isDue() || (!isShown && delivered.records > 0)) await show()
    },
    async reportLasting(over) {
      for (;;) {
        await ports.clock.sleep(LASTS_MS, over)
        if (over.aborted) return
        const isNews = isKeptWaiting() && reason === undefined
        if (isNews) reason = `waits for Kafka: no answer to a request for ${SLOW_SEND_MS / 1000} s`
        if (isNews || !isShown) await tryToShow()
      }
    },
  }
}
