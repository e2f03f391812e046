import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { aws } from '../stack/aws.ts'
import { type Daemon, isAlive, startOf, stop } from '../stack/daemon.ts'
import { run } from '../stack/programs.ts'
import { untilReady } from '../stack/ready.ts'
import { serviceDir, stackDir } from '../stack/records.ts'

/** A MiniStack of our own that asks IAM about every call, empty at its start. */
export type Emulator = {
  readonly url: string
  readonly logFile: string
  /** The processes in which a function of this name waits or works. */
  workers(functionName: string): readonly number[]
  stop(): Promise<void>
}

const START_MS = 60_000

/** `environment`: what each function finds in its own, beside what it was deployed with. @throws Error when it does not come up. */
export async function startEmulator(
  port: number,
  environment: Readonly<Record<string, string>>,
): Promise<Emulator> {
  const dir = join(stackDir, 'e2e', 'aws')
  mkdirSync(dir, { recursive: true })
  await installed(dir)
  await aws.prepare({ dir, step: () => Promise.resolve() }, port)
  const logFile = join(dir, 'server.log')
  const daemon = launched(dir, port, logFile, environment)
  const until = { timeoutMs: START_MS, signal: new AbortController().signal }
  try {
    await untilReady(aws, port, { ...until, isRunning: () => isAlive(daemon) })
  } catch (cause) {
    await stop(daemon, 0)
    throw new Error(`MiniStack did not come up: ${logFile}`, { cause })
  }
  return {
    url: aws.address(port).endpoint,
    logFile,
    workers: (functionName) => workersOf(daemon, functionName),
    stop: () => stop(daemon, 5_000),
  }
}

/** That of the stack, where it is there. */
async function installed(dir: string): Promise<void> {
  if (aws.isInstalled(dir)) return
  const name = aws.title.toLowerCase().replace(' ', '-')
  const there = join(serviceDir('aws'), name)
  if (aws.isInstalled(serviceDir('aws')) && existsSync(there))
    return symlinkSync(there, join(dir, name))
  const log = join(dir, 'install.log')
  await aws.install({ dir, step: (_doing, command) => run(command, log) })
}

/** Functions inherit its environment, so it is given none but this: no AWS account of whoever runs us. */
function launched(
  dir: string,
  port: number,
  logFile: string,
  environment: Readonly<Record<string, string>>,
): Daemon {
  const { command, args, cwd, env } = aws.daemon(dir, port)
  const log = openSync(logFile, 'w')
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env['PATH'], HOME: dir, ...env, AUTH: 'true', ...environment },
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.unref()
  const pid = child.pid ?? 0
  return { pid, started: startOf(pid) ?? 'gone' }
}

/** A worker's script lies in a folder named after its function. */
function workersOf({ pid }: Daemon, functionName: string): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
  return stdout.split('\n').flatMap((line) => {
    const [child, parent, ...command] = line.trim().split(/\s+/)
    const isWorker = command.join(' ').includes(`/ministack-lambda-${functionName}-`)
    return Number(parent) === pid && isWorker ? [Number(child)] : []
  })
}
