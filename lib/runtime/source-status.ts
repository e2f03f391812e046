/** What an invocation says of the source task that it is. */
import { messageOf } from '../errors.ts'
import type { Ports, TaskEvent } from '../ports.ts'
import { holderOf } from './holder.ts'
import type { LastErrors } from './last-errors.ts'
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

/**
 * Nothing is written where another worker has said so and lives: processes take turns at an idle task,
 * and the one that comes to deliver says so then.
 */
export async function sayThatItRuns(run: Speaking, version: string): Promise<boolean> {
  const status = await statusOfRun(run.event, run.view, run.ports)
  const isKnown = status?.state === 'RUNNING' && status.reason === undefined
  if (isKnown && (await holderOf(status, run.ports)) !== 'gone') return true
  return say(run, { state: 'RUNNING', version })
}

/** A run that lasts so long is no passing look at an idle task. */
const LASTS_MS = 3_000

type Reporter = {
  /** Says once that it is this worker that delivers, and what last went wrong when that is due. */
  readonly report: () => Promise<void>
  /** Says so, too, once the run lasts, whatever it waits for; resolves when it is over or it is said. */
  readonly reportLasting: (over: AbortSignal) => Promise<void>
}

export function reporter(
  run: Speaking,
  version: string,
  delivered: { readonly records: number },
): Reporter {
  const { errors, tenure, ports } = run
  let isShown = false
  const show = async () => {
    isShown = true
    if (!(await say(run, { state: 'RUNNING', version }))) tenure.end('changed')
  }
  return {
    async report() {
      if (errors.isDue() || (!isShown && delivered.records > 0)) await show()
    },
    async reportLasting(over) {
      await ports.clock.sleep(LASTS_MS, over)
      if (over.aborted || isShown) return
      await show().catch((error: unknown) =>
        ports.log.warn(`Could not write the status: ${messageOf(error)}`, { ...run.event, error }),
      )
    },
  }
}
