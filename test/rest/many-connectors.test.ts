/** What UIs ask for all the time, over HTTP from rows in a file, with as many connectors as a large installation has. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { sqliteRows } from '../../lib/local/sqlite-rows.ts'
import { systemClock } from '../../lib/monitoring/system-clock.ts'
import { storesOver } from '../../lib/store/stores.ts'
import { fillStores, nameOf } from './filled-stores.ts'
import { leastMedian } from './rounds.ts'
import { listOf, servedApi } from './served-api.ts'

const TRIES = 7

let folder: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'connectless-many-'))
})

after(() => rm(folder, { recursive: true }))

for (const { connectors, limitMs } of [
  { connectors: 100, limitMs: 150 },
  { connectors: 1_000, limitMs: 1_500 },
])
  test(`${connectors} connectors with ${connectors * 3} tasks are listed with status and info within ${limitMs} ms`, async (t) => {
    const rows = sqliteRows(join(folder, `${connectors}.db`))
    const stores = storesOver(rows, systemClock)
    await fillStores(stores, connectors, systemClock.now())
    const { url, close } = await servedApi(stores)
    try {
      const ms = await leastMedian(limitMs, TRIES, () => listOf(url))
      const listed = await listOf(url)

      t.diagnostic(`median of ${TRIES}: ${ms.toFixed(0)} ms`)
      assert.equal(Object.keys(listed).length, connectors)
      const last = listed[nameOf(connectors - 1)]
      assert.deepEqual(
        last?.status.tasks.map(({ state }) => state),
        ['RUNNING', 'RUNNING', 'RUNNING'],
      )
      assert.equal(last?.info.tasks.length, 3)
      assert.equal(last?.info.config['database.password'], '[hidden]')
      assert.ok(ms < limitMs, `the median of ${TRIES} is ${ms} ms`)
    } finally {
      await close()
      rows.close()
    }
  })
