import assert from 'node:assert/strict'
import { sample } from '../../demo/sample.ts'
import { fillTables, ordersOf } from '../../demo/world.ts'
import { storesOf } from '../cloud.ts'
import { describeGroups, linesOf } from '../consumer-groups.ts'
import { everyRowArrives, insertUser } from '../rows.ts'
import type { Scene } from '../scene.ts'
import { until } from '../until.ts'
import { apiOf, type Step } from './step.ts'

const USERS = 20_000
const TOPICS = ['test_order', 'test_user']
const GROUPS = TOPICS.map((topic) => `connect-example-sink-${topic}`)

export const walking: readonly Step[] = [
  {
    title: "the seed's sample configs are taken, and every row arrives in Redis",
    async run(scene) {
      await fillTables(scene.world, USERS)
      await scene.world.sql.query('RENAME TABLE test_order TO orders_to_come')
      for (const config of [sample('example-sink', scene.redis), sample('example-source')])
        await apiOf(scene).request('POST', '/connectors', config)
      await apiOf(scene).waitFor('example-source', 'RUNNING')
      await arrived(scene, USERS)
      return `${USERS} rows`
    },
  },
  {
    title: 'the sink says which topic it waits for, and takes it up when it comes',
    async run(scene) {
      await until('the sink waits for test_order', 30_000, async () => {
        const { text } = await apiOf(scene).ask('GET', '/connectors/example-sink/status')
        return text.includes('topic test_order does not exist yet')
          ? { found: true }
          : { seen: text }
      })
      await scene.world.sql.query('RENAME TABLE orders_to_come TO test_order')
      const { config } = sample('example-source')
      const orders = { ...config, 'database.tables': 'test_order' }
      await apiOf(scene).request('POST', '/connectors', { name: 'orders-source', config: orders })
      assert.equal(await everyRowArrives(scene.world), USERS + ordersOf(USERS))
      await apiOf(scene).waitFor('example-sink', 'RUNNING')
      return `${ordersOf(USERS)} rows`
    },
  },
  {
    title: "Kafka's own kafka-consumer-groups shows the offsets of both topics",
    async run() {
      return until(`${GROUPS} have committed to the ends of ${TOPICS}`, 90_000, async () => {
        const seen = await describeGroups(GROUPS)
        const lines = linesOf(GROUPS, seen)
        const done = lines.filter(({ lag }) => lag === 0).map(({ topic }) => topic)
        return done.sort().join() === TOPICS.join() ? { found: `\n${seen}` } : { seen }
      })
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
      await produced(scene)
      assert.equal(await scene.world.redis.dbsize(), keys)
      await api.request('PUT', '/connectors/example-sink/resume')
      await api.waitFor('example-sink', 'RUNNING')
      await everyRowArrives(scene.world)
      return undefined
    },
  },
  {
    title: 'a row that comes when the source function has gone home is fetched by its schedule',
    async run(scene) {
      const since = performance.now()
      await goneHome(scene)
      await insertUser(scene.world, 'waits for the schedule')
      await everyRowArrives(scene.world)
      return `${((performance.now() - since) / 1000).toFixed(1)} s`
    },
  },
]

/** Alone the users' table is there yet. */
async function arrived({ world }: Scene, rows: number): Promise<void> {
  await until(`${rows} rows are in Redis`, 120_000, async () => {
    const seen = await world.redis.dbsize()
    return seen >= rows ? { found: seen } : { seen }
  })
}

/** All rows of test_user stand in its topic. */
async function produced({ world }: Scene): Promise<void> {
  await until('the source has produced each row', 90_000, async () => {
    const [[row]] = (await world.sql.query('SELECT COUNT(*) n FROM test_user')) as unknown as [
      [{ n: number }],
    ]
    const ends = await world.admin.fetchTopicOffsets('test_user')
    const seen = ends.reduce((sum, { high }) => sum + Number(high), 0)
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
