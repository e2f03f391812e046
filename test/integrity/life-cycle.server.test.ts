import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { type BenchServers, openServers, until } from '../../infra/bench/servers.ts'
import type { ConnectlessProcess } from '../../infra/connectless-process.ts'
import { addresses } from '../../infra/stack/addresses.ts'
import { beginInserts, type Inserts } from './inserts.ts'
import { privateRedis } from './private-redis.ts'
import { allAre, ask, statusOf, waitForStatus } from './rest-client.ts'
import { idOf, topicContent } from './topic-content.ts'

/** What Kafka Connect's users may count on here: a task sees a pause within a second of it. */
const SEEN_WITHIN_MS = 2_000
const QUIET_MS = 1_500
const RESTARTS = ['restart', 'tasks/0/restart', 'restart?includeTasks=true']

let servers: BenchServers
let connectless: ConnectlessProcess

before(async () => {
  servers = await openServers()
  connectless = await servers.connectless()
})

after(() => servers.close())

const named = (what: string): string => `${servers.name}_${what}`

async function put(path: string, status: number, body?: unknown): Promise<void> {
  const answer = await ask(connectless.url, 'PUT', path, body)
  assert.equal(answer.status, status, answer.text)
}

const isStopped: Parameters<typeof waitForStatus>[2] = ({ connector, tasks }) =>
  connector.state === 'STOPPED' && tasks.length === 0

/** Asserts that a number stands still while work for it goes on, and says what it is. */
async function standsStill(read: () => Promise<number>, what: string): Promise<number> {
  const value = await read()
  await sleep(QUIET_MS)
  assert.equal(await read(), value, `${what} went on`)
  return value
}

const grows = async (read: () => Promise<number>, above: number) =>
  until(async () => (await read()) > above, 25, 10_000)

/** Every row exactly once, and in order within each partition. */
async function assertEachOnce(topic: string, ids: readonly number[]): Promise<void> {
  const content = await topicContent(servers.kafka, topic)
  const last = new Map<number, number>()
  for (const record of content) {
    const id = idOf(record)
    assert.ok(id > (last.get(record.partition) ?? 0), `row ${id} of ${topic} is out of order`)
    last.set(record.partition, id)
  }
  const arrived = new Set(content.map(idOf))
  const missing = ids.filter((id) => !arrived.has(id))
  assert.deepEqual(missing, [], `rows of ${topic} are missing`)
  assert.equal(content.length, ids.length, `rows of ${topic} came twice`)
}

