import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import mysql from 'mysql2/promise'
import { isRetriable } from '../../lib/errors.ts'
import { numbersTo } from '../numbers-sql.ts'
import { addresses } from '../stack/addresses.ts'

export const DATABASE = 'connectless_demo'
export const REDIS_DATABASE = 5
export const TOPICS = ['test_user', 'test_order'] as const
export const groupOf = (topic: string): string => `connect-example-sink-${topic}`
export const GROUPS = ['connect-example-sink', ...TOPICS.map(groupOf)]

/** The demo's own clients of the three servers: what a user would look with. */
export type World = {
  readonly sql: mysql.Connection
  readonly kafka: Kafka
  readonly admin: Admin
  readonly redis: Redis
  readonly close: () => Promise<void>
}

/** Waits while another holds it: the topics and groups are the sample's own, so there is one at a time. @throws Error when it takes too long. */
export async function openWorld(): Promise<World> {
  const { mysql: at, kafka: brokers, redis: cache } = addresses()
  const sql = await mysql.createConnection({
    host: at.host,
    port: at.port,
    user: at.user,
    password: at.password,
    supportBigNumbers: true,
    multipleStatements: true,
  })
  await alone(sql)
  const kafka = new Kafka({
    clientId: 'demo',
    brokers: brokers['bootstrap.servers'].split(','),
    logLevel: logLevel.NOTHING,
  })
  const admin = kafka.admin()
  await admin.connect()
  const redis = new Redis({ ...cache, db: REDIS_DATABASE })
  return {
    sql,
    kafka,
    admin,
    redis,
    close: async () => {
      await Promise.all([sql.end(), admin.disconnect(), redis.quit()])
    },
  }
}

const WAIT_SECONDS = 600

/** Until the connection ends, however it does. */
async function alone(sql: mysql.Connection): Promise<void> {
  const [[row]] = (await sql.query(
    `SELECT GET_LOCK('connectless_demo', ${WAIT_SECONDS}) taken`,
  )) as unknown as [[{ taken: number | null }]]
  if (row.taken !== 1) throw new Error(`another demo runs on these servers after ${WAIT_SECONDS} s`)
}

/** What an earlier demo left: its database, topics, groups and keys, and nothing else. */
export async function cleanWorld({ sql, admin, redis }: World): Promise<void> {
  await sql.query(
    `DROP DATABASE IF EXISTS ${DATABASE}; CREATE DATABASE ${DATABASE}; USE ${DATABASE}`,
  )
  const topics = (await admin.listTopics()).filter((topic) => TOPICS.some((ours) => ours === topic))
  if (topics.length > 0) await admin.deleteTopics({ topics })
  const groups = (await groupsOf(admin)).filter((id) => GROUPS.includes(id))
  if (groups.length > 0) await admin.deleteGroups(groups)
  for (const topic of TOPICS) {
    const keys = await redis.keys(`${topic}_*`)
    for (let from = 0; from < keys.length; from += 10_000)
      await redis.del(keys.slice(from, from + 10_000))
  }
  while ((await admin.listTopics()).some((topic) => TOPICS.some((ours) => ours === topic)))
    await sleep(100)
}

const LOADING_MS = 60_000

/** Brokers that have just started refuse while they read what they know of groups. kafkajs does not ask again here. */
async function groupsOf(admin: Admin): Promise<string[]> {
  const deadline = performance.now() + LOADING_MS
  for (;;)
    try {
      return (await admin.listGroups()).groups.map(({ groupId }) => groupId)
    } catch (error) {
      if (!isRetriable(error) || performance.now() > deadline) throw error
      await sleep(100)
    }
}

export async function fillTables({ sql }: World, rows: number): Promise<void> {
  await sql.query(`
    CREATE TABLE test_user (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(64) NOT NULL);
    CREATE TABLE test_order (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id BIGINT NOT NULL, amount DECIMAL(10,2) NOT NULL, note VARCHAR(64))`)
  await sql.query(
    `INSERT INTO test_user (name) SELECT CONCAT('user ', n) FROM ${numbersTo(rows)} ORDER BY n`,
  )
  await sql.query(
    `INSERT INTO test_order (user_id, amount, note)
     SELECT n, n / 100, IF(n % 2, NULL, CONCAT('order "', n, '"')) FROM ${numbersTo(ordersOf(rows))} ORDER BY n`,
  )
}

/** One order for every ten users. */
export const ordersOf = (users: number): number => Math.ceil(users / 10)

/** The end of each partition of the topic, summed up; 0 when it does not exist. */
export async function recordsIn(admin: Admin, topic: string): Promise<number> {
  if (!(await admin.listTopics()).includes(topic)) return 0
  const ends = await admin.fetchTopicOffsets(topic)
  return ends.reduce((sum, { high }) => sum + Number(high), 0)
}

/** Of one of the sink's groups: records that are in the topic and not committed yet. */
export async function lagOf(admin: Admin, topic: string): Promise<number> {
  const [committed] = await admin.fetchOffsets({
    groupId: groupOf(topic),
    topics: [topic],
  })
  const done =
    committed?.partitions.reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0) ?? 0
  return (await recordsIn(admin, topic)) - done
}
