import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { STACK } from '../deployment.ts'
import { everyRowArrives, whileRowsCome } from '../rows.ts'
import { until } from '../until.ts'
import { apiOf, type Step } from './step.ts'

const OUTAGE_MS = 4_000

export const faults: readonly Step[] = [
  {
    title:
      'the source function is killed in the middle of its work: the task goes on, nothing is lost',
    async run(scene) {
      const { world, emulator } = scene
      const source = `${STACK}-source`
      const goesOn = await whileRowsCome(world, async () => {
        const before = await ends(scene)
        await until('records flow', 90_000, async () => {
          const seen = await ends(scene)
          return seen > before ? { found: seen } : { seen }
        })
        const [killed, killedAt] = [emulator.workers(source), performance.now()]
        assert.ok(killed.length > 0)
        for (const pid of killed) process.kill(pid, 'SIGKILL')
        const left = await ends(scene)
        await until('records flow again', 120_000, async () => {
          const seen = await ends(scene)
          return seen > left ? { found: seen } : { seen }
        })
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
        await sleep(1_000)
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

/** How many records test_user has. */
async function ends({ world }: Parameters<Step['run']>[0]): Promise<number> {
  const partitions = await world.admin.fetchTopicOffsets('test_user')
  return partitions.reduce((sum, { high }) => sum + Number(high), 0)
}
