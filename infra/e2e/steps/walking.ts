import assert from 'node:assert/strict'
import { sample } from '../../demo/sample.ts'
import { fillTables, ordersOf, recordsIn } from '../../demo/world.ts'
import { describeGroups, linesOf } from '../../stack/kafka-tools.ts'
import { storesOf } from '../cloud.ts'
import { everyRowArrives, insertUser } from '../rows.ts'
import type { Scene } from '../scene.ts'
import { until } from '../until.ts'
import { apiOf, type Step } from './step.ts'

const USERS = 20_000
const GROUPS = ['connect-example-sink']

export const walkingFirst: readonly Step[] = [
  {
    title: "the seed's sample configs are taken, and every row arrives in Redis",
    async run(scene) {
      await fillTables(scene.world, USERS)
      for (const config of [sample('example-sink', scene.redis), sample('example-source')])
        await apiOf(scene).request('POST', '/connectors', config)
      await apiOf(scene).waitFor('example-source', 'RUNNING')
      await produced(scene, 'test_user')
      await everyRowArrives(scene.world)
      return `${USERS} rows`
    },
  },
]

export const walkingOn: readonly Step[] = [
  {
    title: 'the sink says which topic it waits for, and takes it up when it comes',
    async run(scene) {
      await until('the sink waits for test_order', 120_000, async () => {
        const { text } = await apiOf(scene).ask('GET', '/connectors/example-sink/status')
        return text.includes('topic test_order does not exist yet')
          ? { found: true }
          : { seen: text }
      })
      const { config } = sample('example-source')
      const orders = { ...config, 'database.tables': 'test_order' }
      await apiOf(scene).request('POST', '/connectors', { name: 'orders-source', config: orders })
      await apiOf(scene).waitFor('orders-source', 'RUNNING')
      await produced(scene, 'test_order')
      await everyRowArrives(scene.world)
      await apiOf(scene).waitFor('example-sink', 'RUNNING')
      return `${ordersOf(USERS)} rows`
    },
  },
  {
    title: 'paused, it delivers nothing; resumed, what came meanwhile',
    async run(scene) {
      const api = apiOf(scene)
      await api.request('PUT', '/connectors/example-sink/pause')
      await api.waitFor('example-sink', 'PAUSED')
      const keys = await scene.world.redis.dbsize()
      await insertUser(scene.world, 'comes to a paused sink')
      await api.request('POST', '/connectors/example-source/restart?includeTasks=true')
      await api.waitFor('example-source', 'RUNNING')
      await produced(scene, 'test_user')
      assert.equal(await scene.world.redis.dbsize(), keys)
      await api.request('PUT', '/connectors/example-sink/resume')
      await api.waitFor('example-sink', 'RUNNING')
      await everyRowArrives(scene.world)
      return undefined
    },
  },
  {
    title:
      "within a minute its schedule fetches what came when the source function had gone home, and Kafka's own kafka-consumer-groups shows both topics under connect-example-sink",
    async run(scene) {
      const since = performance.now()
      const there = await recordsIn(scene.world.admin, 'test_user')
      await goneHome(scene)
      await insertUser(scene.world, 'waits for the schedule')
      const fetched = everyRowArrives(scene.world).then(() => performance.now() - since)
      const [fetchedMs, shown] = await Promise.all([fetched, groupsWith(there)])
      return `fetched after ${(fetchedMs / 1000).toFixed(1)} s\n${shown}`
    },
  },
]

/** What the tool prints once the group has committed so many of test_user, and some of test_order. */
const groupsWith = (users: number): Promise<string> =>
  until(`${GROUPS} has committed both topics`, 90_000, async () => {
    const seen = await describeGroups(GROUPS)
    const committed = new Map(linesOf(GROUPS, seen).map((line) => [line.topic, line.committed]))
    const isDone =
      (committed.get('test_user') ?? 0) >= users && committed.get('test_order') === ordersOf(USERS)
    return isDone ? { found: seen } : { seen }
  })

/** All rows of the table stand in its topic. */
async function produced({ world }: Scene, table: string): Promise<void> {
  await until(`each row of ${table} is in its topic`, 120_000, async () => {
    const [[row]] = (await world.sql.query(`SELECT COUNT(*) n FROM ${table}`)) as unknown as [
      [{ n: number }],
    ]
    const seen = await recordsIn(world.admin, table)
    return seen >= row.n ? { found: seen } : { seen, wanted: row.n }
  })
}

/** The source's task is held by no invocation any more. */
async function goneHome(scene: Scene): Promise<void> {
  const { leases } = await storesOf(scene)
  await until('the source function has returned', 30_000, async () => {
    const seen = await leases.list('example-source')
    return seen.every(({ released }) => released) ? { found: true } : { seen }
  })
}
