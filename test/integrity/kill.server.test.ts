import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openServers, until } from '../../infra/bench/servers.ts'
import { sqliteRows } from '../../lib/local/sqlite-rows.ts'
import { systemClock } from '../../lib/monitoring/system-clock.ts'
import { storesOver } from '../../lib/store/stores.ts'
import { idOf, topicContent } from './topic-content.ts'

const ROWS = 200_000
const KILLS = 10

test(`kill -9 at ${KILLS} random moments of a copy: every row arrives, and no stored offset is beyond what Kafka has`, async () => {
  const servers = await openServers()
  const table = `${servers.name}_kill`
  const store = `.stack/bench/${table}.db`
  try {
    await servers.table(table, ROWS)
    const kills: { readonly position: number; readonly end: number }[] = []
    let connectless = await servers.connectless({ store: `sqlite:${store}` })
    await connectless.request('PUT', `/connectors/${table}/config`, {
      ...servers.sourceConfig(table),
      // Small pages: a kill falls between pages as well as into one.
      'batch.max.rows': '3000',
    })
    for (let kill = 0; kill < KILLS; kill++) {
      const before = await servers.ends(table)
      const isOver = async () => (await position(store, table)) >= ROWS
      await until(async () => (await servers.ends(table)) > before || (await isOver()), 5)
      await sleep(Math.random() * 150)
      await connectless.kill()
      kills.push({ position: await position(store, table), end: await servers.ends(table) })
      // The same address: the new process knows that the old one is dead.
      connectless = await servers.connectless({
        store: `sqlite:${store}`,
        listeners: connectless.url,
      })
    }
    await until(async () => (await position(store, table)) >= ROWS, 50, 60_000)

    const content = await topicContent(servers.kafka, table)
    const firstOffset = new Map<number, number>()
    for (const record of content) {
      const id = idOf(record)
      if (!firstOffset.has(id)) firstOffset.set(id, record.offset)
    }
    assert.equal(firstOffset.size, ROWS, 'rows are missing in Kafka')
    for (const { position: stored, end } of kills)
      for (let id = 1; id <= stored; id++)
        assert.ok(
          (firstOffset.get(id) ?? Number.POSITIVE_INFINITY) < end,
          `offset ${stored} was stored before row ${id} was in Kafka`,
        )
    const interrupted = kills.filter(({ position: stored }) => stored < ROWS).length
    assert.ok(interrupted >= KILLS / 2, `only ${interrupted} kills fell into the copy`)
  } finally {
    await servers.close()
  }
})

/** What the store itself says, read beside the process. */
async function position(file: string, connector: string): Promise<number> {
  const rows = sqliteRows(file)
  try {
    const [stored] = await storesOver(rows, systemClock).offsets.read(connector)
    return Number(stored?.offset.position ?? 0)
  } finally {
    rows.close()
  }
}
