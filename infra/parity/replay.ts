/** Plays the recorded session to connectless: in how many answers it equals Kafka Connect, and in which it differs. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startConnectless } from '../connectless-process.ts'
import { addresses } from '../stack/addresses.ts'
import { type Difference, differences } from './compare.ts'
import { type Exchange, play } from './play.ts'

const FIXTURE = join(import.meta.dirname, '../../test/fixtures/recorded-session.jsonl')

export async function replay(): Promise<{
  readonly requests: number
  readonly differences: readonly Difference[]
}> {
  const recorded = readFileSync(FIXTURE, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    // Written by `record.ts`.
    .map((line) => JSON.parse(line) as Exchange)
  const run = `replay-${process.pid}`
  const dir = mkdtempSync(join(tmpdir(), 'replay-'))
  writeFileSync(join(dir, 'lines.txt'), 'one\ntwo\nthree\n')
  const worker = await startConnectless(
    {
      'bootstrap.servers': addresses().kafka['bootstrap.servers'],
      'group.id': run,
      listeners: 'http://127.0.0.1:0',
      store: `sqlite:${dir}/rows.db`,
    },
    join(dir, 'log'),
  )
  try {
    const answered = await play(worker.url, { '{dir}': dir, '{run}': run })
    return { requests: recorded.length, differences: differences(recorded, answered) }
  } finally {
    await worker.stop()
    rmSync(dir, { recursive: true })
  }
}

if (import.meta.main) {
  const { requests, differences: found } = await replay()
  for (const one of found) process.stdout.write(`${JSON.stringify(one)}\n`)
  const equal = requests - found.length
  process.stdout.write(
    `${equal} of ${requests} equal: ${((100 * equal) / requests).toFixed(1)} %\n`,
  )
}
