import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Runs `work` while no other process runs one under the same lock file.
 * An empty SQLite file serves as the lock, since its locks are let go by the system however a process ends.
 */
export const locked = async <Result>(
  file: string,
  work: () => Promise<Result>,
  onWait: () => void,
): Promise<Result> => {
  const lock = new DatabaseSync(file, { timeout: 0 })
  try {
    for (let turn = 0; !take(lock); turn += 1) {
      if (turn === 0) onWait()
      await sleep(100)
    }
    return await work()
  } finally {
    lock.close()
  }
}

const sqliteBusy = 5

const take = (lock: DatabaseSync): boolean => {
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    if ((error as { errcode?: number }).errcode === sqliteBusy) return false
    throw error
  }
}
