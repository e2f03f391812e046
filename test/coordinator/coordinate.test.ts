import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { coordinate } from '../../lib/coordinator/coordinate.ts'
import type { Ports } from '../../lib/ports.ts'
import { coordinatedWorld } from './world.ts'

const SOURCE = { 'connector.class': 'TableSourceConnector', tables: 'a' }
const SINK = { 'connector.class': 'QuietSinkConnector', topics: 't,u' }

type World = ReturnType<typeof coordinatedWorld>

const made: World[] = []

function newWorld(...given: Parameters<typeof coordinatedWorld>): World {
  const world = coordinatedWorld(...given)
  made.push(world)
  return world
}

// Also after an assertion that failed: what still ran would keep the clock going for ever.
afterEach(async () => {
  for (const world of made.splice(0)) await world.close()
})

const put = (world: World, path: string, body?: object) =>
  world.send('PUT', `/connectors/${path}`, body)

const values = (table: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${table} ${at + 1}`)

test('a source lives: made, paused, resumed, stopped, resumed, deleted, made again; each row is in Kafka once', async () => {
  const world = newWorld()
  world.table.rows = 10

  await put(world, 'c/config', SOURCE)
  await world.pass(3)
  assert.equal(await world.states('c'), 'RUNNING RUNNING')
  assert.deepEqual(world.kafka, values('a', 10))

  await put(world, 'c/pause')
  await world.pass(3)
  assert.equal(await world.states('c'), 'PAUSED PAUSED')
  assert.deepEqual([world.schedules.size, world.sourcesRunning()], [0, 0])
  world.table.rows = 20
  await world.pass(3)
  assert.equal(world.kafka.length, 10)

  await put(world, 'c/resume')
  await world.pass(3)
  assert.equal(await world.states('c'), 'RUNNING RUNNING')
  assert.deepEqual(world.kafka, values('a', 20))

  await put(world, 'c/stop')
  await world.pass(3)
  assert.equal(await world.states('c'), 'STOPPED')
  await world.passUntilIdle()
  assert.deepEqual([world.schedules.size, world.sourcesRunning()], [0, 0])

  world.table.rows = 30
  await put(world, 'c/resume')
  await world.pass(3)
  assert.equal(await world.states('c'), 'RUNNING RUNNING')

  await world.send('DELETE', '/connectors/c')
  assert.equal(await world.states('c'), 'none')
  await world.pass(3)
  await world.passUntilIdle()
  assert.deepEqual([world.schedules.size, world.sourcesRunning()], [0, 0])
  assert.equal(await world.ports.configs.get('c'), undefined)
  assert.deepEqual(await world.ports.leases.list('c'), [])

  world.table.rows = 40
  await put(world, 'c/config', SOURCE)
  await world.pass(3)
  assert.equal(await world.states('c'), 'RUNNING RUNNING')
  assert.deepEqual(world.kafka, values('a', 40))

  await world.close()
  assert.deepEqual(world.errors, [])
  assert.ok((await world.ports.leases.list('c')).every(({ released }) => released))
})

test('deleted and made again at once it goes on after its offsets', async () => {
  const world = newWorld()
  world.table.rows = 10
  await put(world, 'c/config', SOURCE)
  await world.pass(3)

  await world.send('DELETE', '/connectors/c')
  await put(world, 'c/config', SOURCE)
  world.table.rows = 20
  await world.pass(3)

  assert.equal(await world.states('c'), 'RUNNING RUNNING')
  assert.deepEqual(world.kafka, values('a', 20))
  await world.close()
})

test('pause and resume in one breath, again and again, end up RUNNING with one run', async () => {
  const world = newWorld()
  world.table.rows = 10
  await put(world, 'c/config', SOURCE)
  await world.pass(2)
  for (let round = 0; round < 5; round++) {
    await put(world, 'c/pause')
    await put(world, 'c/resume')
  }

  world.table.rows = 20
  await world.pass(3)

  assert.equal(await world.states('c'), 'RUNNING RUNNING')
  assert.deepEqual(world.kafka, values('a', 20))
  assert.equal(world.sourcesRunning(), 1)
  await world.close()
})

test('a resume while the paused task is on its way out does not wait for a tick', async () => {
  const world = newWorld()
  world.table.rows = 10
  await put(world, 'c/config', SOURCE)
  await world.pass(3)
  await put(world, 'c/pause')
  for (let tries = 0; (await world.states('c')) !== 'PAUSED PAUSED' && tries < 20; tries++)
    await world.clock.sleep(100)

  world.table.rows = 20
  await put(world, 'c/resume')
  await world.clock.sleep(5_000)

  assert.equal(await world.states('c'), 'RUNNING RUNNING')
  assert.deepEqual(world.kafka, values('a', 20))
  await world.close()
})

test('a failed task stays FAILED, is tried no more and loses its schedule; its restart mends it', async () => {
  const world = newWorld()
  world.table.rows = 5
  world.faults.start = 'no such table'
  await put(world, 'c/config', SOURCE)
  await world.pass(3)
  assert.equal(await world.states('c'), 'RUNNING FAILED')
  const { source } = world.counts
  await world.pass(5)
  assert.equal(world.counts.source, source)
  assert.equal(world.schedules.size, 0)

  world.faults.start = undefined
  assert.equal((await world.send('POST', '/connectors/c/tasks/0/restart')).status, 204)
  await world.pass(3)

  assert.equal(await world.states('c'), 'RUNNING RUNNING')
  assert.deepEqual(world.kafka, values('a', 5))
  await world.close()
})

test('a mended configuration starts a failed task anew', async () => {
  const world = newWorld()
  world.table.rows = 5
  await put(world, 'c/config', { ...SOURCE, fault: 'wrong password' })
  await world.pass(3)
  assert.equal(await world.states('c'), 'RUNNING FAILED')

  await put(world, 'c/config', SOURCE)
  await world.pass(3)

  assert.equal(await world.states('c'), 'RUNNING RUNNING')
  assert.deepEqual(world.kafka, values('a', 5))
  await world.close()
})

test('another number of tasks: each table goes on where it was, whichever task has it', async () => {
  const world = newWorld()
  world.table.rows = 5
  await put(world, 'c/config', { ...SOURCE, tables: 'a,b', 'tasks.max': '2' })
  await world.pass(3)
  assert.equal(await world.states('c'), 'RUNNING RUNNING,RUNNING')

  world.table.rows = 10
  await put(world, 'c/config', { ...SOURCE, tables: 'b', 'tasks.max': '2' })
  await world.pass(4)

  assert.equal(await world.states('c'), 'RUNNING RUNNING')
  assert.deepEqual(world.kafka.toSorted(), [...values('a', 5), ...values('b', 10)].toSorted())
  assert.equal(world.schedules.size, 1)
  await world.close()
})

test('a connector that cannot share out its work is FAILED; a stop shows STOPPED, and a resume tries anew', async () => {
  const world = newWorld()
  world.faults.taskConfigs = 'no tables match'
  await put(world, 'c/config', SOURCE)
  await world.pass(2)
  assert.equal(await world.states('c'), 'FAILED')

  await put(world, 'c/stop')
  await world.pass(2)
  assert.equal(await world.states('c'), 'STOPPED')

  world.faults.taskConfigs = undefined
  await put(world, 'c/resume')
  await world.pass(3)
  assert.equal(await world.states('c'), 'RUNNING RUNNING')
  await world.close()
})

test('once all is as it should be, ticks change nothing and wake nobody', async () => {
  const world = newWorld()
  await put(world, 'c/config', SOURCE)
  await put(world, 's/config', SINK)
  await world.pass(3)
  const before = { ...world.counts }
  const revision = (await world.ports.configs.get('c'))?.revision

  await world.pass(5)

  assert.deepEqual(world.counts, before)
  assert.equal((await world.ports.configs.get('c'))?.revision, revision)
  await world.close()
})

test('a change wakes each task once', async () => {
  const world = newWorld()

  await put(world, 'c/config', SOURCE)
  await put(world, 's/config', SINK)
  await world.clock.sleep(2_000)

  assert.deepEqual([world.counts.source, world.counts.sink], [1, 1])
  await world.close()
})

test('coordinators that look at once publish once', async () => {
  const world = newWorld()
  await world.ports.configs.put(
    {
      name: 'c',
      config: { name: 'c', ...SOURCE, 'connector.class': 'test.TableSourceConnector' },
      targetState: 'RUNNING',
      version: 1,
      restarts: { connector: 0, tasks: {} },
      deleted: false,
    },
    undefined,
  )

  await Promise.all([1, 2, 3].map(() => coordinate({}, world.ports, world.plugins)))

  assert.equal(world.counts.publications, 1)
  await world.close()
})

test('a sink lives: made, paused, resumed, failed, restarted, stopped, deleted', async () => {
  const world = newWorld()
  await put(world, 's/config', SINK)
  await world.pass(2)
  assert.equal(await world.states('s'), 'RUNNING RUNNING')
  assert.deepEqual([...world.polled], ['t', 'u'])

  await put(world, 's/pause')
  await world.pass(2)
  assert.equal(await world.states('s'), 'PAUSED PAUSED')
  assert.deepEqual([...world.polled], [])

  await put(world, 's/resume')
  await world.pass(2)
  assert.equal(await world.states('s'), 'RUNNING RUNNING')
  assert.deepEqual([...world.polled], ['t', 'u'])

  await put(world, 's/config', { ...SINK, fault: 'wrong password' })
  await world.pass(3)
  assert.equal(await world.states('s'), 'RUNNING FAILED')
  assert.deepEqual([...world.polled], [])

  await put(world, 's/config', SINK)
  await world.pass(2)
  assert.equal(await world.states('s'), 'RUNNING RUNNING')

  await put(world, 's/stop')
  await world.pass(2)
  assert.equal(await world.states('s'), 'STOPPED')
  assert.deepEqual([...world.polled], [])

  await world.send('DELETE', '/connectors/s')
  await world.pass(2)
  assert.equal(await world.ports.configs.get('s'), undefined)
  assert.deepEqual(world.mappings.connectors(), [])
  await world.close()
})

test('a connector that another process has cleared away leaves nothing behind in this one', async () => {
  const one = newWorld()
  const other = newWorld(one.ports)
  await put(one, 'c/config', SOURCE)
  await put(one, 's/config', SINK)
  await one.pass(2)
  await other.pass(2)
  assert.deepEqual([...other.polled], ['t', 'u'])
  assert.equal(other.schedules.size, 1)

  await one.send('DELETE', '/connectors/c')
  await one.send('DELETE', '/connectors/s')
  await one.pass(3)
  assert.equal(await one.ports.configs.get('c'), undefined)
  await coordinate({ connector: 'c' }, other.ports, other.plugins)
  await coordinate({ connector: 's' }, other.ports, other.plugins)

  assert.deepEqual([...other.polled], [])
  assert.equal(other.schedules.size, 0)
  assert.deepEqual(other.mappings.connectors(), [])
  await Promise.all([one.close(), other.close()])
})

for (const { kind, name, config } of [
  { kind: 'schedule', name: 'c', config: SOURCE },
  { kind: 'mapping', name: 's', config: SINK },
])
  test(`a ${kind} that is made while another coordinator clears its connector away is removed again`, async () => {
    const one = newWorld()
    const other = newWorld(one.ports)
    await put(one, `${name}/config`, config)
    await one.pass(2)
    const clear = async () => {
      await one.send('DELETE', `/connectors/${name}`)
      await one.pass(3)
      await one.passUntilIdle()
      assert.equal(await one.ports.configs.get(name), undefined)
    }
    const late: Ports = {
      ...other.ports,
      schedules: {
        ...other.ports.schedules,
        async ensure(event) {
          await clear()
          await other.ports.schedules.ensure(event)
        },
      },
      mappings: {
        ...other.ports.mappings,
        async ensure(mapping) {
          await clear()
          await other.ports.mappings.ensure(mapping)
        },
      },
    }

    await coordinate({ connector: name }, late, other.plugins)

    assert.equal(await one.ports.configs.get(name), undefined)
    assert.equal(other.schedules.size, 0)
    assert.deepEqual([...other.mappings.connectors(), ...other.polled], [])
    assert.equal((await one.ports.statuses.read(name)).size, 0)
    await Promise.all([one.close(), other.close()])
  })

test('a trigger that comes between the last look and the clearing away is removed by who clears away', async () => {
  const world = newWorld()
  await put(world, 'c/config', SOURCE)
  await put(world, 'c/stop')
  await world.pass(2)
  await world.passUntilIdle()
  const { ports } = world
  let removals = 0
  const late: Ports = {
    ...ports,
    configs: {
      ...ports.configs,
      async remove(...given) {
        await ports.configs.remove(...given)
        await ports.schedules.ensure({ connector: 'c', task: 0 })
        removals++
      },
    },
  }

  const row = await ports.configs.get('c')
  if (!row) throw new Error('no c')
  await ports.configs.put({ ...row, deleted: true }, row.revision)
  await coordinate({ connector: 'c' }, late, world.plugins)

  assert.equal(removals, 1)
  assert.equal(await ports.configs.get('c'), undefined)
  assert.equal(world.schedules.size, 0)
  await world.close()
})

test('a connector that fails in the coordinator stops no other', async () => {
  const world = newWorld()
  const { ports } = world
  const broken = {
    ...ports,
    mappings: {
      ...ports.mappings,
      ensure: async () => {
        throw new Error('quota exceeded')
      },
    },
  }
  await ports.configs.put(
    {
      name: 's',
      config: { name: 's', ...SINK },
      targetState: 'RUNNING',
      version: 1,
      restarts: { connector: 0, tasks: {} },
      deleted: false,
    },
    undefined,
  )
  await put(world, 'c/config', SOURCE)

  await coordinate({}, broken, world.plugins)
  await world.clock.sleep(1_000)

  assert.deepEqual(world.errors, ['Coordinating failed: quota exceeded'])
  await ports.clock.sleep(100)
  assert.equal(await world.states('c'), 'RUNNING RUNNING')
  assert.equal((await ports.statuses.get('s', 'connector'))?.state, 'RUNNING')
  await world.close()
})
