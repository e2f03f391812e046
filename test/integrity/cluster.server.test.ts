import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BenchServers, openServers, until } from '../../infra/bench/servers.ts'
import type { ConnectlessProcess } from '../../infra/connectless-process.ts'
import { addresses } from '../../infra/stack/addresses.ts'
import { type OpenStores, openStores } from '../../lib/local/open-stores.ts'
import { systemClock } from '../../lib/monitoring/system-clock.ts'
import { dynamodbTable } from '../store/dynamodb-table.ts'
import {
  clusterWorld,
  idOfWorker,
  type ShownTask,
  SOURCE_TASKS,
  sharesOf,
  shownTasks,
} from './cluster-world.ts'
import { watchFencing } from './fencing-watch.ts'

const SHARED_WITHIN_MS = 10_000
const CLEAN_TAKEOVER_MS = 3_000
const TAKEOVER_MS = 20_000
/** Longer for a thorough run: CLUSTER_STOP_MS=30000. Others have to have taken over within it. */
const STOP_MS = Number(process.env.CLUSTER_STOP_MS ?? TAKEOVER_MS)
/** Before the waking: what was left of the keys has been written by then. */
const QUIET_MS = 2_000

let servers: BenchServers

before(async () => {
  servers = await openServers()
})
after(() => servers.close())

type Look = (tasks: readonly ShownTask[]) => boolean

/** How long it takes until the tasks are as wished, asked of a worker each 50 ms; `each` sees every answer. */
async function msUntil(
  url: string,
  isWished: Look,
  limitMs: number,
  each: (tasks: readonly ShownTask[]) => void = () => undefined,
): Promise<number> {
  const since = performance.now()
  for (;;) {
    const tasks = await shownTasks(url)
    each(tasks)
    const ms = Math.round(performance.now() - since)
    if (isWished(tasks)) return ms
    assert.ok(
      ms <= limitMs,
      `not so after ${ms} ms: ${tasks.map((task) => Object.values(task).join(' ')).join('; ')}`,
    )
    await sleep(50)
  }
}

const shares =
  (
    workers: readonly ConnectlessProcess[],
    isWished: (shares: readonly number[]) => boolean,
  ): Look =>
  (tasks) => {
    const all = sharesOf(tasks, workers)
    return all !== undefined && isWished(all)
  }

/** Even, and nothing is anybody else's. */
const fair = (workers: readonly ConnectlessProcess[]): Look =>
  shares(
    workers,
    (all) =>
      all.reduce((sum, one) => sum + one, 0) === SOURCE_TASKS &&
      Math.max(...all) - Math.min(...all) <= 1,
  )

