import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type mysql from 'mysql2/promise'
import { addresses } from '../stack/addresses.ts'
import type { Bench } from './bench.ts'
import { databasePid, usageOf } from './measured.ts'
import { openServers } from './servers.ts'

const INSERTS = 200
const IDLE_S = 20
const SETTLING_MS = 5_000
const REDIS_DATABASE = 7
const POLL_INTERVAL_MS = 100

/** From a committed row to its key in Redis, one row at a time with the tasks warm; then what an idle table costs. */
export const benchLatency: Bench = async () => {
  const servers = await openServers()
  const redis = new Redis({ ...addresses().redis, db: REDIS_DATABASE })
  try {
    const table = `${servers.name}_latency`
    await servers.table(table, 100)
    const connectless = await servers.connectless()
    await connectless.request('PUT', `/connectors/${table}-sink/config`, {
      'connector.class': 'com.github.taven.sink.ExampleSinkConnector',
      topics: table,
      'redis.host': addresses().redis.host,
      'redis.port': String(addresses().redis.port),
      'redis.database': String(REDIS_DATABASE),
      'redis.password': addresses().redis.password ?? '',
    })
    await connectless.request('PUT', `/connectors/${table}/config`, {
      ...servers.sourceConfig(table),
      'poll.interval.ms': String(POLL_INTERVAL_MS),
    })
    await arrival(redis, `${table}_100`)

    const latencies: number[] = []
    for (let insert = 0; insert < INSERTS; insert++) {
      const [{ insertId }] = await servers.sql.query<mysql.ResultSetHeader>(
        `INSERT INTO ${table} (name) VALUES ('x')`,
      )
      const committedAt = performance.now()
      await arrival(redis, `${table}_${insertId}`)
      latencies.push(performance.now() - committedAt)
      await sleep(Math.random() * 2 * POLL_INTERVAL_MS)
    }
    latencies.sort((one, other) => one - other)

    // With its default poll interval from here on.
    await connectless.request('PUT', `/connectors/${table}/config`, servers.sourceConfig(table))
    await sleep(SETTLING_MS)
    const pids = [connectless.pid, ...databasePid(addresses().mysql.port)]
    const usedBy = () => pids.reduce((sum, pid) => sum + usageOf(pid).cpuSeconds, 0)
    const before = usedBy()
    await sleep(IDLE_S * 1000)
    const idle = (usedBy() - before) / IDLE_S
    return {
      poll_interval_ms: POLL_INTERVAL_MS,
      latency_p50_ms: latencies[INSERTS / 2] ?? Number.NaN,
      latency_p99_ms: latencies[Math.ceil(INSERTS * 0.99) - 1] ?? Number.NaN,
      idle_cpu_percent: idle * 100,
      idle_processes_measured: pids.length,
    }
  } finally {
    const keys = await redis.keys(`${servers.name}*`)
    if (keys.length > 0) await redis.del(keys)
    await redis.quit()
    await servers.close()
  }
}

async function arrival(redis: Redis, key: string): Promise<void> {
  const deadline = performance.now() + 30_000
  while ((await redis.exists(key)) === 0) {
    if (performance.now() > deadline) throw new Error(`${key} is not in Redis after 30 s`)
    await sleep(1)
  }
}
