import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, host } from '../../infra/stack/ports.ts'
import { which } from '../../infra/stack/programs.ts'
import { redis } from '../../infra/stack/redis.ts'

const FIRST_PORT = 27_380
const LIMIT_MS = 10_000

export type PrivateRedis = {
  readonly host: string
  readonly port: number
  readonly password?: string
  close(): Promise<void>
}

/** A Redis server of a test's own, which keeps nothing; undefined where the program is not installed. */
export async function privateRedis(password?: string): Promise<PrivateRedis | undefined> {
  const program = which('redis-server')
  if (program === undefined) return undefined
  const port = await freePort({ first: FIRST_PORT + 10 * (process.pid % 500), count: 1 })
  const protection = password === undefined ? [] : ['--requirepass', password]
  const args = ['--port', String(port), '--bind', host, '--save', '', '--appendonly', 'no']
  const server = spawn(program, [...args, ...protection], { stdio: 'ignore' })
  const exited = once(server, 'close')
  const address = { host, port, ...(password !== undefined && { password }) }
  const deadline = performance.now() + LIMIT_MS
  while (
    !(await redis.probe(address).then(
      () => true,
      () => false,
    ))
  ) {
    if (performance.now() > deadline) throw new Error(`redis-server does not answer on ${port}`)
    await sleep(25)
  }
  return {
    ...address,
    async close() {
      server.kill()
      await exited
    },
  }
}
