import type { Invocation, Lease, Ports, TaskEvent } from '../ports.ts'
import { statusOfRun, type TaskView } from './task-view.ts'

/** A holder whose invocation ends within this time is asked to make way, and its successor waits. */
const HAND_OVER_MS = 180_000
const LOOK_AGAIN_MS = 500

export type Taken = {
  readonly lease: Lease
  /** by the monotonic clock */
  readonly takenAt: number
}

/** Takes the task's lease, waiting where its holder is about to give it back; undefined when another goes on holding it. */
export async function takeLease(
  event: TaskEvent,
  view: TaskView,
  invocation: Invocation,
  ports: Ports,
): Promise<Taken | undefined> {
  const { clock, worker, leases } = ports
  const beganAt = clock.monotonic()
  for (;;) {
    const takenAt = clock.monotonic()
    const answer = await leases.take({
      ...event,
      owner: worker.id,
      invocation: invocation.id,
      generation: view.generation,
      ttlMs: worker.leaseTtlMs,
      invocationEndsAt: clock.now() + invocation.remainingMs(),
    })
    if ('taken' in answer) return { lease: answer.taken, takenAt }
    if ('gone' in answer) return undefined

    const { held } = answer
    // The rows have moved on since this invocation looked at them.
    if (held.generation > view.generation) return undefined
    const endsSoon = held.task === event.task && held.invocationEndsAt - clock.now() < HAND_OVER_MS
    const isSuccessor = endsSoon && (held.claim === undefined || held.claim === invocation.id)
    const patience = isSuccessor ? HAND_OVER_MS : worker.leaseTtlMs + LOOK_AGAIN_MS
    if (!isSuccessor && !(await isOutdated(held, event, view, ports))) return undefined
    if (clock.monotonic() - beganAt > patience || invocation.remainingMs() < patience / 10)
      return undefined
    if (isSuccessor && held.claim === undefined) await leases.claim(held, invocation.id)
    await clock.sleep(LOOK_AGAIN_MS)
  }
}

/** Its holder runs something that the rows no longer want, and will see so; or it has paused and is on its way out. */
async function isOutdated(
  held: Lease,
  event: TaskEvent,
  view: TaskView,
  ports: Ports,
): Promise<boolean> {
  if (held.generation < view.generation) return true
  const status = await statusOfRun(event, view, ports)
  return status === undefined || (status.state === 'PAUSED' && view.targetState === 'RUNNING')
}
