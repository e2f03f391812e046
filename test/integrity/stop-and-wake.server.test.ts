import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { type BenchServers, openServers, until } from '../../infra/bench/servers.ts'
import type { ConnectlessProcess, ConnectorStatus } from '../../infra/connectless-process.ts'
import { addresses } from '../../infra/stack/addresses.ts'
import { idOf, topicContent } from './topic-content.ts'

/** Longer for a thorough run: STOP_ROUNDS=10 STOP_MS=30000. */
const ROUNDS = Number(process.env.STOP_ROUNDS ?? 2)
const STOP_MS = Number(process.env.STOP_MS ?? 12_000)
const REDIS_DATABASE = 8
const KEYS = 200
/** Before the waking: what was left of a round's keys has been written by then. */
const QUIET_MS = 3_000
const BURST = 100_000

const SETTINGS = {
  'lease.ttl.ms': '5000',
  'lease.renewal.ms': '1000',
  'session.timeout.ms': '6000',
}

test(`a process is stopped in mid-batch ${ROUNDS} times and woken after another has taken over: nothing is lost, no offset goes back, no old value returns`, async () => {
  const servers = await openServers()
  const redis = new Redis({ ...addresses().redis, db: REDIS_DATABASE })
  const table = `${servers.name}_stop`
  const versions = `${servers.name}_versions`
  try {
    await servers.table(table, 1_000)
    await servers.admin.createTopics({ topics: [{ topic: versions, numPartitions: 2 }] })
    const store = `sqlite:.stack/bench/${table}.db`
    const workers = [
      await servers.connectless({ store, ...SETTINGS }),
      await servers.connectless({ store, ...SETTINGS }),
    ]
    const [one] = workers as [ConnectlessProcess, ConnectlessProcess]
    await one.request('PUT', `/connectors/${table}/config`, servers.sourceConfig(table))
    await one.request('PUT', `/connectors/${versions}/config`, sinkConfig(versions))
    await one.waitFor(table, 'RUNNING')
    await one.waitFor(versions, 'RUNNING')

    const load = await beginLoad(servers, table, versions)
    const watch = watchOffsets(servers, workers, table, versions)
    for (let round = 0; round < ROUNDS; round++) {
      await sleep(1_500)
      // In turn the one that holds the source task and the other, which has a share of the sink's partitions.
      const holder = await holderOf(workers, table)
      const victim = round % 2 === 0 ? holder : workers.find((worker) => worker !== holder)
      assert.ok(victim)
      // Full batches, so that the stop falls into the middle of one: they wait for a sink that is resumed.
      await one.request('PUT', `/connectors/${versions}/pause`)
      await one.waitFor(versions, 'PAUSED')
      await load.burst()
      const behind = await lag(servers, versions)
      await one.request('PUT', `/connectors/${versions}/resume`)
      await until(async () => (await lag(servers, versions)) < behind, 5)
      await sleep(Math.random() * 100)
      victim.process.kill('SIGSTOP')
      // The keys of this round get no newer value from here on: an old one that is written after the waking stays.
      await sleep(STOP_MS - QUIET_MS)
      load.nextKeys()
      await sleep(QUIET_MS)
      victim.process.kill('SIGCONT')
    }
    await sleep(1_500)
    const wanted = await load.end()

    await until(async () => (await servers.ends(table)) >= wanted.rows, 100, 60_000)
    await until(async () => (await lag(servers, versions)) === 0, 100, 60_000)
    const settled = async () => {
      const ids = new Set((await topicContent(servers.kafka, table)).map(idOf))
      return ids.size >= wanted.rows
    }
    await until(settled, 500, 60_000)
    // A woken process would by now have written what it still had.
    await sleep(1_000)

    assert.deepEqual(watch.end(), [], 'an offset went back')
    const stale: string[] = []
    for (const [key, version] of wanted.versions) {
      const value = await redis.get(`${versions}_${key}`)
      if (value !== JSON.stringify({ version })) stale.push(`${key}: ${value}, not ${version}`)
    }
    assert.deepEqual(stale, [])
    assert.deepEqual(await redis.keys('connectless:fence:*'), [])
  } finally {
    const keys = await redis.keys(`${servers.name}*`)
    if (keys.length > 0) await redis.del(keys)
    await redis.quit()
    await servers.close()
  }
})

