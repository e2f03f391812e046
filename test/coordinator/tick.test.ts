import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { coordinate } from '../../lib/coordinator/coordinate.ts'
import { sqliteRows } from '../../lib/local/sqlite-rows.ts'
import { localTriggers } from '../../lib/local/triggers.ts'
import { systemClock } from '../../lib/monitoring/system-clock.ts'
import { plugins } from '../../lib/registry.ts'
import type { Rows } from '../../lib/store/rows.ts'
import { storesOver } from '../../lib/store/stores.ts'
import { fillStores } from '../rest/filled-stores.ts'
import { leastMedian } from '../rest/rounds.ts'
import { portsForTest } from '../runtime/ports-for-test.ts'

const CONNECTORS = 1_000
/** The local tick comes every 2 s; reads answer within it however many connectors there are. */
const LIMIT_MS = 2_000
const TRIES = 5

test(`a tick over ${CONNECTORS} idle connectors reads each once, changes nothing and takes less than ${LIMIT_MS} ms`, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'connectless-tick-'))
  const rows = sqliteRows(join(folder, 'rows.db'))
  try {
    await fillStores(storesOver(rows, systemClock), CONNECTORS, systemClock.now())
    const reads: string[] = []
    const { ports, woken } = portsOver(counted(rows, reads))
    // The first makes the schedules, the second sees that nothing is left to be done.
    await coordinate({}, ports, plugins)
    await coordinate({}, ports, plugins)
    woken.length = 0
    reads.length = 0
    let ticks = 0
    const ms = await leastMedian(LIMIT_MS, TRIES, () => {
      ticks++
      return coordinate({}, ports, plugins)
    })

    t.diagnostic(`median of ${TRIES}: ${ms.toFixed(0)} ms`)
    assert.deepEqual(woken, [])
    assert.deepEqual(
      reads.filter((read) => read !== 'query' && read !== 'sortKeys'),
      [],
    )
    const perTick = reads.length / ticks
    assert.ok(perTick <= CONNECTORS + 32, `${perTick} reads`)
    assert.ok(ms < LIMIT_MS, `the median of ${TRIES} is ${ms} ms`)
  } finally {
    rows.close()
    await rm(folder, { recursive: true })
  }
})

function portsOver(rows: Rows) {
  const woken: string[] = []
  const base = portsForTest({ clock: systemClock })
  const wake = (name: string) => async () => void woken.push(name)
  const { schedules } = localTriggers(
    () => ({ source: wake('source'), sink: wake('sink'), coordinator: wake('coordinator') }),
    {
      scheduleMs: 1_000,
      coordinatorMs: 1_000,
      fairShare: {
        beat: async () => ({ processes: 1, rank: 0 }),
        makeWay: async () => [],
        leave: async () => undefined,
      },
      leftovers: async () => [],
      watchLevels: async () => undefined,
    },
    systemClock,
    base.log,
  )
  const invoker = {
    source: wake('source'),
    sink: wake('sink'),
    coordinator: wake('coordinator'),
  }
  const mappings = { ...base.mappings, list: async () => [] }
  return {
    woken,
    ports: { ...base, ...storesOver(rows, systemClock), schedules, invoker, mappings },
  }
}

/** Notes each call by its kind. */
const counted = (rows: Rows, calls: string[]): Rows => {
  const noted = <T>(kind: string, call: () => Promise<T>): Promise<T> => {
    calls.push(kind)
    return call()
  }
  return {
    get: (...given) => noted('get', () => rows.get(...given)),
    query: (...given) => noted('query', () => rows.query(...given)),
    sortKeys: (...given) => noted('sortKeys', () => rows.sortKeys(...given)),
    transact: (...given) => noted('transact', () => rows.transact(...given)),
    update: (...given) => noted('update', () => rows.update(...given)),
    putAll: (...given) => noted('putAll', () => rows.putAll(...given)),
    removeAll: (...given) => noted('removeAll', () => rows.removeAll(...given)),
  }
}
