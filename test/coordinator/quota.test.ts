import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coordinate } from '../../lib/coordinator/coordinate.ts'
import type { Ports } from '../../lib/ports.ts'
import { portsForTest, tickingClock } from '../runtime/ports-for-test.ts'
import { cloudPorts, idlePlugins, randomFrom } from './cloud-ports.ts'
import { simulatedAws } from './simulated-aws.ts'

const SOURCE = { 'connector.class': 'test.Source', tables: 'a,b', 'tasks.max': '2' }
const SINK = { 'connector.class': 'test.Sink', topics: 'aa', 'tasks.max': '1' }

function world() {
  const clock = tickingClock()
  const limits = { most: Number.POSITIVE_INFINITY }
  const aws = simulatedAws(clock, { delayMs: () => 1_000, quota: () => limits.most })
  const errors: string[] = []
  const base = portsForTest({ clock })
  const ports: Ports = {
    ...base,
    ...cloudPorts(aws, clock, { random: randomFrom(1) }),
    log: { ...base.log, error: (message) => void errors.push(message) },
  }
  return {
    ...{ clock, limits, aws, errors, ports },
    make: (name: string, config: object, wanted = {}) =>
      ports.configs.put(
        {
          ...{ name, config: { name, ...config }, version: 1, deleted: false },
          ...{ targetState: 'RUNNING' as const, restarts: { connector: 0, tasks: {} }, ...wanted },
        },
        undefined,
      ),
    tick: async () => {
      await clock.sleep(60_000)
      await coordinate({}, ports, idlePlugins)
    },
    status: (name: string) => ports.statuses.get(name, 'connector'),
  }
}

for (const { title, config, names } of [
  { title: 'schedules', config: SOURCE, names: /quota of the AWS account.*Too many schedules/ },
  { title: 'mappings', config: SINK, names: /quota of the AWS account.*Too many event source/ },
])
  test(`a connector for which the quota of ${title} leaves no room is FAILED and says so, stops no other, and heals when there is room`, async () => {
    const { limits, make, tick, status, aws } = world()
    limits.most = 0
    await make('full', config)
    await make('other', SINK, { targetState: 'PAUSED' })

    await tick()
    const failed = await status('full')
    assert.equal(failed?.state, 'FAILED')
    assert.match(failed.reason ?? '', names)
    assert.match(failed.trace ?? '', /ServiceQuotaExceededException/)
    assert.equal((await status('other'))?.state, 'PAUSED')
    await tick()
    assert.deepEqual(await status('full'), failed)

    limits.most = Number.POSITIVE_INFINITY
    for (let ticks = 0; ticks < 15; ticks++) await tick()

    assert.equal((await status('full'))?.state, 'RUNNING')
    assert.equal((await status('full'))?.reason, undefined)
    assert.equal(aws.schedules.size + aws.mappings().length, config === SOURCE ? 2 : 1)
  })

test('a consumer group that another mapping has makes the connector FAILED until it is free', async () => {
  const { make, tick, status, ports } = world()
  const foreign = { connector: 'foreign', topic: 'xx', group: 'connect-mine', enabled: true }
  await ports.mappings.ensure(foreign)
  await make('mine', SINK)

  await tick()
  assert.match((await status('mine'))?.reason ?? '', /has the consumer group connect-mine/)
  await ports.mappings.remove('foreign', 'xx')
  for (let ticks = 0; ticks < 15; ticks++) await tick()

  assert.equal((await status('mine'))?.state, 'RUNNING')
})

test('a name that is no consumer group makes the sink FAILED with AWS’s rule, and another configuration does not hide it', async () => {
  const { make, tick, status, ports, errors } = world()
  const row = await make('mine & yours', SINK)

  await tick()
  assert.match(
    (await status(row.name))?.reason ?? '',
    /takes no consumer group named connect-mine & yours/,
  )
  await ports.configs.put({ ...row, version: 2 }, row.revision)
  await tick()

  assert.equal((await status(row.name))?.state, 'FAILED')
  assert.ok(errors.every((error) => error.startsWith('Coordinating failed: AWS Lambda takes no')))
})
