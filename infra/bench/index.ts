/** Measures against the local stack, the bare loop in the same run: `npm run bench -- <name> [--rows N] [--json]`. */
import { parseArgs } from 'node:util'
import type { Bench } from './bench.ts'

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  data: async () => (await import('./data.ts')).benchData,
  source: async () => (await import('./source.ts')).benchSource,
  sink: async () => (await import('./sink.ts')).benchSink,
  latency: async () => (await import('./latency.ts')).benchLatency,
  cold: async () => (await import('./cold.ts')).benchCold,
  failover: async () => (await import('./failover.ts')).benchFailover,
}

const { values, positionals } = parseArgs({
  options: {
    rows: { type: 'string', default: '500000' },
    rounds: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const [name = ''] = positionals
const load = BENCHES[name]
const [rows, rounds] = [Number(values.rows), Number(values.rounds)]
const isCount = (value: number) => Number.isSafeInteger(value) && value > 0
if (!load || !isCount(rows) || !isCount(rounds)) {
  process.stderr.write(
    `Usage: npm run bench -- <${Object.keys(BENCHES).join('|')}> [--rows N] [--rounds N] [--json]\n`,
  )
  process.exit(2)
}

const figures = await (await load())({ rows, rounds })
const width = Math.max(...Object.keys(figures).map((figure) => figure.length))
for (const [figure, value] of Object.entries(figures))
  process.stderr.write(`${figure.padEnd(width)} ${shown(value).padStart(12)}\n`)
if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`)
process.exit(0)

function shown(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 3 : 0 })
}
