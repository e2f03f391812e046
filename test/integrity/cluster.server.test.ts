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
  type Size,
  sharesOf,
  shownTasks,
} from './cluster-world.ts'
import { watchFencing } from './fencing-watch.ts'

/** Longer for a thorough run: CLUSTER_STOP_MS=30000. */
const STOP_MS = Number(process.env.CLUSTER_STOP_MS ?? 20_000)
/** Before the waking: what was left of the keys has been written by then. */
const QUIET_MS = 2_000

/** With the sink of the versions: 14 source tasks and 6 sink tasks. */
const TWENTY: Size = { sources: [5, 3, 3, 1, 1, 1], sinks: [3, 2] }
/** An emulator answers a hundred calls a second or two, beside other work fewer: its limits are wider. */
const SIX: Size = { sources: [3, 1], sinks: [1] }

let servers: BenchServers

before(async () => {
  servers = await openServers()
})
after(() => servers.close())

type Look = (tasks: readonly ShownTask[]) => boolean

type Asked = { readonly url: string; readonly names: readonly string[]; readonly everyMs: number }

/** How long it takes until the tasks are as wished, asked of a worker again and again; `each` sees every answer. */
async function msUntil(
  { url, names, everyMs }: Asked,
  isWished: Look,
  limitMs: number,
  each: (tasks: readonly ShownTask[]) => void = () => undefined,
): Promise<number> {
  const since = performance.now()
  for (;;) {
    const tasks = await shownTasks(url, names)
    each(tasks)
    const ms = Math.round(performance.now() - since)
    if (isWished(tasks)) return ms
    assert.ok(
      ms <= limitMs,
      `not so after ${ms} ms: ${tasks.map((task) => Object.values(task).join(' ')).join('; ')}`,
    )
    await sleep(everyMs)
  }
}

type Life = {
  readonly name: string
  readonly store: string
  readonly size: Size
  /** how often it is looked at */
  readonly everyMs: number
  readonly within: {
    /** how soon it is shared evenly when a worker comes */
    readonly sharedMs: number
    /** … when one ends */
    readonly cleanMs: number
    /** … when one is dead or stands still */
    readonly takenMs: number
    /** how soon a worker that comes again at its address has its own tasks */
    readonly backMs: number
  }
}

