/** The loop that the source task is measured against: mysql2 → kafkajs, the same bytes, one produce outstanding, nothing else. Prints one JSON line. */
import { Kafka, type Kafka as KafkaClient, logLevel } from 'kafkajs'
import mysql from 'mysql2/promise'
import { addresses } from '../stack/addresses.ts'

const [table = '', database = ''] = process.argv.slice(2)
const PAGE = 10_000
const BATCH = 2_000
const SCHEMA = `{"schema":{"type":"struct","fields":[{"type":"int64","optional":false,"field":"id"},{"type":"string","optional":false,"field":"name"}],"optional":false,"name":"${table}"},"payload":{"id":`
const KEY = '{"schema":{"type":"string","optional":false},"payload":"'

const startedAt = performance.now()
const sql = await mysql.createConnection({
  ...addresses().mysql,
  database,
  rowsAsArray: true,
  supportBigNumbers: true,
  bigNumberStrings: true,
})
const producer = producerOf(
  new Kafka({
    clientId: 'bare',
    brokers: addresses().kafka['bootstrap.servers'].split(','),
    logLevel: logLevel.NOTHING,
  }),
)
await producer.connect()

let total = 0
let next = read('0')
for (;;) {
  const page = await next
  if (page.length === 0) break
  next = read(page.at(-1)?.[0] ?? '0')
  const messages = page.map(([id, name]) => ({
    key: `${KEY}${id}"}`,
    value: `${SCHEMA}${id},"name":${JSON.stringify(name)}}}`,
  }))
  for (let from = 0; from < messages.length; from += BATCH)
    await producer.send({ topic: table, acks: -1, messages: messages.slice(from, from + BATCH) })
  total += page.length
}
const seconds = (performance.now() - startedAt) / 1000
await producer.disconnect()
await sql.end()
process.stdout.write(`${JSON.stringify({ rows: total, seconds })}\n`)

function producerOf(kafka: KafkaClient) {
  return kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: () => () => 0,
  })
}

async function read(after: string): Promise<[string, string][]> {
  const [rows] = await sql.query<mysql.RowDataPacket[]>(
    `SELECT id, name FROM ${table} WHERE id > ? ORDER BY id LIMIT ${PAGE}`,
    [after],
  )
  // Rows as arrays, which the driver's types do not tell.
  return rows as unknown as [string, string][]
}