test('a source is paused, resumed, stopped, restarted, changed, deleted and made again while rows are inserted: each row arrives once', async (t) => {
  const [one, two] = [named('one'), named('two')]
  await servers.table(one, 20_000)
  await servers.table(two, 500)
  const name = named('source')
  const path = `/connectors/${name}`
  const ends = () => servers.ends(one)
  const inserts: Inserts = beginInserts(servers, [one, two])
  const config = { ...servers.sourceConfig(one), 'batch.max.rows': '500' }
  const running = () => waitForStatus(connectless.url, name, allAre('RUNNING'), 5_000)
  try {
    await ask(connectless.url, 'POST', '/connectors', { name, config })
    await running()
    await grows(ends, 0)

    await t.test('paused in the midst of a copy: PAUSED, and nothing more is written', async () => {
      await put(`${path}/pause`, 202)
      await waitForStatus(connectless.url, name, allAre('PAUSED'), SEEN_WITHIN_MS)
      await standsStill(ends, 'a paused source')
    })
    await t.test('resumed: it goes on', async () => {
      const before = await ends()
      await put(`${path}/resume`, 202)
      await running()
      await grows(ends, before)
    })
    await t.test('paused and resumed at once, three times', async () => {
      for (let time = 0; time < 3; time++) {
        await put(`${path}/pause`, 202)
        await put(`${path}/resume`, 202)
      }
      const before = await ends()
      await running()
      await grows(ends, before)
    })
    await t.test(
      'stopped: no tasks, and nothing more is written; resumed: it goes on',
      async () => {
        await put(`${path}/stop`, 204)
        await waitForStatus(connectless.url, name, isStopped, SEEN_WITHIN_MS)
        await sleep(1_500) // Its task sees it within a second.
        const before = await standsStill(ends, 'a stopped source')
        await put(`${path}/resume`, 202)
        await running()
        await grows(ends, before)
      },
    )
    await t.test('restarted, and its task too: it goes on', async () => {
      for (const restart of RESTARTS) {
        const { status } = await ask(connectless.url, 'POST', `${path}/${restart}`)
        assert.ok(status === 204 || status === 202)
        const before = await ends()
        await grows(ends, before)
      }
      await running()
    })
    await t.test('given another table: that one is copied too', async () => {
      await put(`${path}/config`, 200, {
        ...config,
        'database.tables': `${one},${two}`,
        'tasks.max': '2',
      })
      await grows(() => servers.ends(two), 500)
      const { status } = await running()
      assert.equal(status.tasks.length, 2)
    })
    await t.test('deleted: gone, and nothing more is written', async () => {
      assert.equal((await ask(connectless.url, 'DELETE', path)).status, 204)
      assert.equal((await ask(connectless.url, 'GET', path)).status, 404)
      assert.equal(await statusOf(connectless.url, name), undefined)
      await sleep(1_500)
      await standsStill(ends, 'a deleted source')
    })
    await t.test('made again under its name: it goes on from the kept offsets', async () => {
      const before = await ends()
      const both = { ...config, 'database.tables': `${one},${two}` }
      const answer = await ask(connectless.url, 'POST', '/connectors', { name, config: both })
      assert.equal(answer.status, 201)
      await running()
      await grows(ends, before)
    })
    await t.test('deleted and made again at once: it goes on', async () => {
      await ask(connectless.url, 'DELETE', path)
      const both = { ...config, 'database.tables': `${one},${two}` }
      const answer = await ask(connectless.url, 'POST', '/connectors', { name, config: both })
      assert.equal(answer.status, 201)
      const before = await ends()
      await grows(ends, before)
      await running()
    })
  } finally {
    await inserts.end()
  }
  await t.test('and in the end every row stands in Kafka once', async () => {
    for (const table of [one, two]) {
      const ids = await inserts.ids(table)
      await until(async () => (await servers.ends(table)) >= ids.length, 50, 20_000)
      await sleep(500)
      await assertEachOnce(table, ids)
    }
    await ask(connectless.url, 'DELETE', path)
  })
})