async function lifeOfACluster(t: TestContext, life: Life): Promise<void> {
  const { name, store, size, everyMs, within } = life
  const world = clusterWorld(servers, `${servers.name}_${name}`, size)
  /** All run, shared evenly, and no source task is anybody else's. */
  const fair =
    (workers: readonly ConnectlessProcess[]): Look =>
    (tasks) => {
      const shares = sharesOf(tasks, workers)
      const shared = shares.reduce((sum, one) => sum + one)
      return (
        tasks.length === world.tasks &&
        tasks.every(({ state }) => state === 'RUNNING') &&
        shared === world.sourceTasks &&
        Math.max(...shares) - Math.min(...shares) <= 1
      )
    }
  const start = (properties = {}) => servers.connectless({ store, ...properties })
  const rows = await openStores(store, systemClock)
  const fencing = watchFencing(rows, world.names, everyMs)
  const one = await start()
  let two: ConnectlessProcess | undefined
  let three: ConnectlessProcess | undefined
  const both = () => [one, two as ConnectlessProcess]
  const asked = ({ url }: ConnectlessProcess) => ({ url, names: world.names, everyMs })
  /** Every task of the one that leaves is another's in the end; until then, it is told, which were shown UNASSIGNED. */
  const takenOver = async (
    leaving: ConnectlessProcess,
    staying: readonly [ConnectlessProcess, ...ConnectlessProcess[]],
    limitMs: number,
  ) => {
    const left = idOfWorker(leaving)
    const unassigned = new Set<string>()
    const isOver: Look = (tasks) =>
      fair(staying)(tasks) && tasks.every(({ worker }) => worker !== left)
    const took = await msUntil(asked(staying[0]), isOver, limitMs, (tasks) => {
      for (const { kind, connector, task, state } of tasks)
        if (state === 'UNASSIGNED') unassigned.add(`${kind} ${connector}-${task}`)
    })
    const all = [...unassigned]
    const sinks = all.filter((task) => task.startsWith('sink')).length
    return { took, unassigned: `${all.length - sinks} source and ${sinks} sink tasks`, all }
  }
  try {
    await world.create(one.url)
    await msUntil(asked(one), fair([one]), 60_000)
    await world.begin()

    await t.test('a second process runs half of the source tasks', async (t) => {
      two = await start()
      t.diagnostic(`after ${await msUntil(asked(one), fair(both()), within.sharedMs)} ms`)
    })
    await t.test('it is killed: its tasks are UNASSIGNED, then run again', async (t) => {
      const [, killed] = both() as [ConnectlessProcess, ConnectlessProcess]
      const held = await shownTasks(one.url, world.names)
      const its = held.filter(({ worker }) => worker === idOfWorker(killed))
      await killed.kill()
      const { took, unassigned, all } = await takenOver(killed, [one], within.takenMs)
      t.diagnostic(`after ${took} ms, of ${its.length} UNASSIGNED: ${unassigned}`)
      const unseen = its.map((task) => `${task.kind} ${task.connector}-${task.task}`)
      assert.deepEqual(
        unseen.filter((task) => !all.includes(task)),
        [],
      )
    })
    await t.test('started again at its address it has its half again', async (t) => {
      two = await start({ listeners: two?.url })
      t.diagnostic(`after ${await msUntil(asked(one), fair(both()), within.sharedMs)} ms`)
    })
    await t.test('killed and started at once, it has its own tasks again', async (t) => {
      const [, killed] = both() as [ConnectlessProcess, ConnectlessProcess]
      const before = await epochsOf(rows, idOfWorker(killed))
      await killed.kill()
      two = await start({ listeners: killed.url })
      const since = performance.now()
      const areTaken = async () => {
        const now = await epochsOf(rows)
        return [...before].every(([task, epoch]) => (now.get(task) ?? 0) > epoch)
      }
      await until(areTaken, everyMs, within.backMs)
      await msUntil(asked(one), fair(both()), within.sharedMs)
      t.diagnostic(`after ${Math.round(performance.now() - since)} ms`)
    })
    await t.test(`one is stopped for ${STOP_MS} ms: the other takes over`, async (t) => {
      // The first one: the statuses of the sink tasks are its word.
      const [stopped, staying] = both() as [ConnectlessProcess, ConnectlessProcess]
      const since = performance.now()
      stopped.process.kill('SIGSTOP')
      const { took, unassigned } = await takenOver(stopped, [staying], within.takenMs)
      t.diagnostic(`after ${took} ms, UNASSIGNED were ${unassigned}`)
      await sleep(Math.max(0, STOP_MS - QUIET_MS - (performance.now() - since)))
      world.nextKeys()
      await sleep(QUIET_MS)
      stopped.process.kill('SIGCONT')
    })
    await t.test('woken, it gets its half again', async (t) => {
      t.diagnostic(`after ${await msUntil(asked(one), fair(both()), within.sharedMs)} ms`)
    })
    await t.test('a third one gets its share', async (t) => {
      three = await start()
      const all = [...both(), three]
      t.diagnostic(`after ${await msUntil(asked(one), fair(all), within.sharedMs)} ms`)
    })
    await t.test('one of three is told to end: the others go on at once', async (t) => {
      assert.ok(two && three)
      await two.stop()
      const { took } = await takenOver(two, [one, three], within.cleanMs)
      t.diagnostic(`after ${took} ms`)
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

test('a cluster over SQLite: shared, killed, stopped, woken, ended', async (t) => {
  await lifeOfACluster(t, {
    name: 'sqlite',
    store: `sqlite:.stack/bench/${servers.name}_cluster.db`,
    size: TWENTY,
    everyMs: 50,
    within: { sharedMs: 10_000, cleanMs: 3_000, takenMs: 20_000, backMs: 10_000 },
  })
})

test('a cluster over DynamoDB: shared, killed, stopped, woken, ended', async (t) => {
  process.env.AWS_ENDPOINT_URL_DYNAMODB = addresses().aws.endpoint
  const table = dynamodbTable()
  try {
    await lifeOfACluster(t, {
      name: 'dynamodb',
      store: `dynamodb:${table.name}`,
      size: SIX,
      everyMs: 300,
      within: { sharedMs: 30_000, cleanMs: 15_000, takenMs: 35_000, backMs: 35_000 },
    })
  } finally {
    await table.remove()
  }
})
