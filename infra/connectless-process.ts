import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** `connectless start`, or another command that runs a worker, in a process of its own, as a user starts it. For the demo, the benchmarks and tests that kill it. */
export type ConnectlessProcess = {
  readonly url: string
  readonly process: ChildProcess
  readonly pid: number
  /** Asks the REST API; the answer's JSON, undefined for an empty one. @throws Error with the answer when it is not a success. */
  request(method: string, path: string, body?: unknown): Promise<unknown>
  /** Resolves when the connector and its tasks are in this state. */
  waitFor(connector: string, state: string, timeoutMs?: number): Promise<ConnectorStatus>
  /** SIGTERM, and waits for its end. */
  stop(): Promise<void>
  /** kill -9 */
  kill(): Promise<void>
}

export type ConnectorStatus = {
  readonly name: string
  readonly connector: {
    readonly state: string
    readonly worker_id: string
    readonly trace?: string
    readonly reason?: string
  }
  readonly tasks: readonly {
    readonly id: number
    readonly state: string
    readonly worker_id: string
    readonly trace?: string
    readonly reason?: string
  }[]
  readonly type: string
}

const COMMAND = fileURLToPath(new URL('../bin/connectless.js', import.meta.url))

/** `properties` are worker properties; the log goes to `logFile`. @throws Error with the log's last words when it does not come up. */
export async function startConnectless(
  properties: Readonly<Record<string, string>>,
  logFile: string,
  command: readonly string[] = ['start'],
): Promise<ConnectlessProcess> {
  await mkdir(dirname(logFile), { recursive: true })
  const environment = Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [variableOf(key), value]),
  )
  const child = spawn(process.execPath, [COMMAND, ...command], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log = createWriteStream(logFile, { flags: 'a' })
  const tail: string[] = []
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      log.write(chunk)
      tail.push(chunk.toString())
      tail.splice(0, tail.length - 20)
      const found = /REST API at (http:\S+)/.exec(tail.join(''))
      if (found?.[1]) resolve(found[1])
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', reject)
    child.once('exit', (code) =>
      reject(new Error(`connectless ended with ${code} before it was up:\n${tail.join('')}`)),
    )
  })
  return controlled(child, url)
}

const variableOf = (property: string): string =>
  `CONNECT_${property.replace(/[._-]/g, (sign) => ({ '.': '_', _: '__', '-': '___' })[sign] ?? sign).toUpperCase()}`

function controlled(child: ChildProcess, url: string): ConnectlessProcess {
  const exited = once(child, 'exit')
  const request = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(url + path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await exited
  }
  return {
    url,
    process: child,
    pid: child.pid ?? 0,
    request,
    waitFor: (connector, state, timeoutMs = 30_000) =>
      waitForState(request, connector, state, timeoutMs),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

async function waitForState(
  request: ConnectlessProcess['request'],
  connector: string,
  state: string,
  timeoutMs: number,
): Promise<ConnectorStatus> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    // A connector that was just made may have no status for a moment.
    const answer = await request(
      'GET',
      `/connectors/${encodeURIComponent(connector)}/status`,
    ).catch((error: unknown) => error)
    const status = answer instanceof Error ? undefined : (answer as ConnectorStatus)
    const states = status?.tasks.map((task) => task.state) ?? []
    if (status && states.length > 0 && states.every((one) => one === state)) return status
    if (performance.now() > deadline)
      throw new Error(
        `${connector} is not ${state} after ${timeoutMs} ms: ${answer instanceof Error ? answer.message : JSON.stringify(answer)}`,
      )
    await sleep(50)
  }
}
