import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { addresses } from '../../infra/stack/addresses.ts'
import { program } from '../../infra/stack/programs.ts'
import { closedPort } from '../../infra/tcp-proxy.ts'
import { parseConfig, type RawConfig } from '../../lib/config/config-def.ts'
import { exampleSink } from '../../lib/connectors/example-sink/index.ts'
import type { SinkRecord } from '../../lib/data/record.ts'
import type { Schema } from '../../lib/data/schema.ts'
import type { Value } from '../../lib/data/value.ts'
import type { SinkBatch, SinkTask } from '../../lib/plugin.ts'

export const DATABASE = 11

export type RedisAddress = {
  readonly host: string
  readonly port: number
  readonly password?: string
}

/** Sink tasks on a server, a topic and a connector of a test file's own, and another client to look at what they do. */
export type TestRedis = {
  readonly client: Redis
  readonly topic: string
  readonly connector: string
  config(more?: RawConfig): RawConfig
  start(config?: RawConfig, reported?: Reported[]): Promise<SinkTask>
  record(key: Value, value: Value, more?: Partial<SinkRecord>): SinkRecord
  /** All keys that hold the name of this test. */
  keys(): Promise<string[]>
  /** Stops every task, and removes what they wrote. */
  clear(): Promise<void>
}

export type Reported = { readonly offset: SinkRecord['offset']; readonly error: Error }

export const ROW: Schema = {
  type: 'struct',
  name: 'row',
  fields: [
    { name: 'id', schema: { type: 'int64' } },
    { name: 'name', schema: { type: 'string', optional: true } },
  ],
}

export function redisForTest(at: RedisAddress = addresses().redis): TestRedis {
  const topic = `test_${randomBytes(5).toString('hex')}`
  const connector = `sink-${topic}`
  const client = new Redis({ ...at, db: DATABASE })
  const tasks: SinkTask[] = []
  let offset = 0
  const redis: TestRedis = {
    client,
    topic,
    connector,
    config: (more = {}) => ({
      'redis.host': at.host,
      'redis.port': String(at.port),
      'redis.database': String(DATABASE),
      'redis.password': at.password ?? '',
      ...more,
    }),
    async start(config = redis.config(), reported = []) {
      const task = await exampleSink.startTask(parseConfig(exampleSink.config, config), {
        connector,
        task: 0,
        warn: () => undefined,
        // What is thrown here is an Error.
        reportErrant: async (record, error) => {
          reported.push({ offset: record.offset, error: error as Error })
        },
      })
      tasks.push(task)
      return task
    },
    record: (key, value, more = {}) => ({
      topic,
      partition: 0,
      offset: offset++,
      originalTopic: topic,
      originalPartition: 0,
      timestamp: null,
      timestampType: 'CREATE_TIME',
      headers: [],
      keySchema: { type: 'string' },
      key,
      valueSchema: value === null ? null : ROW,
      value,
      ...more,
    }),
    keys: async () => (await client.keys(`*${topic}*`)).sort(),
    async clear() {
      await Promise.all(tasks.map((task) => task.stop()))
      const keys = await redis.keys()
      if (keys.length > 0) await client.del(keys)
      client.disconnect()
    },
  }
  return redis
}

export const batch = (id: string, remainingMs: () => number = () => 60_000): SinkBatch => ({
  id,
  remainingMs,
})

/** A server of a test's own, for what the shared one must not suffer. */
export type PrivateRedis = RedisAddress & {
  readonly process: ChildProcess
  stop(): Promise<void>
}

export async function privateRedis(...settings: string[]): Promise<PrivateRedis> {
  const port = await closedPort()
  const process = spawn(
    program('redis-server'),
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', ...settings],
    { stdio: 'ignore' },
  )
  const client = new Redis({ port, retryStrategy: () => 50 })
  client.on('error', () => undefined)
  // Any answer will do, be it that a password is needed.
  await client.ping().catch(() => undefined)
  client.disconnect()
  return {
    host: '127.0.0.1',
    port,
    process,
    async stop() {
      const ended = once(process, 'exit')
      process.kill('SIGKILL')
      await ended
    },
  }
}

export async function until(reached: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!(await reached())) {
    if (performance.now() > deadline) throw new Error('not reached within 20 s')
    await sleep(10)
  }
}
