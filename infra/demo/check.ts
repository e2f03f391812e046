import type { RowDataPacket } from 'mysql2'
import type { World } from './world.ts'

export type Mismatch = {
  readonly key: string
  readonly want: string
  readonly found: string | null
}

const PAGE = 5_000

/** Compares every row of the table with its key in Redis. The row's JSON is made by the database server, not by the code under test. */
export async function checkTable(
  { sql, redis }: World,
  table: string,
  columns: readonly string[],
): Promise<{ readonly rows: number; readonly mismatches: readonly Mismatch[] }> {
  const members = columns.map((column) => `'${column}', ${column}`).join(', ')
  const mismatches: Mismatch[] = []
  let rows = 0
  for (let after = '0'; ; ) {
    const [page] = await sql.query<RowDataPacket[]>(
      `SELECT CAST(id AS CHAR) id, CAST(JSON_OBJECT(${members}) AS CHAR) json FROM ${table} WHERE id > ${after} ORDER BY ${table}.id LIMIT ${PAGE}`,
    )
    if (page.length === 0) return { rows, mismatches }
    const found = await redis.mget(page.map(({ id }) => `${table}_${id}`))
    for (const [index, { id, json }] of page.entries()) {
      const value = found[index] ?? null
      if (value === null || !sameJson(value, json))
        mismatches.push({ key: `${table}_${id}`, want: json, found: value })
    }
    rows += page.length
    after = page.at(-1)?.id
  }
}

/** Numbers are compared by worth: 1.10 is 1.1. */
const sameJson = (one: string, other: string): boolean => canonical(one) === canonical(other)

const canonical = (text: string): string =>
  JSON.stringify(Object.entries(JSON.parse(text)).sort(([one], [other]) => (one < other ? -1 : 1)))