function sinkConfig(topic: string): Record<string, string> {
  const { host, port, password } = addresses().redis
  return {
    'connector.class': 'com.github.taven.sink.ExampleSinkConnector',
    topics: topic,
    'redis.host': host,
    'redis.port': String(port),
    'redis.database': String(REDIS_DATABASE),
    'redis.password': password ?? '',
  }
}

const SCHEMA =
  '{"type":"struct","fields":[{"type":"int64","optional":false,"field":"version"}],"optional":false}'

/** Rows into the table and versions of the same few keys into the topic, until told to end. */
async function beginLoad(servers: BenchServers, table: string, versions: string) {
  const producer = servers.kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  const last = new Map<string, number>()
  let rows = 1_000
  let version = 0
  let round = 0
  let isOver = false
  const produce = async (records: number) => {
    const messages = Array.from({ length: records }, () => {
      version++
      const key = `${round}-${version % KEYS}`
      last.set(key, version)
      return {
        key: `{"schema":{"type":"string","optional":false},"payload":"${key}"}`,
        value: `{"schema":${SCHEMA},"payload":{"version":${version}}}`,
      }
    })
    await producer.send({ topic: versions, messages })
  }
  let producing = Promise.resolve()
  // One call outstanding: an idempotent producer of this client keeps no order otherwise.
  const inTurn = (records: number) => {
    producing = producing.then(() => produce(records))
    return producing
  }
  const work = async () => {
    while (!isOver) {
      await servers.sql.query(`INSERT INTO ${table} (name) SELECT name FROM ${table} LIMIT 1000`)
      rows += 1_000
      await inTurn(1_000)
      await sleep(50)
    }
  }
  const working = work()
  return {
    /** Enough at once that a sink is in the middle of a batch for a while. */
    async burst() {
      for (let sent = 0; sent < BURST; sent += 2_000) await inTurn(2_000)
    },
    nextKeys() {
      round++
    },
    async end() {
      isOver = true
      await working
      await producer.disconnect()
      return { rows, versions: last }
    },
  }
}

function watchOffsets(
  servers: BenchServers,
  workers: readonly ConnectlessProcess[],
  table: string,
  versions: string,
) {
  const violations: string[] = []
  const highest = new Map<string, number>()
  const see = (what: string, value: number) => {
    const before = highest.get(what) ?? -1
    if (value < before) violations.push(`${what}: ${value} after ${before}`)
    highest.set(what, Math.max(before, value))
  }
  let isOver = false
  const watch = async () => {
    while (!isOver) {
      const [group] = await servers.admin.fetchOffsets({
        groupId: `connect-${versions}`,
        topics: [versions],
      })
      for (const { partition, offset } of group?.partitions ?? [])
        see(`${versions}-${partition}`, Number(offset))
      const answer = await offsetsBy(workers, table)
      if (answer !== undefined) see(table, answer)
      await sleep(100)
    }
  }
  watch().catch((error: unknown) => violations.push(String(error)))
  return {
    end() {
      isOver = true
      return violations
    },
  }
}

/** From whichever process answers: a stopped one does not. */
async function offsetsBy(
  workers: readonly ConnectlessProcess[],
  connector: string,
): Promise<number | undefined> {
  return await Promise.any(
    workers.map(async (worker) => {
      const answer = await fetch(`${worker.url}/connectors/${connector}/offsets`, {
        signal: AbortSignal.timeout(2_000),
      })
      const { offsets } = (await answer.json()) as { offsets: { offset: { position: number } }[] }
      return offsets[0]?.offset.position
    }),
  ).catch(() => undefined)
}

async function holderOf(
  workers: readonly ConnectlessProcess[],
  connector: string,
): Promise<ConnectlessProcess> {
  const status = (await workers[0]?.request(
    'GET',
    `/connectors/${connector}/status`,
  )) as ConnectorStatus
  const holder = workers.find(({ url }) => url.endsWith(status.tasks[0]?.worker_id ?? 'nobody'))
  assert.ok(holder, `nobody holds ${connector}: ${JSON.stringify(status)}`)
  return holder
}

async function lag(servers: BenchServers, topic: string): Promise<number> {
  const [group] = await servers.admin.fetchOffsets({ groupId: `connect-${topic}`, topics: [topic] })
  const ends = await servers.admin.fetchTopicOffsets(topic)
  return ends.reduce((sum, { partition, high }) => {
    const committed = group?.partitions.find((one) => one.partition === partition)?.offset ?? '0'
    return sum + Number(high) - Math.max(0, Number(committed))
  }, 0)
}
