import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, createConnection } from 'mysql2/promise'
import { addresses } from '../../infra/stack/addresses.ts'
import { parseConfig, type RawConfig } from '../../lib/config/config-def.ts'
import { exampleSource } from '../../lib/connectors/example-source/index.ts'
import type { OffsetMap, SourceRecord } from '../../lib/data/record.ts'
import type { SourceTask } from '../../lib/plugin.ts'

/** A database of a test file's own, and source tasks on it. */
export type TestDatabase = {
  readonly name: string
  readonly sql: Connection
  config(tables: string, more?: RawConfig): RawConfig
  url(parameters?: string, address?: { readonly host: string; readonly port: number }): string
  start(config: RawConfig, given?: Given): Promise<SourceTask>
  /** Ids of the sessions that others have on it. */
  sessions(): Promise<number[]>
  /** The same, once those that have just ended are gone: the server takes a moment to notice. */
  lastingSessions(): Promise<number[]>
  /** Stops every task, and drops it. */
  drop(): Promise<void>
}

export type Given = {
  readonly stored?: Readonly<Record<string, OffsetMap>>
  readonly warnings?: string[]
}

export async function databaseForTest(): Promise<TestDatabase> {
  const { host, port, user, password } = addresses().mysql
  const name = `test_${randomBytes(5).toString('hex')}`
  const sql = await createConnection({ host, port, user, password, multipleStatements: true })
  await sql.query(`CREATE DATABASE ${name}; USE ${name}`)
  const tasks: SourceTask[] = []
  const database: TestDatabase = {
    name,
    sql,
    url: (parameters = 'useSSL=false', at = { host, port }) =>
      `jdbc:mysql://${at.host}:${at.port}/${name}?${parameters}`,
    config: (tables, more = {}) => ({
      'database.url': database.url(),
      'database.username': user,
      'database.password': password,
      'database.tables': tables,
      ...more,
    }),
    async start(config, { stored = {}, warnings = [] } = {}) {
      const task = await exampleSource.startTask(parseConfig(exampleSource.config, config), {
        connector: 'test',
        task: 0,
        warn: (message) => warnings.push(message),
        offsets: async (partitions) =>
          partitions.map(({ currentTable }) => stored[String(currentTable)]),
      })
      tasks.push(task)
      return task
    },
    async sessions() {
      const [rows] = await sql.query(
        'SELECT id FROM information_schema.processlist WHERE db = ? AND id <> CONNECTION_ID()',
        [name],
      )
      return (rows as { id: number }[]).map(({ id }) => id)
    },
    async lastingSessions() {
      for (let looks = 0; looks < 20; looks++) {
        if ((await database.sessions()).length === 0) return []
        await sleep(50)
      }
      return database.sessions()
    },
    async drop() {
      await Promise.all(tasks.map((task) => task.stop()))
      // The server notices a connection that is gone only when it has something to say.
      for (const id of await database.sessions())
        await sql.query(`KILL ${id}`).catch(() => undefined)
      await sql.query(`DROP DATABASE ${name}`)
      await sql.end()
    },
  }
  return database
}

/** Polls until nothing is found. */
export async function drained(task: SourceTask): Promise<SourceRecord[]> {
  const records: SourceRecord[] = []
  for (;;) {
    const page = await task.poll()
    if (page.length === 0) return records
    records.push(...page)
  }
}
