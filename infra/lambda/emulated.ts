import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { lambdaRuntime } from '../stack/lambda-runtime.ts'
import { host } from '../stack/ports.ts'

export type EmulatedFunction = {
  /** What the handler answered. @throws FunctionError when the invocation failed. */
  invoke(event: unknown): Promise<unknown>
  /** The process of Node that runs the handler, from the first invocation on; a failed one may have been replaced. */
  pid(): number
  /** What the function has written, line by line. */
  readonly written: readonly string[]
  /** What the emulator has written about it. */
  readonly reports: readonly string[]
  close(): Promise<void>
}

export type Emulation = {
  /** where the bundle's index.js is */
  readonly folder: string
  /** `name`, or `name:alias` as the ARN that it is invoked by ends. */
  readonly name: string
  readonly timeoutSeconds: number
  readonly memoryMb: number
  /** All that the function sees, but what Lambda itself adds. */
  readonly environment: Readonly<Record<string, string>>
}

/** What Lambda answers in the place of a function that failed. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError'
  readonly answer: {
    readonly errorType: string
    readonly errorMessage: string
    readonly trace?: readonly string[]
  }
  constructor(answer: FunctionError['answer']) {
    super(`${answer.errorType}: ${answer.errorMessage}`)
    this.answer = answer
  }
}

const REPORT = /^(\d\d \w+ \d{4} [\d:,]+ \[[A-Z]+\] \(rapid\)|(START|END|REPORT) RequestId: )/
const START_MS = 10_000
const PATH = '/2015-03-31/functions/function/invocations'

/** A function in AWS's Lambda emulator under this Node, not yet initialized: the first invocation does that. */
export async function emulated(emulation: Emulation): Promise<EmulatedFunction> {
  const { emulator, client } = await lambdaRuntime()
  const [port = 0, api = 0] = await freePorts(2)
  const child = spawn(
    emulator,
    [
      ...['--runtime-interface-emulator-address', `${host}:${port}`],
      ...['--runtime-api-address', `${host}:${api}`],
      ...['--log-level', 'info'],
      ...[process.execPath, client, 'index.handler'],
    ],
    { cwd: emulation.folder, env: environmentOf(emulation), stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const written: string[] = []
  const reports: string[] = []
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (line) => (REPORT.test(line) ? reports : written).push(line))
  await listening(port, child)

  return {
    written,
    reports,
    async invoke(event) {
      const body = JSON.stringify(event)
      const answer = await fetch(`http://${host}:${port}${PATH}`, { method: 'POST', body })
      const text = await answer.text()
      if (text === '')
        throw new Error(`the function did not start: ${written.slice(-20).join('\n')}`)
      const said: unknown = JSON.parse(text)
      if (isFailure(said)) throw new FunctionError(said)
      return said
    },
    pid: () => childrenOf(child.pid ?? 0)[0] ?? Number.NaN,
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      const left = childrenOf(child.pid ?? 0)
      child.kill('SIGTERM')
      await ended
      for (const pid of left) if (existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGKILL')
    },
  }
}

const isFailure = (said: unknown): said is FunctionError['answer'] =>
  typeof said === 'object' && said !== null && 'errorType' in said && 'errorMessage' in said

const environmentOf = ({ folder, name, timeoutSeconds, memoryMb, environment }: Emulation) => ({
  PATH: process.env['PATH'],
  ...environment,
  LAMBDA_TASK_ROOT: folder,
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_TIMEOUT: String(timeoutSeconds),
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
  AWS_LAMBDA_LOG_STREAM_NAME: 'emulated',
})

async function listening(port: number, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_MS
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`Lambda's emulator ended with ${child.exitCode}`)
    if (performance.now() > deadline)
      throw new Error(`Lambda's emulator is not up after ${START_MS} ms`)
    await sleep(10)
  }
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, host)
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })

/** As many as are asked for, free just now. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, host))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/** Each thread of a program may have started some. */
const childrenOf = (pid: number): number[] =>
  globSync(`/proc/${pid}/task/*/children`).flatMap((path) =>
    readFileSync(path, 'utf8').split(' ').filter(Boolean).map(Number),
  )
