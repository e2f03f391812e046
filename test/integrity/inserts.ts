import { setTimeout as sleep } from 'node:timers/promises'
import type { RowDataPacket } from 'mysql2'
import type { BenchServers } from '../../infra/bench/servers.ts'

export type Inserts = {
  /** Resolves when the last one is committed. */
  end(): Promise<void>
  /** of all rows, in their order; the server leaves gaps */
  ids(table: string): Promise<number[]>
}

const ROWS_AT_ONCE = 100
const EVERY_MS = 20

/** Rows into each of the tables in turn, one transaction at a time, until told to end. */
export function beginInserts(
  { sql }: BenchServers,
  tables: readonly string[],
  { rowsAtOnce = ROWS_AT_ONCE, everyMs = EVERY_MS } = {},
): Inserts {
  const values = Array.from({ length: rowsAtOnce }, () => "('latecomer')").join()
  let isOver = false
  const work = async () => {
    for (let turn = 0; !isOver; turn++) {
      await sql.query(`INSERT INTO ${tables[turn % tables.length]} (name) VALUES ${values}`)
      await sleep(everyMs)
    }
  }
  const working = work()
  return {
    async end() {
      isOver = true
      await working
    },
    async ids(table) {
      const [rows] = await sql.query<RowDataPacket[]>(`SELECT id FROM ${table} ORDER BY id`)
      return rows.map((row) => Number(row['id']))
    },
  }
}
