import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive, startOf } from './daemon.ts'
import { stackDir } from './records.ts'

// A file for each process that runs something with the stack: its name is the pid, its content when that started.
const usersDir = join(stackDir, 'users')

export const addUser = (): void => {
  mkdirSync(usersDir, { recursive: true })
  writeFileSync(join(usersDir, String(process.pid)), startOf(process.pid)!)
}

export const removeUser = (): void => {
  rmSync(join(usersDir, String(process.pid)), { force: true })
}

/** Whether any process still uses the stack. What a killed one left behind is cleared away. */
export const hasUsers = (): boolean => {
  mkdirSync(usersDir, { recursive: true })
  const dead = readdirSync(usersDir).filter((pid) => !isUser(pid))
  for (const pid of dead) rmSync(join(usersDir, pid), { force: true })
  return readdirSync(usersDir).length > 0
}

const isUser = (pid: string): boolean =>
  isAlive({ pid: Number(pid), started: readFileSync(join(usersDir, pid), 'utf8') })