test('a sink is paused, resumed, stopped, restarted, changed, deleted and made again while records come: each is written once', async (t) => {
  const own = await privateRedis()
  const at = own ?? addresses().redis
  const topics = [named('first'), named('second')] as const
  const [first, second] = topics
  for (const topic of topics)
    await servers.admin.createTopics({ topics: [{ topic, numPartitions: 2 }] })
  const redis = new Redis({
    host: at.host,
    port: at.port,
    ...('password' in at && { password: at.password }),
  })
  const writes = await watchWrites(redis, topics)
  t.after(async () => {
    writes.end()
    await redis.quit()
    await own?.close()
  })
  const name = named('sink')
  const path = `/connectors/${name}`
  const config = {
    'connector.class': 'com.github.taven.sink.ExampleSinkConnector',
    topics: first,
    'redis.host': at.host,
    'redis.port': String(at.port),
    'redis.database': '0',
    'redis.password': ('password' in at && at.password) || '',
  }
  const written = async () => writes.of(first).size
  const running = () => waitForStatus(connectless.url, name, allAre('RUNNING'), 10_000)
  const records = await beginRecords(servers, topics)
  try {
    await ask(connectless.url, 'POST', '/connectors', { name, config })
    await grows(written, 0)
    await running()

    await t.test('paused: PAUSED, and nothing more is written', async () => {
      await put(`${path}/pause`, 202)
      await waitForStatus(connectless.url, name, allAre('PAUSED'), SEEN_WITHIN_MS)
      await sleep(500)
      await standsStill(written, 'a paused sink')
    })
    await t.test('resumed: it goes on', async () => {
      const before = await written()
      await put(`${path}/resume`, 202)
      await grows(written, before)
      await running()
    })
    await t.test(
      'stopped: no tasks, and nothing more is written; resumed: it goes on',
      async () => {
        await put(`${path}/stop`, 204)
        await waitForStatus(connectless.url, name, isStopped, SEEN_WITHIN_MS)
        await sleep(1_500)
        const before = await standsStill(written, 'a stopped sink')
        await put(`${path}/resume`, 202)
        await grows(written, before)
        await running()
      },
    )
    await t.test('restarted again and again: it goes on', async () => {
      for (const restart of Array.from({ length: 5 }, () => RESTARTS).flat()) {
        const { status } = await ask(connectless.url, 'POST', `${path}/${restart}`)
        assert.ok(status === 204 || status === 202)
        const before = await written()
        await grows(written, before)
      }
      await running()
    })
    await t.test('its config changed: it goes on', async () => {
      await put(`${path}/config`, 200, { ...config, 'errors.log.enable': 'true' })
      const before = await written()
      await grows(written, before)
      await running()
    })
    await t.test('deleted: nothing more is written; made again: it goes on', async () => {
      assert.equal((await ask(connectless.url, 'DELETE', path)).status, 204)
      await sleep(1_500)
      const before = await standsStill(written, 'a deleted sink')
      const answer = await ask(connectless.url, 'POST', '/connectors', { name, config })
      assert.equal(answer.status, 201)
      await grows(written, before)
      await running()
    })
  } finally {
    await records.end()
  }
  await t.test('and in the end every record was written once', async () => {
    await until(async () => writes.of(first).size >= records.sent(), 50, 20_000)
    await sleep(500)
    const twice = [...writes.of(first)].filter(([, times]) => times > 1)
    assert.deepEqual(twice, [], 'records were written twice')
  })
  await t.test('given another topic: that one is written too', async () => {
    await put(`${path}/config`, 200, { ...config, topics: topics.join(',') })
    await until(async () => writes.of(second).size >= records.sent(), 50, 20_000)
  })
  await ask(connectless.url, 'DELETE', path)
  await sleep(500)
  const keys = await redis.keys(`${servers.name}*`)
  if (keys.length > 0) await redis.del(keys)
})

/** How often Redis was told to write each key of a topic, as Redis itself tells it. */
async function watchWrites(redis: Redis, topics: readonly string[]) {
  const counts = new Map(topics.map((topic) => [topic, new Map<string, number>()]))
  const monitor = await redis.monitor()
  monitor.on('monitor', (_time: string, command: string[]) => {
    for (const key of keysWrittenBy(command)) {
      const topic = topics.find((one) => key.startsWith(`${one}_`))
      const count = topic && counts.get(topic)
      if (count) count.set(key, (count.get(key) ?? 0) + 1)
    }
  })
  return {
    of: (topic: string) => counts.get(topic) ?? new Map<string, number>(),
    end: () => monitor.disconnect(),
  }
}

/** A script's own commands are told one by one. */
function keysWrittenBy([name = '', ...args]: string[]): string[] {
  if (name.toUpperCase() === 'SET') return args.slice(0, 1)
  return name.toUpperCase() === 'MSET' ? args.filter((_, at) => at % 2 === 0) : []
}

const SCHEMA =
  '{"type":"struct","fields":[{"type":"int32","optional":false,"field":"n"}],"optional":false}'

/** Ten records with new keys into each topic, again and again. */
async function beginRecords({ kafka }: BenchServers, topics: readonly string[]) {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  let sent = 0
  let isOver = false
  const work = async () => {
    while (!isOver) {
      const messages = Array.from({ length: 10 }, (_, at) => ({
        key: `{"schema":{"type":"string","optional":false},"payload":"${sent + at}"}`,
        value: `{"schema":${SCHEMA},"payload":{"n":${sent + at}}}`,
      }))
      for (const topic of topics) await producer.send({ topic, messages })
      sent += messages.length
      await sleep(10)
    }
  }
  const working = work()
  return {
    sent: () => sent,
    async end() {
      isOver = true
      await working
      await producer.disconnect()
    },
  }
}
