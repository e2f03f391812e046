import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BenchServers, openServers, until } from '../../infra/bench/servers.ts'
import type { ConnectlessProcess, ConnectorStatus } from '../../infra/connectless-process.ts'
import { addresses } from '../../infra/stack/addresses.ts'
import { beginInserts, type Inserts } from './inserts.ts'
import { allAre, ask, waitForStatus } from './rest-client.ts'
import { idOf, topicContent } from './topic-content.ts'

const TASKS = 6
const SHARED_WITHIN_MS = 10_000
const CLEAN_TAKEOVER_MS = 3_000
/** lease.ttl.ms, and a look each second. */
const TAKEOVER_MS = 20_000

let servers: BenchServers

before(async () => {
  servers = await openServers()
})

after(() => servers.close())

const idOfWorker = ({ url }: ConnectlessProcess): string => url.replace('http://', '')

const holds = ({ tasks }: ConnectorStatus, worker: ConnectlessProcess): number =>
  tasks.filter(({ worker_id }) => worker_id === idOfWorker(worker)).length

const isShared =
  (counts: readonly number[], among: () => readonly ConnectlessProcess[]) =>
  (status: ConnectorStatus): boolean =>
    allAre('RUNNING')(status) && among().every((worker, at) => holds(status, worker) === counts[at])

test('six source tasks are shared among the processes of one store, and go on where a process ends or is killed', async (t) => {
  const tables = Array.from({ length: TASKS }, (_, at) => `${servers.name}_table_${at}`)
  for (const table of tables) await servers.table(table, 100)
  const name = `${servers.name}_shared`
  const config = { ...servers.sourceConfig(tables.join(',')), 'tasks.max': String(TASKS) }
  const one = await servers.connectless()
  const workers = [one]
  const shared = (counts: readonly number[], limitMs: number) =>
    waitForStatus(
      workers.at(-1)?.url ?? '',
      name,
      isShared(counts, () => workers),
      limitMs,
    )
  const goesOn = async () => {
    const before = await Promise.all(tables.map(servers.ends))
    for (const [at, table] of tables.entries())
      await until(async () => (await servers.ends(table)) > (before[at] ?? 0), 50, 5_000)
  }
  const inserts: Inserts = beginInserts(servers, tables)
  try {
    await ask(one.url, 'POST', '/connectors', { name, config })
    await shared([TASKS], SHARED_WITHIN_MS)

    await t.test('a second process gets half of them', async (t) => {
      workers.push(await servers.connectless())
      const { ms } = await shared([3, 3], SHARED_WITHIN_MS)
      t.diagnostic(`after ${ms} ms`)
      await goesOn()
    })
    await t.test('whichever process is asked, the answer is the same', async () => {
      for (const path of ['/connectors', `/connectors/${name}`, `/connectors/${name}/tasks`]) {
        const [first, second] = await Promise.all(workers.map(({ url }) => ask(url, 'GET', path)))
        assert.deepEqual(first, second)
      }
      const statuses = workers.map(({ url }) => ask(url, 'GET', `/connectors/${name}/status`))
      const [first, second] = await Promise.all(statuses)
      assert.deepEqual(first, second)
    })
    await t.test('a third process gets its share', async (t) => {
      workers.push(await servers.connectless())
      const { ms } = await shared([2, 2, 2], SHARED_WITHIN_MS)
      t.diagnostic(`after ${ms} ms`)
      await goesOn()
    })
    await t.test('one is told to end: its tasks go on elsewhere within 3 s', async (t) => {
      const leaving = workers.pop()
      assert.ok(leaving)
      const since = performance.now()
      await leaving.stop()
      const ended = Math.round(performance.now() - since)
      const { ms } = await shared([3, 3], CLEAN_TAKEOVER_MS)
      t.diagnostic(`ended after ${ended} ms, taken over ${ms} ms after that`)
      await goesOn()
    })
    await t.test('until now nothing was doubled', async () => {
      for (const table of tables) await assertEachOnce(table)
    })
    await t.test('one is killed: its tasks are UNASSIGNED, then go on elsewhere', async (t) => {
      const killed = workers.pop()
      assert.ok(killed)
      const since = performance.now()
      await killed.kill()
      const unassigned = await waitForStatus(
        one.url,
        name,
        ({ tasks }) => tasks.some(({ state }) => state === 'UNASSIGNED'),
        TAKEOVER_MS,
      )
      await shared([TASKS], TAKEOVER_MS)
      const ms = Math.round(performance.now() - since)
      t.diagnostic(`UNASSIGNED after ${unassigned.ms} ms, taken over after ${ms} ms`)
      assert.ok(ms <= TAKEOVER_MS, `taken over after ${ms} ms`)
      await goesOn()
    })
  } finally {
    await inserts.end()
  }
  await t.test('and nothing was lost', async () => {
    for (const table of tables) {
      const ids = await inserts.ids(table)
      await until(async () => (await servers.ends(table)) >= ids.length, 50, 10_000)
      const arrived = new Set((await topicContent(servers.kafka, table)).map(idOf))
      assert.deepEqual(
        ids.filter((id) => !arrived.has(id)),
        [],
      )
    }
    await ask(one.url, 'DELETE', `/connectors/${name}`)
  })
})

async function assertEachOnce(topic: string): Promise<void> {
  const ids = (await topicContent(servers.kafka, topic)).map(idOf)
  assert.equal(new Set(ids).size, ids.length, `rows of ${topic} came twice`)
}

test('the two partitions of a sink are shared by two processes, and both go to the one that is left', async () => {
  const topic = `${servers.name}_sink`
  const group = `connect-${topic}`
  await servers.admin.createTopics({ topics: [{ topic, numPartitions: 2 }] })
  const store = `sqlite:.stack/bench/${topic}.db`
  const workers = [await servers.connectless({ store }), await servers.connectless({ store })]
  const { host, port, password } = addresses().redis
  const config = {
    'connector.class': 'com.github.taven.sink.ExampleSinkConnector',
    topics: topic,
    'redis.host': host,
    'redis.port': String(port),
    'redis.database': '10',
    'redis.password': password ?? '',
  }
  const [one, two] = workers as [ConnectlessProcess, ConnectlessProcess]
  await ask(one.url, 'POST', '/connectors', { name: topic, config })

  await until(async () => String(await partitionsOfMembers(group)) === '1,1', 100, 15_000)
  await two.stop()
  await until(async () => String(await partitionsOfMembers(group)) === '2', 100, 15_000)

  await waitForStatus(one.url, topic, allAre('RUNNING'), 2_000)
  await ask(one.url, 'DELETE', `/connectors/${topic}`)
  await sleep(500)
})

/** How many partitions each member of the group has. */
async function partitionsOfMembers(group: string): Promise<number[]> {
  const { groups } = await servers.admin.describeGroups([group])
  const [described] = groups
  if (described?.state !== 'Stable') return []
  const { AssignerProtocol } = await import('kafkajs')
  return described.members.map(({ memberAssignment }) => {
    const decoded = AssignerProtocol.MemberAssignment.decode(memberAssignment)
    return Object.values(decoded?.assignment ?? {}).flat().length
  })
}
