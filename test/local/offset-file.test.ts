import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { openOffsetFile } from '../../lib/local/offset-file.ts'
import type { OpenStores } from '../../lib/local/open-stores.ts'
import { sqliteRows } from '../../lib/local/sqlite-rows.ts'
import { systemClock } from '../../lib/monitoring/system-clock.ts'

const folder = mkdtempSync(join(tmpdir(), 'offset-file-'))
after(() => rmSync(folder, { recursive: true }))

const partition = { filename: 'f' }
const offset = { position: 7n }

async function fill(stores: OpenStores): Promise<void> {
  await stores.configs.put(
    {
      name: 'c',
      config: { name: 'c' },
      targetState: 'PAUSED',
      version: 1,
      restarts: { connector: 0, tasks: {} },
      deleted: false,
    },
    undefined,
  )
  const taken = await stores.leases.take({
    ...{ connector: 'c', task: 0, owner: 'o', invocation: 'i', generation: 1 },
    ...{ ttlMs: 60_000, invocationEndsAt: systemClock.now() + 60_000 },
  })
  assert.ok('taken' in taken)
  await stores.offsets.commit(taken.taken, [{ partition, offset }])
}

test('offsets stay; connectors, leases and all else are gone when the file is opened again', async () => {
  const path = join(folder, 'new', 'offsets')
  const first = openOffsetFile(path, systemClock)
  await fill(first)
  first.close()

  const second = openOffsetFile(path, systemClock)

  assert.deepEqual(await second.offsets.read('c'), [{ partition, offset }])
  assert.deepEqual(await second.configs.list(), [])
  assert.equal(await second.configs.get('c'), undefined)
  assert.deepEqual(await second.leases.list('c'), [])
  second.close()
})

test('an empty file is a new one', () => {
  const path = join(folder, 'empty')
  writeFileSync(path, '')

  openOffsetFile(path, systemClock).close()

  assert.ok(readFileSync(path).length > 0)
})

const refusal = (path: string, reason: string) => ({
  name: 'ConfigException',
  message: `Invalid value ${path} for configuration offset.storage.file.filename: ${reason}`,
})

for (const { title, content, reason } of [
  {
    title: "Kafka Connect's own offsets",
    content: Buffer.from('aced0005737200116a6176612e7574696c2e486173684d6170', 'hex'),
    reason:
      "the file holds offsets as Kafka Connect's own standalone worker writes them, which are not read here; name a new file",
  },
  { title: 'text', content: 'hello', reason: 'the file is no offset file; name a new one' },
  {
    title: 'a database that breaks off',
    content: 'SQLite format 3\0 and so on',
    reason: 'file is not a database',
  },
])
  test(`refused and left as it is: ${title}`, () => {
    const path = join(folder, title)
    writeFileSync(path, content)

    assert.throws(() => openOffsetFile(path, systemClock), refusal(path, reason))

    assert.deepEqual(readFileSync(path), Buffer.from(content))
    assert.equal(existsSync(`${path}-wal`), false)
  })

test('refused and left as it is: the database of somebody else', () => {
  const path = join(folder, 'other.db')
  const other = new DatabaseSync(path)
  other.exec('CREATE TABLE theirs (id INTEGER)')
  other.close()
  const before = readFileSync(path)

  assert.throws(
    () => openOffsetFile(path, systemClock),
    refusal(path, 'the file is a database of something else; name a new one'),
  )

  assert.deepEqual(readFileSync(path), before)
})

test('refused and left as it is: the store of workers that share one, also while one of them has it', async () => {
  const path = join(folder, 'shared.db')
  const shared = sqliteRows(path)
  await shared.putAll([{ pk: 'a', sk: 'b', attributes: { c: 1 } }])

  assert.throws(() => openOffsetFile(path, systemClock), { name: 'ConfigException' })
  assert.deepEqual(await shared.get({ pk: 'a', sk: 'b' }), { c: 1 })
  shared.close()
  assert.throws(
    () => openOffsetFile(path, systemClock),
    refusal(path, 'the file is a database of something else; name a new one'),
  )

  const again = sqliteRows(path)
  assert.deepEqual(await again.get({ pk: 'a', sk: 'b' }), { c: 1 })
  again.close()
})

test('the file of a standalone worker is no store for others', () => {
  const path = join(folder, 'standalone')
  openOffsetFile(path, systemClock).close()

  assert.throws(() => sqliteRows(path), /it is the offset file of a standalone worker/)
})

test('one process at a time has it, and a killed one has it no more', () => {
  const path = join(folder, 'alone')
  const stores = openOffsetFile(path, systemClock)

  assert.throws(
    () => openOffsetFile(path, systemClock),
    refusal(path, 'another process uses this file'),
  )
  stores.close()
  // Its own end is the hardest there is.
  const killed = spawnSync(process.execPath, [
    '-e',
    `import('${new URL('../../lib/local/offset-file.ts', import.meta.url)}').then(({ openOffsetFile }) => {
      openOffsetFile('${path}', { now: Date.now })
      process.kill(process.pid, 'SIGKILL')
    })`,
  ])
  assert.equal(killed.signal, 'SIGKILL')

  openOffsetFile(path, systemClock).close()
})
