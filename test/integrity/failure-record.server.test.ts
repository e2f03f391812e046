import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lambdaHost } from '../../infra/bench/lambda-host.ts'
import { openServers, until } from '../../infra/bench/servers.ts'
import { idOf, topicContent } from './topic-content.ts'

const ROWS = 5_000
/** Below what a lease lasts, which is what it would take without the record: no schedule fires here. */
const LIMIT_MS = 12_000

test('a source invocation that is killed is replaced by its failure record long before its lease ends, again and again, and no row is lost', async (t) => {
  const servers = await openServers()
  const host = await lambdaHost()
  const table = `${servers.name}_record`
  try {
    await servers.table(table, ROWS)
    await host.create(table, servers.sourceConfig(table))
    await until(async () => (await servers.ends(table)) >= ROWS, 50, 30_000)

    const tookMs: number[] = []
    for (let round = 0; round < 3; round++) {
      const before = await servers.ends(table)
      await servers.sql.query(`INSERT INTO ${table} (name) VALUES ('while it is killed')`)
      assert.equal(host.kill(), 1)
      const killedAt = performance.now()
      await servers.sql.query(`INSERT INTO ${table} (name) VALUES ('after the kill')`)
      await until(async () => (await servers.ends(table)) >= before + 2, 10, 60_000)
      tookMs.push(Math.round(performance.now() - killedAt))
    }

    t.diagnostic(`from kill to record: ${tookMs.join(', ')} ms`)
    const content = await topicContent(servers.kafka, table)
    assert.equal(new Set(content.map(idOf)).size, ROWS + 6)
    for (const ms of tookMs) assert.ok(ms < LIMIT_MS, `${ms} ms`)
  } finally {
    await host.close()
    await servers.close()
  }
})
