import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import mysql from 'mysql2/promise'
import { type ConnectlessProcess, startConnectless } from '../connectless-process.ts'
import { numbersTo } from '../numbers-sql.ts'
import { addresses } from '../stack/addresses.ts'

/** What a benchmark makes on the servers, under a name of its own, and removes again. */
export type BenchServers = {
  readonly name: string
  readonly database: string
  readonly sql: mysql.Connection
  readonly admin: Admin
  readonly kafka: Kafka
  table(name: string, rows: number): Promise<void>
  ends(topic: string): Promise<number>
  connectless(properties?: Readonly<Record<string, string>>): Promise<ConnectlessProcess>
  sourceConfig(table: string): Record<string, string>
  close(): Promise<void>
}

export async function openServers(): Promise<BenchServers> {
  const name = `bench_${randomBytes(4).toString('hex')}`
  const at = addresses()
  const sql = await mysql.createConnection({ ...at.mysql, multipleStatements: true })
  await sql.query(`CREATE DATABASE ${name}; USE ${name}`)
  const kafka = new Kafka({
    clientId: name,
    brokers: at.kafka['bootstrap.servers'].split(','),
    logLevel: logLevel.NOTHING,
  })
  const admin = kafka.admin()
  await admin.connect()
  const processes: ConnectlessProcess[] = []
  return {
    name,
    database: name,
    sql,
    admin,
    kafka,
    async table(table, rows) {
      await sql.query(
        `CREATE TABLE ${table} (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(64) NOT NULL)`,
      )
      await sql.query(
        `INSERT INTO ${table} (name) SELECT CONCAT('user ', n - 1) FROM ${numbersTo(rows)} ORDER BY n`,
      )
    },
    async ends(topic) {
      // Asked for a topic that does not exist, the client would try again for seconds.
      if (!(await admin.listTopics()).includes(topic)) return 0
      const offsets = await admin.fetchTopicOffsets(topic)
      return offsets.reduce((sum, { high }) => sum + Number(high), 0)
    },
    async connectless(properties = {}) {
      const process = await startConnectless(
        {
          'bootstrap.servers': at.kafka['bootstrap.servers'],
          listeners: 'http://127.0.0.1:0',
          store: `sqlite:.stack/bench/${name}.db`,
          ...properties,
        },
        `.stack/bench/${name}.log`,
      )
      processes.push(process)
      return process
    },
    sourceConfig: (tables) => ({
      'connector.class': 'com.github.taven.source.ExampleSourceConnector',
      'tasks.max': '1',
      'database.url': `jdbc:mysql://${at.mysql.host}:${at.mysql.port}/${name}`,
      'database.username': at.mysql.user,
      'database.password': at.mysql.password,
      'database.tables': tables,
    }),
    async close() {
      for (const process of processes) await process.stop()
      await sql.query(`DROP DATABASE ${name}`)
      await sql.end()
      const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(name))
      if (topics.length > 0) await admin.deleteTopics({ topics })
      await admin.disconnect()
    },
  }
}

export async function until(
  reached: () => Promise<boolean>,
  everyMs: number,
  limitMs = 300_000,
): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!(await reached())) {
    if (performance.now() > deadline) throw new Error(`not reached within ${limitMs} ms`)
    await sleep(everyMs)
  }
}
