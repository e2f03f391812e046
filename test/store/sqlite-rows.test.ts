import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ConnectError, RetriableError } from '../../lib/errors.ts'
import { sqliteRows } from '../../lib/local/sqlite-rows.ts'
import { storesOver } from '../../lib/store/stores.ts'
import { taken, testClock } from '../contract/made-stores.ts'

const folder = mkdtempSync(join(tmpdir(), 'connectless-sqlite-'))
after(() => rmSync(folder, { recursive: true }))

const hammer = fileURLToPath(new URL('./sqlite-hammer.ts', import.meta.url))

test('processes that fight for a lease in one file lose no update and share no epoch', async () => {
  const file = join(folder, 'shared.db')
  const processes = 4
  const rounds = 60

  const outputs = await Promise.all(
    Array.from({ length: processes }, (_, at) =>
      promisify(execFile)(process.execPath, [hammer, file, 'c', `process-${at}`, String(rounds)]),
    ),
  )

  const epochs = outputs.flatMap(({ stdout }): number[] => JSON.parse(stdout))
  assert.deepEqual(
    epochs.toSorted((one, other) => one - other),
    Array.from({ length: processes * rounds }, (_, at) => at + 1),
  )
  const rows = sqliteRows(file)
  const stored = await storesOver(rows, testClock()).offsets.read('c')
  rows.close()
  assert.deepEqual(stored, [
    { partition: { counter: 'shared' }, offset: { value: BigInt(processes * rounds) } },
  ])
})

test('what was written is there when the file is opened again', async () => {
  const file = join(folder, 'again.db')
  const key = { pk: 'p', sk: 's' }
  const rows = sqliteRows(file)
  await rows.putAll([{ ...key, attributes: { a: 1 } }])
  rows.close()

  const again = sqliteRows(file)

  assert.deepEqual(await again.get(key), { a: 1 })
  again.close()
})

const holdLock = (file: string): DatabaseSync => {
  const other = new DatabaseSync(file)
  other.exec('BEGIN IMMEDIATE')
  return other
}

test('a write waits for another process without blocking this one; a read does not wait', async () => {
  const file = join(folder, 'waits.db')
  const rows = sqliteRows(file)
  const key = { pk: 'p', sk: 's' }
  const other = holdLock(file)

  const writing = rows.transact([{ put: { ...key, attributes: { a: 1 } } }])
  const before = await rows.get(key)
  await setTimeout(100)
  other.close()

  assert.equal(before, undefined)
  assert.equal(await writing, true)
  assert.deepEqual(await rows.get(key), { a: 1 })
  rows.close()
})

test('a commit that another process keeps off for seconds is retriable', async () => {
  const file = join(folder, 'stopped.db')
  const rows = sqliteRows(file)
  const stores = storesOver(rows, testClock())
  const lease = await taken(stores, { connector: 'c' })
  const other = holdLock(file)

  const offsets = [{ partition: { a: 1 }, offset: { b: 2n } }]
  await assert.rejects(stores.offsets.commit(lease, offsets), RetriableError)
  other.close()
  await stores.offsets.commit(lease, offsets)

  assert.deepEqual((await stores.offsets.read('c')).length, 1)
  rows.close()
})

test('a file that is none of ours, or cannot be made, is named', () => {
  const text = join(folder, 'text.db')
  writeFileSync(text, 'no database at all, but long enough to look at. '.repeat(50))

  for (const path of [text, join(folder, 'nowhere', 'a.db')])
    assert.throws(
      () => sqliteRows(path),
      (error: unknown) => {
        assert.ok(error instanceof ConnectError)
        assert.ok(error.message.startsWith(`opening ${path}: `), error.message)
        return true
      },
    )
})
