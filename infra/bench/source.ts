import type { Bench } from './bench.ts'
import { median, runScript, usageOf } from './measured.ts'
import { openServers, until } from './servers.ts'

const ROUNDS = 3

/** One source task, JSON with schemas, each round in a process just started, in turn with the bare loop in one. */
export const benchSource: Bench = async ({ rows }) => {
  const servers = await openServers()
  try {
    const ours: { rowsPerSecond: number; peakRssMb: number; cpuSeconds: number }[] = []
    const bare: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const [table, bareTable] = [`${servers.name}_${round}`, `${servers.name}_bare_${round}`]
      await servers.table(table, rows)
      await servers.table(bareTable, rows)
      const loop = await runScript<{ rows: number; seconds: number }>(
        'bare-source.ts',
        bareTable,
        servers.database,
      )
      bare.push(loop.rows / loop.seconds)

      const connectless = await servers.connectless({ store: `sqlite:.stack/bench/${table}.db` })
      const before = usageOf(connectless.pid).cpuSeconds
      const startedAt = performance.now()
      await connectless.request('PUT', `/connectors/${table}/config`, servers.sourceConfig(table))
      await until(async () => (await servers.ends(table)) >= rows, 20)
      const seconds = (performance.now() - startedAt) / 1000
      const { cpuSeconds, peakRssMb } = usageOf(connectless.pid)
      ours.push({ rowsPerSecond: rows / seconds, peakRssMb, cpuSeconds: cpuSeconds - before })
      await connectless.stop()
    }
    const rate = median(ours.map((one) => one.rowsPerSecond))
    return {
      source_rows_per_s: rate,
      bare_loop_rows_per_s: median(bare),
      ratio: median(ours.map((one, round) => one.rowsPerSecond / (bare[round] ?? Number.NaN))),
      peak_rss_mb: Math.max(...ours.map((one) => one.peakRssMb)),
      cpu_s_per_million: (median(ours.map((one) => one.cpuSeconds)) / rows) * 1e6,
      rows,
    }
  } finally {
    await servers.close()
  }
}
