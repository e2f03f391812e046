/**
 * Rows of every kind as this release writes them, one JSON array a row: partition key, sort key, attributes. Recorded once a row format:
 * `node test/store/record-rows.ts > test/fixtures/rows-format-<n>.jsonl`. Rows recorded before are never written anew: later releases read them.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sqliteRows } from '../../lib/local/sqlite-rows.ts'
import type { Status } from '../../lib/ports.ts'
import { storesOver } from '../../lib/store/stores.ts'
import { workerRows } from '../../lib/store/worker-rows.ts'

const clock = { now: () => 1_700_000_000_000 }
const folder = mkdtempSync(join(tmpdir(), 'rows-'))
const file = join(folder, 'rows.db')
const rows = sqliteRows(file)
const stores = storesOver(rows, clock)

const row = {
  targetState: 'RUNNING',
  version: 1,
  restarts: { connector: 0, tasks: {} },
  deleted: false,
} as const

const status: Status = {
  state: 'RUNNING',
  version: '4.3.1',
  workerId: 'connectless-dev-source/2026/11/28/[1]abc',
  since: clock.now(),
  generation: 1,
  restart: 0,
}

async function source(): Promise<void> {
  const name = 'orders'
  const config = { 'connector.class': 'MySqlSource', 'tasks.max': '2', note: 'Größe 順序' }
  const first = await stores.configs.put({ ...row, name, config }, undefined)
  const second = { ...first, config: { ...config, password: 'secret' }, version: 2 }
  await stores.configs.put(second, first.revision)
  const configs = [
    { ...config, tables: 'a' },
    { ...config, tables: 'b' },
  ]
  await stores.tasks.publish(name, { generation: 1, version: 2, configs }, undefined)
  const wish = { connector: name, owner: 'worker-1', generation: 1, ttlMs: 15_000 }
  const ends = { invocationEndsAt: clock.now() + 900_000 }
  const one = await stores.leases.take({ ...wish, ...ends, task: 0, invocation: 'one' })
  if (!('taken' in one)) throw new Error('the lease was not taken')
  await stores.leases.claim(one.taken, 'successor')
  await stores.offsets.commit(one.taken, [
    { partition: { table: 'a' }, offset: { id: 9_007_199_254_740_993n, at: null } },
    { partition: { table: 'Größe '.repeat(200) }, offset: { id: 1n, ratio: 0.5, done: true } },
  ])
  const two = await stores.leases.take({ ...wish, ...ends, task: 1, invocation: 'two' })
  if ('taken' in two) await stores.leases.release(two.taken)
  await stores.statuses.write(name, 'connector', { ...status, generation: 2 })
  await stores.statuses.write(name, 0, status)
  const failure = { trace: 'Error: away\n\tat poll', reason: 'away', lastError: '2026 away' }
  await stores.statuses.write(name, 1, { ...status, ...failure, state: 'FAILED' })
  await stores.activeTopics.add(name, 0, ['orders-a', 'orders-b'])
}

async function sink(): Promise<void> {
  const config = { 'connector.class': 'RedisSink', topics: 'orders-a' }
  const restarts = { connector: 1, tasks: { 0: 2 } }
  await stores.configs.put(
    { ...row, name: 'to redis', config, targetState: 'PAUSED', restarts, topicsReset: 3 },
    undefined,
  )
}

/** What is remembered of one that was cleared away. */
async function former(): Promise<void> {
  const made = await stores.configs.put({ ...row, name: 'former', config: {} }, undefined)
  await stores.tasks.publish('former', { generation: 1, version: 1, configs: [{}] }, undefined)
  const deleted = await stores.configs.put({ ...made, deleted: true }, made.revision)
  await stores.configs.remove('former', deleted.revision)
}

await source()
await sink()
await former()
await stores.logLevels.set(undefined, 'root', 'DEBUG')
await stores.logLevels.set('worker-1', 'org.apache.kafka', 'TRACE')
await workerRows(rows, clock).beat('worker-1', 6_000)
rows.close()

const db = new DatabaseSync(file)
for (const { pk, sk, attributes } of db.prepare('SELECT * FROM rows ORDER BY pk, sk').all())
  process.stdout.write(`${JSON.stringify([pk, sk, JSON.parse(String(attributes))])}\n`)
db.close()
rmSync(folder, { recursive: true })
