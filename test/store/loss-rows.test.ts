import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sqliteRows } from '../../lib/local/sqlite-rows.ts'
import { lostKey } from '../../lib/store/keys.ts'
import { storesOver } from '../../lib/store/stores.ts'
import { newConnector, testClock } from '../contract/made-stores.ts'

test('a count of losses ends by itself, an hour after the last one: the table’s TTL is of its `ttl`', async () => {
  const clock = testClock()
  const rows = sqliteRows(':memory:')
  const { losses, configs } = storesOver(rows, clock)
  const connector = await newConnector(configs)

  await losses.count(connector, 'source-0', 'a')
  clock.advance(30_000)
  await losses.count(connector, 'source-0', 'b')

  const { ttl } = (await rows.get(lostKey(connector, 'source-0'))) ?? {}
  const leftMs = Number(ttl) * 1_000 - clock.now()
  assert.ok(leftMs >= 3_600_000 && leftMs <= 3_601_000, `${leftMs} ms`)
})
