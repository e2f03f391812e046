import { setTimeout as sleep } from 'node:timers/promises'
import { checkTable } from '../demo/check.ts'
import type { World } from '../demo/world.ts'
import { until } from './until.ts'

const ARRIVAL_MS = 120_000
const TABLES = { test_user: ['id', 'name'], test_order: ['id', 'user_id', 'amount', 'note'] }

/** Every row of each table that has a topic is in Redis with the right value; how many there are. @throws Error naming the first that is not. */
export async function everyRowArrives(world: World, limitMs = ARRIVAL_MS): Promise<number> {
  const topics = await world.admin.listTopics()
  const tables = Object.entries(TABLES).filter(([table]) => topics.includes(table))
  const wanted = await rowsIn(
    world,
    tables.map(([table]) => table),
  )
  await until(`${wanted} rows are in Redis`, limitMs, async () => {
    const seen = await world.redis.dbsize()
    return seen >= wanted ? { found: seen } : { seen }
  })
  for (const [table, columns] of tables) {
    const { mismatches } = await checkTable(world, table, columns)
    const [wrong] = mismatches
    if (wrong) throw new Error(`${mismatches.length} rows are wrong: ${JSON.stringify(wrong)}`)
  }
  return wanted
}

async function rowsIn({ sql }: World, tables: readonly string[]): Promise<number> {
  const counts = tables.map((table) => `(SELECT COUNT(*) FROM ${table})`)
  const [[row]] = (await sql.query(`SELECT ${counts.join(' + ')} n`)) as unknown as [
    [{ n: number | string }],
  ]
  return Number(row.n)
}

export async function insertUser({ sql }: World, name: string): Promise<void> {
  await sql.query('INSERT INTO test_user (name) VALUES (?)', [name])
}

const PER_INSERT = 20
const BETWEEN_MS = 25

/** Rows go on coming while this is done, some before its beginning and some after its end. */
export async function whileRowsCome<Result>(
  { sql }: World,
  work: () => Promise<Result>,
): Promise<Result> {
  const done = new AbortController()
  const names = Array.from({ length: PER_INSERT }, (_, at) => [`comes meanwhile ${at}`])
  const insert = () => sql.query('INSERT INTO test_user (name) VALUES ?', [names])
  const coming = (async () => {
    while (!done.signal.aborted) {
      await insert()
      await sleep(BETWEEN_MS)
    }
  })()
  try {
    return await work()
  } finally {
    done.abort()
    await coming
    await insert()
  }
}
