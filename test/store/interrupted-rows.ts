import { sqliteRows } from '../../lib/local/sqlite-rows.ts'
import type { Rows } from '../../lib/store/rows.ts'
import { type Stores, storesOver } from '../../lib/store/stores.ts'
import { testClock } from '../contract/made-stores.ts'

export const connector = 'c'

type Event = () => Promise<unknown>

/** Rows in which something happens just before one call of this kind, the first or a later one. */
function interrupted(rows: Rows, call: keyof Rows, event: Event, which: number): Rows {
  let calls = 0
  // Only handed on: each call keeps its own arguments and answer.
  const original = rows[call] as (...args: unknown[]) => Promise<unknown>
  const interruptedCall = async (...args: unknown[]) => {
    calls++
    if (calls === which) await event()
    return original(...args)
  }
  return { ...rows, [call]: interruptedCall }
}

/** Stores of one table: `others` as they are, and `when` something happens on the way. */
export function world() {
  const clock = testClock()
  const rows = sqliteRows(':memory:')
  const others = storesOver(rows, clock)
  const when = (call: keyof Rows, event: Event, which = 1): Stores =>
    storesOver(interrupted(rows, call, event, which), clock)
  return { clock, rows, others, when }
}

export const row = (deleted = false) => ({
  name: connector,
  config: {},
  targetState: 'RUNNING' as const,
  version: 1,
  restarts: { connector: 0, tasks: {} },
  deleted,
})

export const set = (generation: number, texts: readonly string[]) => ({
  generation,
  version: 1,
  configs: texts.map((text) => ({ text })),
})
