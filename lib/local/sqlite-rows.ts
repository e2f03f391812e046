import { DatabaseSync } from 'node:sqlite'
import { ConnectError, messageOf, RetriableError } from '../errors.ts'
import { backOff } from '../store/back-off.ts'
import { formatted } from '../store/row-format.ts'
import type { Attributes, Change, Condition, Key, Row, Rows } from '../store/rows.ts'

export type SqliteRows = Rows & { close(): void }

/** A file that several processes may share, or `:memory:`. @throws ConnectError when it cannot be opened. */
export function sqliteRows(path: string): SqliteRows {
  try {
    return rowsIn(open(path), path)
  } catch (cause) {
    throw new ConnectError(`opening ${path}: ${messageOf(cause)}`, { cause })
  }
}

/** The rows of a database that is open. */
export const rowsIn = (db: DatabaseSync, path: string): SqliteRows => ({
  ...formatted(plainRows(db, path)),
  close: () => db.close(),
})

function plainRows(db: DatabaseSync, path: string): Rows {
  db.exec(SCHEMA)
  if (schemaVersionOf(db) < SCHEMA_VERSION) db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`)
  db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
  const table = statements(db)
  const within = <T>(work: () => T) => whenFree(path, () => inTransaction(db, work))
  const reading = <T>(work: () => T) => whenFree(path, work)

  return {
    get: (key) => reading(() => table.get(key)),
    query: (pk, prefix) => reading(() => table.query(pk, prefix)),
    sortKeys: (pk, prefix) => reading(() => table.query(pk, prefix).map(({ sk }) => sk)),

    transact: (changes) =>
      within(() => {
        if (!changes.every((change) => holds(table.get(keyOf(change)), change.onlyIf))) return false
        for (const change of changes) {
          if ('put' in change) table.put(change.put)
          if ('remove' in change) table.remove(change.remove)
        }
        return true
      }),

    update: (key, set, onlyIf) =>
      within(() => {
        const before = table.get(key)
        if (!holds(before, onlyIf)) return undefined
        const attributes = { ...before, ...set }
        table.put({ ...key, attributes })
        return attributes
      }),

    putAll: (rows) => within(() => rows.forEach(table.put)),
    removeAll: (keys) => within(() => keys.forEach(table.remove)),
  }
}

const SCHEMA = `CREATE TABLE IF NOT EXISTS rows (
  pk TEXT NOT NULL, sk TEXT NOT NULL, attributes TEXT NOT NULL, PRIMARY KEY (pk, sk)
) STRICT, WITHOUT ROWID`

/** SQLite's `user_version`: of the table, not of what is in its rows. A file without it has the first one. */
const SCHEMA_VERSION = 1

const schemaVersionOf = (db: DatabaseSync): number =>
  Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0)

/** @throws ConnectError for a file whose table a newer release has changed. */
export function requireKnownSchema(db: DatabaseSync): void {
  const version = schemaVersionOf(db)
  if (version > SCHEMA_VERSION)
    throw new ConnectError(
      `it was written by a newer release, in schema ${version}, and this one reads schemas up to ${SCHEMA_VERSION}: go forward to that release again`,
    )
}

// WAL: readers and the writer do not wait for each other. NORMAL: a commit survives the process, and with the
// system's fall the last ones may be gone together, never a part of one.
export const JOURNAL = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL'

/** SQLite's `application_id` of a standalone worker's file, "clso": its connectors go with their process. */
export const STANDALONE = 0x636c736f

export const applicationOf = (db: DatabaseSync): number =>
  Number(db.prepare('PRAGMA application_id').get()?.application_id ?? 0)

/** While it opens it waits for other processes that open it. */
const OPEN_TIMEOUT_MS = 10_000
/** Waiting blocks the process, so it is short; for longer it tries again. */
const BUSY_TIMEOUT_MS = 20

function open(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: OPEN_TIMEOUT_MS })
  if (applicationOf(db) === STANDALONE)
    throw new ConnectError('it is the offset file of a standalone worker')
  requireKnownSchema(db)
  db.exec(JOURNAL)
  return db
}

function statements(db: DatabaseSync) {
  const get = db.prepare('SELECT attributes FROM rows WHERE pk = ? AND sk = ?')
  const from = db.prepare('SELECT sk, attributes FROM rows WHERE pk = ? AND sk >= ? ORDER BY sk')
  const put = db.prepare('INSERT OR REPLACE INTO rows (pk, sk, attributes) VALUES (?, ?, ?)')
  const remove = db.prepare('DELETE FROM rows WHERE pk = ? AND sk = ?')
  return {
    get({ pk, sk }: Key): Attributes | undefined {
      const row = get.get(pk, sk)
      return row && JSON.parse(String(row.attributes))
    },
    query(pk: string, prefix: string): Row[] {
      const rows: Row[] = []
      for (const { sk, attributes } of from.iterate(pk, prefix)) {
        if (!String(sk).startsWith(prefix)) break
        rows.push({ pk, sk: String(sk), attributes: JSON.parse(String(attributes)) })
      }
      return rows
    },
    put({ pk, sk, attributes }: Row): void {
      put.run(pk, sk, JSON.stringify(attributes))
    },
    remove({ pk, sk }: Key): void {
      remove.run(pk, sk)
    },
  }
}

/** The lock is taken at once: what was read inside still holds at the commit. */
function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const done = work()
    db.exec('COMMIT')
    return done
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

function holds(attributes: Attributes | undefined, condition: Condition | undefined): boolean {
  if (condition === undefined) return true
  if (condition === 'absent') return attributes === undefined
  return (
    attributes !== undefined &&
    Object.entries(condition).every(([name, scalar]) => attributes[name] === scalar)
  )
}

const keyOf = (change: Change): Key =>
  'put' in change ? change.put : 'remove' in change ? change.remove : change.check

/** A process that is stopped in the middle of a write holds the lock until it goes on or ends. */
const PATIENCE_MS = 5_000

async function whenFree<T>(path: string, work: () => T): Promise<T> {
  const since = performance.now()
  for (let failures = 1; ; failures++) {
    try {
      return work()
    } catch (cause) {
      const told = `using ${path}: ${messageOf(cause)}`
      if (!isBusy(cause)) throw new ConnectError(told, { cause })
      if (performance.now() - since > PATIENCE_MS) throw new RetriableError(told, { cause })
      await backOff(failures)
    }
  }
}

const SQLITE_BUSY = 5

/** Another process has it. The lower byte is the error's kind, the upper ones are its details. */
export const isBusy = (error: unknown): boolean =>
  error instanceof Error &&
  'errcode' in error &&
  typeof error.errcode === 'number' &&
  (error.errcode & 0xff) === SQLITE_BUSY
