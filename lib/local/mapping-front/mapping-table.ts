import { messageOf } from '../../errors.ts'
import type { Clock, Log } from '../../ports.ts'
import type { Polling } from '../kafka-poller.ts'
import { NOTHING_YET } from './feeding.ts'
import type { StateFile } from './state-file.ts'
import { isPassing, type Passing, pollingIn, type StoredMapping } from './stored-mapping.ts'

/** The mappings there are; each goes by itself from a passing state to the one after it. */
export type MappingTable = {
  all(): readonly StoredMapping[]
  get(uuid: string): StoredMapping | undefined
  /** How its last call of the function ended. */
  resultOf(uuid: string): string
  /** Enters it, or its change, with a state that passes; it is stored when this returns. */
  enter(mapping: Omit<StoredMapping, 'until' | 'modified' | 'state'>, state: Passing): StoredMapping
  /** Ends all polling; the mappings stay as they are. */
  close(): Promise<void>
}

type Row = {
  stored: StoredMapping
  result: string
  /** what it still has to do */
  work: Promise<void>
  polling?: { readonly with: string; readonly stop: () => Promise<void>; readonly of: Polling }
}

export function mappingTable(of: {
  readonly file: StateFile
  readonly delayMs: (state: Passing) => number
  readonly feed: (mapping: StoredMapping, say: (result: string) => void) => Polling
  readonly clock: Clock
  readonly log: Log
}): MappingTable {
  const { file, clock, log } = of
  const rows = new Map<string, Row>()
  const closing = new AbortController()

  function store(stored: StoredMapping | { readonly gone: string }): void {
    if ('gone' in stored) rows.delete(stored.gone)
    else {
      const row = rows.get(stored.uuid)
      if (row) row.stored = stored
      else rows.set(stored.uuid, rowOf(stored))
    }
    file.write([...rows.values()].map((row) => row.stored))
  }

  /** Begins or ends the polling as the state asks for. */
  async function follow(row: Row): Promise<void> {
    const { stored } = row
    const wish = pollingIn(stored)
    if (wish === 'as before') return
    const wanted = pollingWish(stored)
    // A change is in force when its transition has ended.
    const isOther = stored.state === 'Enabled' && row.polling?.with !== wanted
    if (row.polling && (wish === 'off' || isOther)) {
      await row.polling.stop()
      delete row.polling
    }
    if (wish === 'off' || row.polling || closing.signal.aborted) return
    const polling = of.feed(stored, (result) => {
      row.result = result
    })
    row.polling = { with: wanted, of: polling, stop: () => polling.stop() }
  }

  /** Waits for the end of a passing state, and enters the next one once what it ends has ended. */
  async function pass(row: Row): Promise<void> {
    const before = row.stored
    const { uuid, next, until = 0 } = before
    await clock.sleep(until - clock.now(), closing.signal)
    if (closing.signal.aborted) return
    if (next !== 'Enabled') {
      await row.polling?.stop()
      delete row.polling
    }
    if (closing.signal.aborted) return
    if (next === 'gone') return store({ gone: uuid })
    const { until: _, ...rest } = before
    store({ ...rest, state: next, modified: clock.now() })
    await follow(row)
  }

  /** One after the other: a change may come while its forerunner still begins to poll. */
  function begin(row: Row): void {
    row.work = row.work
      .then(() => follow(row))
      .then(() => (isPassing(row.stored) ? pass(row) : undefined))
      .catch((error: unknown) => log.error(`A mapping is stuck: ${messageOf(error)}`, { error }))
  }

  for (const stored of file.read()) rows.set(stored.uuid, rowOf(stored))
  for (const row of rows.values()) begin(row)

  return {
    all: () => [...rows.values()].map(({ stored }) => stored),
    get: (uuid) => rows.get(uuid)?.stored,
    resultOf(uuid) {
      const { polling, result = NOTHING_YET } = rows.get(uuid) ?? {}
      const waiting = polling?.of.waiting()
      return waiting === undefined ? result : `PROBLEM: ${waiting}`
    },
    enter(mapping, state) {
      const now = clock.now()
      store({ ...mapping, state, until: now + of.delayMs(state), modified: now })
      const row = rows.get(mapping.uuid) as Row // just stored
      begin(row)
      return row.stored
    },
    async close() {
      closing.abort()
      const all = [...rows.values()]
      // Those that pass from state to state wait for the last calls.
      for (const { polling } of all) void polling?.stop()
      await Promise.all(all.map(({ work }) => work))
      await Promise.all(all.map(({ polling }) => polling?.stop()))
    },
  }
}

const rowOf = (stored: StoredMapping): Row => ({
  stored,
  result: NOTHING_YET,
  work: Promise.resolve(),
})

/** Another of these, and polling begins anew. */
const pollingWish = ({
  config: { Enabled: _, ...config },
  group,
  function: place,
}: StoredMapping) => JSON.stringify([config, group, place.arn])
