/** What a process says of the sink tasks that it delivers to. Several deliver to one task at the same time: one of them that lives has the word. */
import { messageOf } from '../errors.ts'
import type { Ports, TaskEvent } from '../ports.ts'
import { type LastErrors, lastErrors } from './last-errors.ts'
import { tellLife } from './life-line.ts'
import { gateOf, type SinkGate, sinkGate } from './sink-gate.ts'
import { type Said, sameRun, type TaskView, viewTask, writeStatus } from './task-view.ts'

/** A task as the rows wanted it when it was started. */
export type Unit = {
  readonly event: TaskEvent
  readonly view: TaskView
  readonly errors: LastErrors
}

/** `places`: which records it has in hand. */
export type Trouble = { readonly doing: string; readonly error: unknown; readonly places: string }

export type SinkStatus = {
  /** The unit of a run; what last went wrong is remembered by run. */
  unitOf(event: TaskEvent, gate: Pick<SinkGate, 'view' | 'status'>): Unit
  /** It works: whatever else its status says is over, unless the rows want something else by now. */
  running(unit: Unit, version: string): Promise<void>
  paused(unit: Unit, version: string): Promise<void>
  /** It goes on, and its status says what with. */
  trouble(unit: Unit, version: string, trouble: Trouble): Promise<void>
  /** What last went wrong, beside all that its status says already. */
  lastError(unit: Unit): Promise<void>
  failed(unit: Unit, version: string, error: unknown): Promise<void>
}

export function sinkStatus(ports: Ports): SinkStatus {
  const { clock, log } = ports
  const units = new Map<string, Unit>()

  function unitOf(event: TaskEvent, { view, status }: Pick<SinkGate, 'view' | 'status'>): Unit {
    const key = `${event.task} ${event.connector}`
    const before = units.get(key)
    const isSame = before !== undefined && sameRun(before.view, view)
    const errors = isSame ? before.errors : lastErrors(clock, status?.lastError)
    const unit = { event, view, errors }
    units.set(key, unit)
    return unit
  }

  async function say(
    { event, errors }: Unit,
    said: Said,
    { view, status, holder }: SinkGate,
  ): Promise<void> {
    // Who has said something since this look knows more.
    const speaker = { asOf: view.revision, inPlaceOf: status?.workerId ?? NOBODY }
    if (await writeStatus(event, view, { ...said, lastError: errors.newest() }, speaker, ports)) {
      errors.written()
      tellLife('Sink', event, said, { status, holder }, log)
    }
  }

  /** As the rows are now; undefined when they want something else, or there is no such task any more. */
  async function look({ event, view }: Unit): Promise<SinkGate | undefined> {
    const now = await viewTask(event, ports)
    if (!now || !sameRun(now, view)) return undefined
    const gate = await gateOf(now, event, ports)
    return gate.refusal ? undefined : gate
  }

  return {
    unitOf,
    async running(unit, version) {
      const gate = await look(unit)
      const isSaid = gate?.holder === 'other' && gate.status?.state === 'RUNNING'
      if (gate && !isSaid) await say(unit, { state: 'RUNNING', version }, gate)
    },
    paused: async (unit, version) =>
      say(unit, { state: 'PAUSED', version }, await sinkGate(unit.event, ports)),
    async trouble(unit, version, { doing, error, places }) {
      const reason = `${doing}: ${messageOf(error)}`
      log.warn(`Sink task ${reason}`, { ...unit.event, error })
      unit.errors.note(`${doing}${places}: ${messageOf(error)}`, reason)
      const gate = await look(unit)
      const isAnothers = gate?.holder === 'other' && gate.status?.reason !== undefined
      if (gate && !isAnothers) await say(unit, { state: 'RUNNING', version, reason }, gate)
    },
    async lastError(unit) {
      const { event, errors } = unit
      const gate = await look(unit)
      const lastError = errors.newest()
      if (!gate?.status || lastError === undefined) return
      const said = { ...gate.status, lastError, asOf: gate.view.revision }
      await ports.statuses.write(event.connector, event.task, said, gate.status.workerId)
      errors.written()
    },
    async failed({ event, view, errors }, version, error) {
      log.error(`Sink task failed: ${messageOf(error)}`, { ...event, error })
      errors.noteFailure(error)
      const now = await viewTask(event, ports)
      if (!now || !sameRun(now, view)) return
      const said = { state: 'FAILED', version, error, lastError: errors.newest() } as const
      await writeStatus(event, now, said, { asOf: now.revision }, ports)
    },
  }
}

/** No worker has this id. */
const NOBODY = ''
