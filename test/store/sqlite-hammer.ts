/**
 * A process that fights for one lease in a file it shares with others: `node sqlite-hammer.ts <file> <connector> <name> <rounds>`.
 * Each time it holds the lease it raises a counter in the offsets by one. It prints its epochs as JSON.
 */
import { setTimeout } from 'node:timers/promises'
import { FencedError } from '../../lib/errors.ts'
import { sqliteRows } from '../../lib/local/sqlite-rows.ts'
import type { Lease } from '../../lib/ports.ts'
import { storesOver } from '../../lib/store/stores.ts'

const [file = '', connector = '', name = '', rounds = ''] = process.argv.slice(2)
const rows = sqliteRows(file)
const { leases, offsets } = storesOver(rows, { now: () => Date.now() })
const partition = { counter: 'shared' }

async function takeInTheEnd(invocation: string): Promise<Lease> {
  for (;;) {
    const wish = { connector, task: 0, owner: name, invocation, generation: 1 }
    const answer = await leases.take({ ...wish, ttlMs: 10_000, invocationEndsAt: 0 })
    if ('taken' in answer) return answer.taken
    await setTimeout(Math.random() * 3)
  }
}

async function raise(lease: Lease): Promise<void> {
  const [stored] = await offsets.read(connector)
  const value = BigInt(stored?.offset.value ?? 0)
  // Time for others to do wrong.
  await setTimeout(0)
  await offsets.commit(lease, [{ partition, offset: { value: value + 1n } }])
}

const epochs: number[] = []
for (let round = 0; round < Number(rounds); round++) {
  const lease = await takeInTheEnd(`${name} ${round}`)
  epochs.push(lease.epoch)
  await raise(lease)
  await leases.release(lease)
  try {
    await offsets.commit(lease, [{ partition, offset: { value: -1 } }])
    throw new Error('a commit after the release was stored')
  } catch (error) {
    if (!(error instanceof FencedError)) throw error
  }
}
rows.close()
process.stdout.write(JSON.stringify(epochs))
