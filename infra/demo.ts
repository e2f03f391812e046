/** The main job on real servers: rows of MySQL arrive in Redis through Kafka, by the seed's two sample configs. Exit code 0 only if every one did. */
import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { ConnectlessProcess, ConnectorStatus } from './connectless-process.ts'
import { startConnectless } from './connectless-process.ts'
import { checkTable } from './demo/check.ts'
import { type Config, sample } from './demo/sample.ts'
import {
  cleanWorld,
  fillTables,
  groupOf,
  lagOf,
  openWorld,
  ordersOf,
  recordsIn,
  TOPICS,
  type World,
} from './demo/world.ts'
import { addresses } from './stack/addresses.ts'
import { freePort } from './stack/ports.ts'

const LIMIT_MS = 300_000
const PREFERRED_PORT = 8083
const INSERTS = 20

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '100000' } },
  allowPositionals: true,
})
const rows = Number(values.rows)
if (!Number.isSafeInteger(rows) || rows < 1) {
  process.stderr.write(`--rows must be a whole number above 0, not ${values.rows}\n`)
  process.exit(2)
}
process.exit((await demo()) ? 0 : 1)

async function demo(): Promise<boolean> {
  const world = await openWorld()
  await cleanWorld(world)
  say(
    `Filling test_user with ${grouped(rows)} rows and test_order with ${grouped(ordersOf(rows))} …`,
  )
  await fillTables(world, rows)
  rmSync('.stack/demo', { recursive: true, force: true })
  const connectless = await startConnectless(
    {
      'bootstrap.servers': addresses().kafka['bootstrap.servers'],
      listeners: `http://127.0.0.1:${await freePort({ first: PREFERRED_PORT, count: 1 })}`,
      store: 'sqlite:.stack/demo/connectless.db',
    },
    '.stack/demo/connectless.log',
  )
  try {
    say(`connectless is up: ${connectless.url}`)
    return await walkThrough(world, connectless)
  } finally {
    await connectless.stop()
    await cleanWorld(world)
    await world.close()
  }
}

async function walkThrough(world: World, connectless: ConnectlessProcess): Promise<boolean> {
  const [source, sink] = [sample('example-source'), sample('example-sink')]
  const startedAt = performance.now()
  await post(connectless, sink)
  await post(connectless, source)
  await progress(world, connectless, 'example-source', 'test_user', rows, startedAt)

  heading('The sink waits for a topic that does not exist yet')
  show(await waitingSink(connectless))
  const orders = {
    name: 'orders-source',
    config: { ...source.config, 'database.tables': 'test_order' },
  }
  await post(connectless, orders)
  await progress(
    world,
    connectless,
    'orders-source',
    'test_order',
    ordersOf(rows),
    performance.now(),
  )

  heading('One record as it stands in Kafka, and in Redis')
  show(await firstRecord(world))
  show({ key: 'test_user_1', value: await world.redis.get('test_user_1') })

  heading(`From an INSERT to its key in Redis, ${INSERTS} times`)
  const latencies = await insertLatencies(world)
  say(
    `  median ${latencies[INSERTS / 2]?.toFixed(0)} ms, longest ${latencies.at(-1)?.toFixed(0)} ms`,
  )

  heading('Status of both, and the lag of each group')
  for (const { name } of [source, sink])
    show(await connectless.request('GET', `/connectors/${name}/status`))
  for (const topic of TOPICS)
    say(`  ${groupOf(topic)}: ${await lagOf(world.admin, topic)} records behind`)

  heading('Check')
  const users = await checkTable(world, 'test_user', ['id', 'name'])
  const ordered = await checkTable(world, 'test_order', ['id', 'user_id', 'amount', 'note'])
  const mismatches = [...users.mismatches, ...ordered.mismatches]
  for (const mismatch of mismatches.slice(0, 5)) say(`  wrong: ${JSON.stringify(mismatch)}`)
  const isComplete = users.rows === rows + INSERTS && mismatches.length === 0
  say(
    isComplete
      ? `  Every one of ${grouped(users.rows + ordered.rows)} rows arrived in Redis with the right value.`
      : `  ${mismatches.length} of ${users.rows + ordered.rows} rows are missing or wrong.`,
  )
  return isComplete
}

