import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coordinatedWorld } from './world.ts'

const SOURCE = { 'connector.class': 'test.TableSourceConnector', tables: 'a' }
const RESTARTS = { 'task.restart.max': '2', 'task.restart.backoff.ms': '10000' }

type World = ReturnType<typeof coordinatedWorld>

async function failing(config: object, { heals = true } = {}): Promise<World> {
  const world = coordinatedWorld()
  Object.assign(world.faults, { start: 'database is down', heals })
  await world.send('PUT', '/connectors/c/config', { ...SOURCE, ...config })
  await world.pass(5)
  assert.equal(await world.states('c'), 'RUNNING FAILED')
  return world
}

const taskOf = async ({ send }: World) => (await send('GET', '/connectors/c/tasks/0/status')).json

const restartsOf = async ({ ports }: World) => (await ports.configs.get('c'))?.restarts

test('a task that FAILED for a fault that may heal says when it is restarted, and comes back by itself', async () => {
  const world = await failing(RESTARTS)
  const { json } = await world.send('GET', '/connectors/c/status')
  const [task] = json.tasks

  assert.equal(json.health, 'unhealthy')
  assert.equal(Date.parse(task.next_restart), Date.parse(task.since) + 10_000)
  assert.equal(
    task.reason,
    `database is down; it is restarted by itself at ${task.next_restart}, 1 of 2 in a row`,
  )
  assert.equal(json.connector.reason, `1 of 1 tasks FAILED: task 0: ${task.reason}`)
  assert.match(task.last_error, /^20.*Z database is down$/)

  world.faults.start = undefined
  await world.pass(12)

  assert.equal(await world.states('c'), 'RUNNING RUNNING')
  const healed = await taskOf(world)
  assert.deepEqual([healed.reason, healed.next_restart], [undefined, undefined])
  assert.equal(healed.last_error, task.last_error)
  const after = await world.send('GET', '/connectors/c/status')
  assert.equal(after.json.health, 'healthy')
  await world.close()
})

test('it is restarted so many times in a row and no more; a restart by hand begins the count anew', async () => {
  const world = await failing(RESTARTS)
  await world.pass(60)

  const task = await taskOf(world)
  assert.equal(task.state, 'FAILED')
  assert.equal(task.next_restart, undefined)
  assert.equal(
    task.reason,
    'database is down; it was restarted by itself 2 times in a row and stays FAILED now',
  )
  assert.deepEqual((await restartsOf(world))?.tasks, { 0: 2 })

  await world.send('POST', '/connectors/c/tasks/0/restart')
  await world.pass(5)

  assert.match((await taskOf(world)).reason, /1 of 2 in a row$/)
  await world.close()
})

for (const { title, config, heals } of [
  { title: 'unless it is asked for no task is restarted', config: {}, heals: true },
  {
    title: 'what cannot heal is not restarted',
    config: { ...RESTARTS, 'task.restart.max': '-1' },
    heals: false,
  },
])
  test(title, async () => {
    const world = await failing(config, { heals })
    const before = await taskOf(world)
    world.faults.start = undefined
    await world.pass(60)

    assert.deepEqual(await taskOf(world), before)
    assert.equal(before.next_restart, undefined)
    assert.equal(before.reason, 'database is down')
    await world.close()
  })

test('a paused connector’s task waits for its resume', async () => {
  const world = await failing(RESTARTS)
  await world.send('PUT', '/connectors/c/pause')
  world.faults.start = undefined
  await world.pass(20)
  const paused = await taskOf(world)

  await world.send('PUT', '/connectors/c/resume')
  await world.pass(2)

  assert.deepEqual([paused.state, paused.next_restart], ['FAILED', undefined])
  assert.equal(await world.states('c'), 'RUNNING RUNNING')
  await world.close()
})

test('coordinators that look at once restart once', async () => {
  const one = await failing(RESTARTS)
  const other = coordinatedWorld(one.ports)
  await one.clock.sleep(10_000)

  await Promise.all([one.pass(1), other.pass(1)])

  assert.deepEqual((await restartsOf(one))?.tasks, { 0: 1 })
  await one.close()
  await other.close()
})

test('the restart of a connector is answered when it has started, and with 500 when it has not', async () => {
  const world = coordinatedWorld()
  await world.send('PUT', '/connectors/c/config', SOURCE)
  await world.pass(2)

  const restarted = await world.send('POST', '/connectors/c/restart')
  const started = await world.ports.statuses.get('c', 'connector')
  world.faults.taskConfigs = 'no such table'
  const failed = await world.send('POST', '/connectors/c/restart')

  assert.equal(restarted.status, 204)
  assert.equal(started?.restart, 1)
  assert.deepEqual(failed, {
    status: 500,
    json: { error_code: 500, message: 'Failed to start connector: c' },
  })
  await world.close()
})

test('the restart of a paused or stopped connector keeps its state', async () => {
  const world = coordinatedWorld()
  await world.send('PUT', '/connectors/c/config', SOURCE)
  await world.pass(2)
  for (const [call, states] of [
    ['pause', 'PAUSED PAUSED'],
    ['stop', 'STOPPED'],
  ]) {
    await world.send('PUT', `/connectors/c/${call}`)
    await world.pass(3)

    assert.equal((await world.send('POST', '/connectors/c/restart')).status, 204)

    await world.pass(2)
    assert.equal(await world.states('c'), states)
  }
  await world.close()
})
