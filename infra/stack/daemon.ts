import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process that outlives us. A pid is used again by the system; pid and start together are not. */
export type Daemon = { readonly pid: number; readonly started: string }

export type Command = {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

const bootIdFile = '/proc/sys/kernel/random/boot_id'

/** Starts a process in a group of its own, its output in a log file; the log of the run before is kept as `.old`. */
export const launch = async (
  { command, args, cwd, env }: Command,
  logFile: string,
): Promise<Daemon> => {
  if (existsSync(logFile)) renameSync(logFile, `${logFile}.old`)
  const log = openSync(logFile, 'a')
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (cause) => reject(new Error(`starting ${command}`, { cause })))
  })
  child.unref()
  const pid = child.pid!
  return { pid, started: startOf(pid) ?? 'gone' }
}

export const isAlive = ({ pid, started }: Daemon): boolean => startOf(pid) === started

/** SIGTERM, a wait, SIGKILL; then whatever is left of its process group. A process that took over the pid is left alone. */
export const stop = async (daemon: Daemon, graceMs: number): Promise<void> => {
  if (isAlive(daemon)) {
    kill(daemon.pid, 'SIGTERM')
    await gone(daemon, graceMs)
  }
  if (isAlive(daemon)) {
    kill(daemon.pid, 'SIGKILL')
    await gone(daemon, 5_000)
  }
  // A number is not given away again while its group has members: with no such process, the group is still ours.
  const isOfThisBoot = daemon.started.startsWith(bootId())
  if (startOf(daemon.pid) === undefined && isOfThisBoot) kill(-daemon.pid, 'SIGKILL')
}

/** When the process with this number started, told apart from those of other boots; undefined when there is none. */
export const startOf = (pid: number): string | undefined =>
  existsSync('/proc/self/stat') ? startInProc(pid) : startInPs(pid)

const bootId = (): string =>
  existsSync(bootIdFile) ? `${readFileSync(bootIdFile, 'utf8').trim()}/` : ''

const startInProc = (pid: number): string | undefined => {
  try {
    // The name, in brackets, may hold spaces. After it: the state (field 3) … the start time in ticks since boot (field 22).
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    return `${bootId()}${fields[19]}`
  } catch {
    return undefined // No such process, or it went while we read.
  }
}

const startInPs = (pid: number): string | undefined => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
  })
  const [state = '', ...start] = (stdout ?? '').trim().split(/\s+/)
  return state === '' || state.startsWith('Z') ? undefined : start.join(' ')
}

const gone = async (daemon: Daemon, timeoutMs: number): Promise<void> => {
  const until = performance.now() + timeoutMs
  while (isAlive(daemon) && performance.now() < until) await sleep(25)
}

const kill = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
