import { closeSync, mkdirSync, openSync, readSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ConfigError, messageOf } from '../errors.ts'
import type { Clock } from '../ports.ts'
import { offsetsPk } from '../store/keys.ts'
import { storesOver } from '../store/stores.ts'
import { workerRows } from '../store/worker-rows.ts'
import type { OpenStores } from './open-stores.ts'
import {
  applicationOf,
  isBusy,
  JOURNAL,
  requireKnownSchema,
  rowsIn,
  STANDALONE,
} from './sqlite-rows.ts'

/**
 * The store of a standalone worker: what it holds of source offsets stays, all else ends with the process, and it is of one process at a time.
 * @throws ConfigError naming `offset.storage.file.filename` when the file is another's, or in use; it is as it was then.
 */
export function openOffsetFile(path: string, clock: Clock): OpenStores {
  try {
    refuseStranger(path)
    mkdirSync(dirname(path), { recursive: true })
    const rows = rowsIn(openAlone(path), path)
    return { ...storesOver(rows, clock), workers: workerRows(rows, clock), close: rows.close }
  } catch (cause) {
    const reason = isBusy(cause) ? 'another process uses this file' : messageOf(cause)
    throw new ConfigError(
      `Invalid value ${path} for configuration offset.storage.file.filename: ${reason}`,
      { cause },
    )
  }
}

const SQLITE = Buffer.from('SQLite format 3\0')
const JAVA_SERIALIZED = Buffer.from([0xac, 0xed, 0x00, 0x05])

/** An empty file is a new one, as for Kafka Connect. */
function refuseStranger(path: string): void {
  const head = headOf(path)
  if (head.length === 0 || head.equals(SQLITE)) return
  if (head.subarray(0, JAVA_SERIALIZED.length).equals(JAVA_SERIALIZED))
    throw new ConfigError(
      "the file holds offsets as Kafka Connect's own standalone worker writes them, which are not read here; name a new file",
    )
  throw new ConfigError('the file is no offset file; name a new one')
}

/** Its first bytes; none where it does not exist. */
function headOf(path: string): Buffer {
  if (!statSync(path, { throwIfNoEntry: false })) return Buffer.alloc(0)
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(SQLITE.length)
    return head.subarray(0, readSync(file, head))
  } finally {
    closeSync(file)
  }
}

/** The lock is held from the first look until the process ends, however it ends. */
function openAlone(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 0 })
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE')
    if (applicationOf(db) !== STANDALONE && hasTables(db))
      throw new ConfigError('the file is a database of something else; name a new one')
    requireKnownSchema(db)
    db.exec(`${JOURNAL}; PRAGMA application_id = ${STANDALONE}`)
    forget(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

const hasTables = (db: DatabaseSync): boolean =>
  db.prepare('SELECT 1 FROM sqlite_master LIMIT 1').get() !== undefined

/** Connectors are in memory only, as Kafka Connect has them; their offsets, and the epochs and versions beside these, stay. */
function forget(db: DatabaseSync): void {
  if (!hasTables(db)) return
  const lasting = offsetsPk('')
  db.prepare('DELETE FROM rows WHERE substr(pk, 1, ?) <> ?').run(lasting.length, lasting)
}
