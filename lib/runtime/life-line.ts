/** What at INFO is told of a task's life: a line when it becomes something else, none while it goes on. */
import type { Log, Status, TaskEvent } from '../ports.ts'
import type { Holder } from './holder.ts'
import type { Said } from './task-view.ts'

/** `before`: what was said of this run until now, and whether whoever said so lives. */
export function tellLife(
  kind: 'Source' | 'Sink',
  of: TaskEvent,
  now: Pick<Said, 'state' | 'reason'>,
  before: { readonly status: Status | undefined; readonly holder?: Holder | undefined },
  log: Log,
): void {
  const what = becomes(now, before)
  if (what !== undefined)
    log.info(`${kind} task ${what}`, { connector: of.connector, task: of.task })
}

function becomes(
  { state, reason }: Pick<Said, 'state' | 'reason'>,
  { status, holder }: { readonly status: Status | undefined; readonly holder?: Holder | undefined },
): string | undefined {
  if (state === 'PAUSED') return status?.state === 'PAUSED' ? undefined : 'paused'
  if (state !== 'RUNNING') return undefined
  if (status === undefined) return 'started'
  if (status.state === 'PAUSED') return 'resumed'
  if (holder === 'gone') return `taken over from ${status.workerId}, which is gone`
  if (status.reason !== undefined && reason === undefined) return 'works again'
  return undefined
}
