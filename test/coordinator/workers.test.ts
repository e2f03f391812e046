/** Two processes over the same rows, each with the coordinator, triggers and mappings of its own. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sqliteRows } from '../../lib/local/sqlite-rows.ts'
import { storesOver } from '../../lib/store/stores.ts'
import { workerRows } from '../../lib/store/worker-rows.ts'
import { tickingClock } from '../runtime/ports-for-test.ts'
import { coordinatedWorld } from './world.ts'

const SOURCE = { 'connector.class': 'test.TableSourceConnector', tables: 'a' }
const SINK = { 'connector.class': 'test.QuietSinkConnector', topics: 'orders' }

type World = ReturnType<typeof coordinatedWorld>

/** Process one has begun a source and a sink; process two is there. */
async function twoProcesses() {
  const clock = tickingClock()
  const rows = sqliteRows(':memory:')
  const workers = workerRows(rows, clock)
  const shared = { ...storesOver(rows, clock), clock }
  let standing: PromiseWithResolvers<void> | undefined
  // What does not move renews no lease.
  const leases: typeof shared.leases = {
    ...shared.leases,
    async renew(...given) {
      await standing?.promise
      return shared.leases.renew(...given)
    },
  }
  const one = coordinatedWorld({ ...shared, leases }, { id: 'one:1', workers })
  const two = coordinatedWorld(shared, { id: 'two:2', workers })
  await one.send('PUT', '/connectors/source/config', SOURCE)
  await one.send('PUT', '/connectors/sink/config', SINK)
  await one.pass(3)
  await two.pass(3)
  const stop = () => {
    standing = Promise.withResolvers()
  }
  const wake = () => {
    standing?.resolve()
    standing = undefined
  }
  return { one, two, workers, stop, wake }
}

type Unit = { readonly state: string; readonly worker_id: string; readonly reason?: string }

async function unitsOf({ send }: World): Promise<Unit[]> {
  const all = await Promise.all(
    ['source', 'sink'].map(async (name) => (await send('GET', `/connectors/${name}/status`)).json),
  )
  return all.flatMap(({ connector, tasks }) => [connector, ...tasks])
}

const shown = async (world: World): Promise<string[]> =>
  (await unitsOf(world)).map(({ state, worker_id }) => `${state} ${worker_id}`)

const all = (text: string): string[] => [text, text, text, text]

test('two living processes leave each other’s word as it is', async () => {
  const { one, two } = await twoProcesses()

  const before = await shown(two)
  for (let rounds = 0; rounds < 20; rounds++) {
    await two.pass(1)
    await one.pass(1)
  }

  assert.deepEqual(before, all('RUNNING one:1'))
  assert.deepEqual(await shown(one), before)
  await one.close()
  await two.close()
})

test('what a dead worker did is UNASSIGNED and says why, then another’s', async () => {
  const { one, two, stop, wake } = await twoProcesses()
  stop()
  await two.clock.sleep(7_000)

  const meanwhile = await unitsOf(two)
  await two.pass(14)

  for (const { state, reason } of meanwhile.filter(({ worker_id }) => worker_id === 'one:1')) {
    assert.equal(state, 'UNASSIGNED')
    assert.match(reason ?? '', /one:1 gives no sign of life; another worker takes it over/)
  }
  assert.equal(meanwhile.length, 4)
  assert.deepEqual(await shown(two), all('RUNNING two:2'))
  wake()
  await one.close()
  await two.close()
})

test('a paused connector and its task are taken over as PAUSED', async () => {
  const { one, two } = await twoProcesses()
  for (const name of ['source', 'sink']) await one.send('PUT', `/connectors/${name}/pause`)
  await one.pass(3)
  assert.deepEqual(await shown(one), all('PAUSED one:1'))

  await two.clock.sleep(7_000)
  await two.pass(5)

  assert.deepEqual(await shown(two), all('PAUSED two:2'))
  await one.close()
  await two.close()
})

test('a worker that says it leaves is taken over at once', async () => {
  const { one, two, workers } = await twoProcesses()
  await one.close()
  await workers.leave('one:1')

  await two.pass(3)

  assert.deepEqual(await shown(two), all('RUNNING two:2'))
  await two.close()
})

test('a process that wakes up does not overwrite what others have said meanwhile', async () => {
  const { one, two, stop, wake } = await twoProcesses()
  stop()
  await two.clock.sleep(7_000)
  await two.pass(14)
  const before = await shown(two)

  wake()
  // What it had begun before it stood still goes on, and its triggers with it.
  for (let rounds = 0; rounds < 5; rounds++) {
    await one.pass(1)
    await two.pass(1)
  }

  assert.deepEqual(before, all('RUNNING two:2'))
  assert.deepEqual(await shown(one), before)
  await one.close()
  await two.close()
})
