import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { openOffsetFile } from '../../lib/local/offset-file.ts'
import { rowsIn, sqliteRows } from '../../lib/local/sqlite-rows.ts'
import { systemClock } from '../../lib/monitoring/system-clock.ts'
import { type RawRow, rowFormatContract } from '../contract/row-format.ts'

rowFormatContract('SQLite', async (recorded) => {
  const db = new DatabaseSync(':memory:')
  const rows = rowsIn(db, ':memory:')
  const insert = db.prepare('INSERT INTO rows (pk, sk, attributes) VALUES (?, ?, ?)')
  for (const [pk, sk, attributes] of recorded) insert.run(pk, sk, JSON.stringify(attributes))
  const all = db.prepare('SELECT * FROM rows ORDER BY pk, sk')
  const read = async () =>
    all
      .all()
      .map(
        ({ pk, sk, attributes }): RawRow => [
          String(pk),
          String(sk),
          JSON.parse(String(attributes)),
        ],
      )
  return { rows, read }
})

const folder = mkdtempSync(join(tmpdir(), 'connectless-format-'))
after(() => rmSync(folder, { recursive: true }))

/** A file as another release leaves it. */
function fileOf(name: string, userVersion: number): string {
  const path = join(folder, name)
  sqliteRows(path).close()
  const db = new DatabaseSync(path)
  db.exec(`PRAGMA user_version = ${userVersion}`)
  db.close()
  return path
}

test('a file of release 0.1, which has no schema version, is opened and gets one', () => {
  const path = fileOf('older.db', 0)

  sqliteRows(path).close()

  const db = new DatabaseSync(path)
  assert.equal(db.prepare('PRAGMA user_version').get()?.user_version, 1)
  db.close()
})

test("a file whose schema is a newer release's is refused by name, and left as it is", () => {
  const path = fileOf('newer.db', 2)

  assert.throws(() => sqliteRows(path), {
    message: `opening ${path}: it was written by a newer release, in schema 2, and this one reads schemas up to 1: go forward to that release again`,
  })
  const db = new DatabaseSync(path)
  assert.equal(db.prepare('PRAGMA user_version').get()?.user_version, 2)
  db.close()
})

test('so is the offset file of a standalone worker, before its connectors are forgotten', () => {
  const path = join(folder, 'offsets')
  openOffsetFile(path, systemClock).close()
  const db = new DatabaseSync(path)
  db.exec(`PRAGMA user_version = 2; INSERT INTO rows VALUES ('connector#c', 'config', '{}')`)

  assert.throws(
    () => openOffsetFile(path, systemClock),
    /another process uses this file|written by a newer release/,
  )
  const { rows } = db.prepare('SELECT count(*) AS rows FROM rows').get() ?? {}
  db.close()

  assert.throws(() => openOffsetFile(path, systemClock), /written by a newer release, in schema 2/)
  assert.equal(rows, 1)
})
