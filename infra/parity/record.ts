/** Plays the session to Kafka Connect itself and keeps its answers in test/fixtures/recorded-session.jsonl. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addresses } from '../stack/addresses.ts'
import { withStack } from '../stack/with-stack.ts'
import { startConnectWorker } from './connect-worker.ts'
import { isMet, play } from './play.ts'

const FIXTURE = join(import.meta.dirname, '../../test/fixtures/recorded-session.jsonl')

// Where in Java's code it happened is nobody's interface.
const firstLineOfTrace = (key: string, value: unknown): unknown =>
  key === 'trace' && typeof value === 'string' ? `${value.split('\n')[0]}\n` : value

await withStack(['kafka'], async () => {
  const { kafka } = addresses()
  const run = `parity-${process.pid}`
  const dir = mkdtempSync(join(tmpdir(), 'parity-'))
  writeFileSync(join(dir, 'lines.txt'), 'one\ntwo\nthree\n')
  const worker = await startConnectWorker(kafka['bootstrap.servers'], run)
  try {
    const exchanges = await play(worker.url, { '{dir}': dir, '{run}': run })
    const unsettled = exchanges.find((one) => one.step.until && !isMet(one.step.until, one))
    if (unsettled) throw new Error(`This did not settle: ${JSON.stringify(unsettled)}`)
    writeFileSync(
      FIXTURE,
      exchanges.map((exchange) => `${JSON.stringify(exchange, firstLineOfTrace)}\n`).join(''),
    )
    process.stdout.write(`${exchanges.length} exchanges recorded\n`)
  } finally {
    await worker.stop()
    rmSync(dir, { recursive: true })
  }
})
