import { Redis } from 'ioredis'
import { addresses } from '../stack/addresses.ts'
import type { Bench } from './bench.ts'
import { median, runScript, usageOf } from './measured.ts'
import { type BenchServers, openServers, until } from './servers.ts'

const ROUNDS = 3
const REDIS_DATABASE = 9

type Run = { readonly records: number; readonly seconds: number }

/**
 * Two things. The sink function alone: events in memory, one batch after another, in turn with a bare ioredis loop that does the same commands.
 * And the whole way: from a topic through the poller and the function until the last key is there, in a process just started.
 */
export const benchSink: Bench = async ({ rows }) => {
  const servers = await openServers()
  const redis = new Redis({ ...addresses().redis, db: REDIS_DATABASE })
  try {
    const rounds: { ours: number; bare: number; parsing: number; sets: number }[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const bare = await loop('bare-sink.ts', 'ready', rows)
      const parsing = await loop('bare-sink.ts', 'parse', rows)
      const sets = await loop('bare-sink.ts', 'set', rows)
      const ours = await loop('function-sink.ts', 'function', rows)
      rounds.push({ ours, bare, parsing, sets })
      await redis.flushdb()
    }
    const whole = await wholeWay(servers, redis, rows)
    return {
      sink_records_per_s: median(rounds.map((one) => one.ours)),
      bare_loop_records_per_s: median(rounds.map((one) => one.sets)),
      ratio: median(rounds.map((one) => one.ours / one.sets)),
      bare_parse_and_mset_records_per_s: median(rounds.map((one) => one.parsing)),
      ratio_to_parse_and_mset: median(rounds.map((one) => one.ours / one.parsing)),
      bare_mset_of_ready_strings_records_per_s: median(rounds.map((one) => one.bare)),
      ratio_to_mset_of_ready_strings: median(rounds.map((one) => one.ours / one.bare)),
      ...whole,
      rows,
    }
  } finally {
    await redis.flushdb()
    await redis.quit()
    await servers.close()
  }
}

async function loop(script: string, mode: string, rows: number): Promise<number> {
  const { records, seconds } = await runScript<Run>(
    script,
    mode,
    String(rows),
    String(REDIS_DATABASE),
  )
  return records / seconds
}

async function wholeWay(servers: BenchServers, redis: Redis, rows: number) {
  const rates: number[] = []
  const peaks: number[] = []
  const cpu: number[] = []
  const table = `${servers.name}_sink`
  await servers.table(table, rows)
  await runScript('bare-source.ts', table, servers.database)
  for (let round = 0; round < ROUNDS; round++) {
    const connectless = await servers.connectless({
      store: `sqlite:.stack/bench/${table}_${round}.db`,
    })
    const startedAt = performance.now()
    await connectless.request('PUT', `/connectors/${table}_${round}/config`, {
      'connector.class': 'com.github.taven.sink.ExampleSinkConnector',
      topics: table,
      'redis.host': addresses().redis.host,
      'redis.port': String(addresses().redis.port),
      'redis.database': String(REDIS_DATABASE),
      'redis.password': addresses().redis.password ?? '',
    })
    await until(async () => (await redis.dbsize()) > 0, 2)
    const firstAt = performance.now()
    await until(async () => (await redis.exists(`${table}_${rows}`)) === 1, 5)
    await until(async () => (await redis.dbsize()) >= rows, 5)
    rates.push(rows / ((performance.now() - firstAt) / 1000))
    const usage = usageOf(connectless.pid)
    peaks.push(usage.peakRssMb)
    cpu.push((usage.cpuSeconds / rows) * 1e6)
    process.stderr.write(`round ${round}: first key after ${Math.round(firstAt - startedAt)} ms\n`)
    await connectless.stop()
    await redis.flushdb()
  }
  return {
    whole_way_records_per_s: median(rates),
    peak_rss_mb: Math.max(...peaks),
    cpu_s_per_million: median(cpu),
  }
}