async function lifeOfACluster(t: TestContext, name: string, store: string): Promise<void> {
  const world = clusterWorld(servers, `${servers.name}_${name}`)
  const start = (properties = {}) => servers.connectless({ store, ...properties })
  const rows = await openStores(store, systemClock)
  const fencing = watchFencing(rows)
  let one = await start()
  let two: ConnectlessProcess | undefined
  const both = () => [one, two as ConnectlessProcess]
  const takenOver = async (
    leaving: ConnectlessProcess,
    staying: ConnectlessProcess,
    ms: number,
  ) => {
    const left = idOfWorker(leaving)
    const unassigned = new Set<string>()
    const took = await msUntil(staying.url, fair([staying]), ms, (tasks) => {
      for (const task of tasks)
        if (task.state === 'UNASSIGNED') unassigned.add(`${task.connector}-${task.task}`)
    })
    const tasks = await shownTasks(staying.url)
    assert.deepEqual(
      tasks.filter(({ kind, worker }) => kind === 'source' && worker === left),
      [],
    )
    return { took, unassigned: unassigned.size }
  }
  try {
    await world.create(one.url)
    await msUntil(one.url, fair([one]), 20_000)
    await world.begin()

    await t.test('a second process runs half of the source tasks within 10 s', async (t) => {
      two = await start()
      t.diagnostic(`after ${await msUntil(one.url, fair(both()), SHARED_WITHIN_MS)} ms`)
    })
    await t.test('it is killed: UNASSIGNED, then all run again within 20 s', async (t) => {
      const [, killed] = both() as [ConnectlessProcess, ConnectlessProcess]
      await killed.kill()
      const { took, unassigned } = await takenOver(killed, one, TAKEOVER_MS)
      t.diagnostic(`after ${took} ms, ${unassigned} tasks were UNASSIGNED`)
      assert.ok(unassigned > 0)
    })
    await t.test('started again at its address it has its half again', async (t) => {
      two = await start({ listeners: two?.url })
      t.diagnostic(`after ${await msUntil(one.url, fair(both()), SHARED_WITHIN_MS)} ms`)
    })
    await t.test('killed and started at once, it does not wait for its own leases', async (t) => {
      const [, killed] = both() as [ConnectlessProcess, ConnectlessProcess]
      const before = await epochsOf(rows, idOfWorker(killed))
      await killed.kill()
      two = await start({ listeners: killed.url })
      const since = performance.now()
      const areTaken = async () => {
        const now = await epochsOf(rows)
        return [...before].every(([task, epoch]) => (now.get(task) ?? 0) > epoch)
      }
      await until(areTaken, 50, SHARED_WITHIN_MS)
      await msUntil(one.url, fair(both()), SHARED_WITHIN_MS)
      t.diagnostic(`after ${Math.round(performance.now() - since)} ms`)
    })
    await t.test(
      `one is stopped for ${STOP_MS} ms: the other takes over within 20 s`,
      async (t) => {
        const [stopped, staying] = both() as [ConnectlessProcess, ConnectlessProcess]
        const since = performance.now()
        stopped.process.kill('SIGSTOP')
        const { took, unassigned } = await takenOver(stopped, staying, TAKEOVER_MS)
        t.diagnostic(`after ${took} ms, ${unassigned} tasks were UNASSIGNED`)
        await sleep(Math.max(0, STOP_MS - QUIET_MS - (performance.now() - since)))
        world.nextKeys()
        await sleep(QUIET_MS)
        stopped.process.kill('SIGCONT')
      },
    )
    await t.test('woken, it gets its half again', async (t) => {
      t.diagnostic(`after ${await msUntil(one.url, fair(both()), SHARED_WITHIN_MS)} ms`)
    })
    await t.test('one is told to end: the other goes on within 3 s', async (t) => {
      const [leaving, staying] = both() as [ConnectlessProcess, ConnectlessProcess]
      await leaving.stop()
      const { took } = await takenOver(leaving, staying, CLEAN_TAKEOVER_MS)
      t.diagnostic(`after ${took} ms`)
      one = staying
    })
    await t.test('no row is lost, no version is old', async () => {
      const faults = await world.faults()
      assert.deepEqual(faults.slice(0, 20), [], `${faults.length} faults`)
    })
    await t.test('no offset went back, no status is of who had lost its lease', async () => {
      assert.deepEqual(await fencing.end(), [])
    })
    await world.remove(one.url)
  } finally {
    await fencing.end()
    two?.process.kill('SIGCONT')
    await world.close()
    rows.close()
  }
}

/** Of the leases that are held, by anybody or by this one. */
async function epochsOf(
  { configs, leases }: OpenStores,
  owner?: string,
): Promise<Map<string, number>> {
  const epochs = new Map<string, number>()
  for (const name of await configs.list())
    for (const lease of await leases.list(name))
      if (!lease.released && (owner === undefined || lease.owner === owner))
        epochs.set(`${name}-${lease.task}`, lease.epoch)
  return epochs
}

test('a cluster of two processes over SQLite: shared, killed, stopped, woken, ended', async (t) => {
  await lifeOfACluster(t, 'sqlite', `sqlite:.stack/bench/${servers.name}_cluster.db`)
})

test('a cluster of two processes over DynamoDB: shared, killed, stopped, woken, ended', async (t) => {
  process.env.AWS_ENDPOINT_URL_DYNAMODB = addresses().aws.endpoint
  const table = dynamodbTable()
  try {
    await lifeOfACluster(t, 'dynamodb', `dynamodb:${table.name}`)
  } finally {
    await table.remove()
  }
})