async function post(connectless: ConnectlessProcess, config: Config): Promise<void> {
  await connectless.request('POST', '/connectors', config)
  say(`POST /connectors ${config.name}`)
}

async function progress(
  { admin, redis }: World,
  connectless: ConnectlessProcess,
  source: string,
  table: string,
  wanted: number,
  startedAt: number,
): Promise<void> {
  const keysBefore = await redis.dbsize()
  for (;;) {
    const seconds = (performance.now() - startedAt) / 1000
    const keys = (await redis.dbsize()) - keysBefore
    const inKafka = await recordsIn(admin, table)
    const read = await position(connectless, source)
    const rate = Math.round(keys / seconds)
    line(
      `  ${table}: ${grouped(read)} rows stored as read, ${grouped(inKafka)} records in Kafka, ${grouped(keys)} keys in Redis, ${grouped(rate)} rows/s`,
    )
    if (keys >= wanted && read >= wanted) {
      say(
        `\n  ${grouped(wanted)} rows in ${seconds.toFixed(1)} s: ${grouped(Math.round(wanted / seconds))} rows/s from MySQL to Redis`,
      )
      return
    }
    if (seconds * 1000 > LIMIT_MS)
      throw new Error(`${table} is not in Redis after ${LIMIT_MS / 1000} s`)
    await sleep(100)
  }
}

/** Its status once it says what it waits for: the coordinator looks every two seconds. */
async function waitingSink(connectless: ConnectlessProcess): Promise<unknown> {
  for (const deadline = performance.now() + 10_000; ; await sleep(100)) {
    // The shape of Kafka Connect's answer, and our `reason`.
    const status = (await connectless.request(
      'GET',
      '/connectors/example-sink/status',
    )) as ConnectorStatus
    if (status.connector.reason || performance.now() > deadline) return status
  }
}

async function position(connectless: ConnectlessProcess, source: string): Promise<number> {
  // The shape of Kafka Connect's answer, with this connector's offset map.
  const answer = (await connectless.request('GET', `/connectors/${source}/offsets`)) as {
    readonly offsets: readonly { readonly offset: { readonly position: number } }[]
  }
  return answer.offsets[0]?.offset.position ?? 0
}

async function firstRecord({ kafka }: World): Promise<unknown> {
  const consumer = kafka.consumer({ groupId: `demo-${process.pid}` })
  await consumer.connect()
  try {
    await consumer.subscribe({ topic: 'test_user', fromBeginning: true })
    return await new Promise((resolve, reject) => {
      consumer
        .run({
          autoCommit: false,
          eachMessage: async ({ topic, partition, message }) =>
            resolve({
              topic,
              partition,
              offset: message.offset,
              key: message.key?.toString(),
              value: message.value?.toString(),
            }),
        })
        .catch(reject)
    })
  } finally {
    await consumer.disconnect()
  }
}

/** Ascending, ms. */
async function insertLatencies({ sql, redis }: World): Promise<number[]> {
  const latencies: number[] = []
  for (let insert = 1; insert <= INSERTS; insert++) {
    await sql.query(`INSERT INTO test_user (name) VALUES ('latecomer ${insert}')`)
    const insertedAt = performance.now()
    const [[row]] = (await sql.query('SELECT CAST(LAST_INSERT_ID() AS CHAR) id')) as unknown as [
      [{ id: string }],
    ]
    while ((await redis.exists(`test_user_${row.id}`)) === 0) {
      if (performance.now() - insertedAt > 30_000)
        throw new Error(`test_user_${row.id} is not in Redis after 30 s`)
      await sleep(1)
    }
    latencies.push(performance.now() - insertedAt)
    await sleep(Math.random() * 100)
  }
  return latencies.sort((one, other) => one - other)
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

function heading(text: string): void {
  say(`\n${text}`)
}

function show(value: unknown): void {
  say(`  ${JSON.stringify(value)}`)
}

/** Over itself on a terminal, line by line elsewhere. */
function line(text: string): void {
  process.stdout.write(process.stdout.isTTY ? `\r\x1b[K${text}` : `${text}\n`)
}

function grouped(number: number): string {
  return number.toLocaleString('en-US')
}
