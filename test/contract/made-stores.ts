import { randomUUID } from 'node:crypto'
import type { Lease } from '../../lib/ports.ts'
import type { Stores } from '../../lib/store/stores.ts'

/** Time stands still until a test moves it. */
export type TestClock = { now(): number; advance(ms: number): void }

export type MakeStores = (clock: TestClock) => Promise<Stores>

export function testClock(): TestClock {
  let now = 1_700_000_000_000
  return {
    now: () => now,
    advance(ms) {
      now += ms
    },
  }
}

/** No two tests, and no two runs on one table, meet in a connector. */
export const newName = (): string => `Größe & 順序/#?% ${randomUUID()}`

export const rowNamed = (name: string) =>
  ({
    name,
    config: {},
    targetState: 'RUNNING',
    version: 1,
    restarts: { connector: 0, tasks: {} },
    deleted: false,
  }) as const

/** One that is there: its name. */
export async function newConnector(configs: Stores['configs']): Promise<string> {
  const name = newName()
  await configs.put(rowNamed(name), undefined)
  return name
}

export const TTL_MS = 15_000

/** Takes a lease that must be free. */
export async function taken(
  stores: Stores,
  wish: { connector: string; task?: number; invocation?: string; generation?: number },
): Promise<Lease> {
  const answer = await stores.leases.take(wishOf(wish))
  if ('taken' in answer) return answer.taken
  throw new Error(`not taken: ${JSON.stringify(answer)}`)
}

export const wishOf = (wish: {
  connector: string
  task?: number
  invocation?: string
  generation?: number
}) => ({
  task: 0,
  owner: 'worker-1:8083',
  invocation: 'first',
  generation: 1,
  ttlMs: TTL_MS,
  invocationEndsAt: 1_700_000_900_000,
  ...wish,
})
