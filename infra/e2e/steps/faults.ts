import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { FailureRecord, Lease } from '../../../lib/ports.ts'
import { recordsIn } from '../../demo/world.ts'
import { clientAt, storesOf } from '../cloud.ts'
import { STACK } from '../deployment.ts'
import { everyRowArrives, whileRowsCome } from '../rows.ts'
import type { Scene } from '../scene.ts'
import { REGION } from '../signed-request.ts'
import { until } from '../until.ts'
import { apiOf, type Step } from './step.ts'

const OUTAGE_MS = 4_000

export const faults: readonly Step[] = [
  {
    title:
      'the source function is killed in the middle of its work: told of it, the coordinator has the task go on, and nothing is lost',
    async run(scene) {
      const { world } = scene
      const goesOn = await whileRowsCome(world, async () => {
        // It may have gone home.
        await apiOf(scene).request('POST', '/connectors/example-source/restart?includeTasks=true')
        await recordsFlow(scene)
        const lease = await killedSource(scene)
        const killedAt = performance.now()
        await tellCoordinator(scene, lease)
        await recordsFlow(scene)
        return performance.now() - killedAt
      })
      const rows = await everyRowArrives(world)
      return `goes on after ${(goesOn / 1000).toFixed(1)} s; ${rows} rows`
    },
  },
  {
    title: 'the pollers die and come back in the middle of a delivery, with what they knew',
    async run(scene) {
      await whileRowsCome(scene.world, async () => {
        await apiOf(scene).request('POST', '/connectors/example-source/restart?includeTasks=true')
        await rowsArrive(scene)
        await scene.front.restart()
      })
      return `${await everyRowArrives(scene.world)} rows`
    },
  },
  {
    title: 'Redis is away for some seconds: what comes meanwhile arrives afterwards',
    async run(scene) {
      const { redis, world } = scene
      await whileRowsCome(world, async () => {
        await apiOf(scene).request('POST', '/connectors/example-source/restart?includeTasks=true')
        await redis.goAway()
        await sleep(OUTAGE_MS)
        await redis.comeBack()
      })
      const rows = await everyRowArrives(world)
      await apiOf(scene).waitFor('example-sink', 'RUNNING')
      return `${rows} rows`
    },
  },
]

/** Pollers deliver just now. */
async function rowsArrive({ world }: Scene): Promise<void> {
  const before = await world.redis.dbsize()
  await until('more rows are in Redis', 90_000, async () => {
    const seen = await world.redis.dbsize()
    return seen > before ? { found: seen } : { seen }
  })
}

/** From now on more than there are. */
async function recordsFlow({ world }: Scene): Promise<void> {
  const before = await recordsIn(world.admin, 'test_user')
  await until('records flow', 120_000, async () => {
    const seen = await recordsIn(world.admin, 'test_user')
    return seen > before ? { found: seen } : { seen }
  })
}

/** The lease that the killed one held. */
async function killedSource(scene: Scene): Promise<Lease> {
  const { leases } = await storesOf(scene)
  const lease = (await leases.list('example-source')).find(({ released }) => !released)
  assert.ok(lease)
  const killed = scene.emulator.workers(`${STACK}-source`)
  assert.ok(killed.length > 0)
  for (const pid of killed) process.kill(pid, 'SIGKILL')
  return lease
}

/** As Lambda does at a failure destination that is a function; MiniStack knows queues alone. */
async function tellCoordinator({ emulator }: Scene, { connector, task, invocation }: Lease) {
  const record: FailureRecord = {
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId: invocation,
      functionArn: `arn:aws:lambda:${REGION}:000000000000:function:${STACK}-source:live`,
      condition: 'RetriesExhausted',
      approximateInvokeCount: 1,
    },
    requestPayload: { connector, task },
    responseContext: { statusCode: 200, executedVersion: '1', functionError: 'Unhandled' },
    responsePayload: { errorType: 'Runtime.ExitError', errorMessage: 'killed' },
  }
  await new LambdaClient(clientAt(emulator.url)).send(
    new InvokeCommand({
      FunctionName: `${STACK}-coordinator:live`,
      InvocationType: 'Event',
      Payload: JSON.stringify(record),
    }),
  )
}
