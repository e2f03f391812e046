import { createConnector } from '../../infra/lambda/api-request.ts'
import { emulatedDeployment } from '../../infra/lambda/deployment.ts'
import type { EmulatedFunction } from '../../infra/lambda/emulated.ts'
import { numbersTo } from '../../infra/numbers-sql.ts'
import type { KafkaEvent } from '../../lib/data/kafka-event.ts'
import { kafkaEvents } from '../../lib/local/kafka-event.ts'
import { frontOfStack } from '../cloud/mapping-front.ts'
import { databaseForTest } from '../connectors/mysql-for-test.ts'
import { type RedisAddress, redisForTest } from '../connectors/redis-for-test.ts'
import { asAdmin, broker } from '../kafka/kafka-fixture.ts'
import { rawTopic } from './raw-topic.ts'

export type RieWorld = Awaited<ReturnType<typeof rieWorld>>

/** Functions in Lambda's emulator, a database with tables to copy, and the Redis that they go to. */
export async function rieWorld() {
  // What there is when something fails goes again, or this process would not end.
  await using made = new AsyncDisposableStack()
  const deployment = await emulatedDeployment()
  made.defer(deployment.remove)
  const database = await databaseForTest()
  made.defer(database.drop)
  const redis = redisForTest()
  made.defer(redis.clear)
  const tables: string[] = []
  made.defer(() => removeTopics(tables))
  made.defer(() => removeKeys(redis, tables))
  const front = await frontOfStack(0)
  made.defer(front.close)
  const api = await deployment.start('api')
  const coordinator = await deployment.start('coordinator', {
    environment: { AWS_ENDPOINT_URL_LAMBDA: front.url },
  })
  const all = made.move()
  return {
    deployment,
    database,
    redis,
    api,
    coordinator,

    /** Of this name and with so many rows; the topic is called the same. */
    async table(rows: number): Promise<string> {
      const name = `${database.name}_${tables.length}`
      tables.push(name)
      await database.sql.query(
        `CREATE TABLE ${name} (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(64) NOT NULL)`,
      )
      if (rows > 0) await this.insert(name, rows)
      return name
    },

    insert: (table: string, rows: number) =>
      database.sql.query(
        `INSERT INTO ${table} (name) SELECT CONCAT('user ', n) FROM ${numbersTo(rows)} ORDER BY n`,
      ),

    /** Not without gaps: MySQL takes ids by the block. */
    async ids(table: string): Promise<number[]> {
      const [rows] = await database.sql.query(`SELECT id FROM ${table} ORDER BY id`)
      return (rows as { id: number }[]).map(({ id }) => id)
    },

    /** Makes a source and a sink connector of a table, by the REST API, and has the coordinator look at them. */
    async connect(table: string, at: RedisAddress = redisAddress()): Promise<void> {
      const source = database.config(table)
      const sink = { ...redis.config(), 'redis.host': at.host, 'redis.port': String(at.port) }
      await createConnector(api, `source-${table}`, { ...SOURCE, ...source })
      await createConnector(api, `sink-${table}`, { ...SINK, ...sink, topics: table })
      await coordinator.invoke({})
    },

    /** The source function, as a schedule invokes it. */
    runSource: (source: EmulatedFunction, table: string) =>
      source.invoke({ connector: `source-${table}`, task: 0 }),

    /** All of a topic, in the largest batches that Lambda makes. */
    async batches(topic: string, from = 0): Promise<KafkaEvent[]> {
      const records = (await rawTopic(topic)).filter(({ offset }) => offset >= from)
      const place = { bootstrapServers: broker(), topic, partition: 0 }
      return [...kafkaEvents(records, place, LIMITS)].map(({ event }) => event)
    },

    remove: () => all.disposeAsync(),
  }

  function redisAddress(): RedisAddress {
    const { 'redis.host': host, 'redis.port': port } = redis.config()
    return { host: String(host), port: Number(port) }
  }
}

const SOURCE = { 'connector.class': 'com.github.taven.source.ExampleSourceConnector' }
const SINK = { 'connector.class': 'com.github.taven.sink.ExampleSinkConnector' }
const LIMITS = { records: 10_000, bytes: 6_000_000 }

const removeTopics = (tables: readonly string[]) =>
  asAdmin(async (admin) => {
    const there = await admin.listTopics()
    await admin.deleteTopics({ topics: tables.filter((table) => there.includes(table)) })
  })

async function removeKeys(
  { client }: ReturnType<typeof redisForTest>,
  tables: readonly string[],
): Promise<void> {
  for (const table of tables)
    for await (const keys of client.scanStream({ match: `*${table}*`, count: 10_000 }))
      if (keys.length > 0) await client.unlink(keys)
}
