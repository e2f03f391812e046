import assert from 'node:assert/strict'
import { madeAtRunTime } from '../cloud.ts'
import { STACK } from '../deployment.ts'
import type { Scene } from '../scene.ts'
import { query } from '../signed-request.ts'
import { until } from '../until.ts'
import { apiOf, type Step } from './step.ts'

const CONNECTORS = ['example-source', 'orders-source', 'example-sink']

export const removing: readonly Step[] = [
  {
    title: 'deleted connectors leave no schedule, no mapping and no alias',
    async run(scene) {
      assert.equal((await madeAtRunTime(scene)).length, 5) // 2 schedules, 2 mappings, 1 alias
      for (const name of CONNECTORS) await apiOf(scene).request('DELETE', `/connectors/${name}`)
      assert.deepEqual(await apiOf(scene).request('GET', '/connectors'), [])
      await nothingLeft(scene)
      return undefined
    },
  },
  {
    title: 'serverless remove leaves nothing behind',
    async run(scene) {
      await scene.deployment.remove(scene.params)
      const stacks = await query(scene.emulator.url, 'cloudformation', {
        Action: 'ListStacks',
        Version: '2010-05-15',
      })
      assert.doesNotMatch(
        stacks,
        new RegExp(`<StackName>${STACK}</StackName>(?![^]*DELETE_COMPLETE)`),
      )
      return undefined
    },
  },
]

const nothingLeft = (scene: Scene) =>
  until('nothing is left of deleted connectors', 90_000, async () => {
    const seen = await madeAtRunTime(scene)
    return seen.length === 0 ? { found: true } : { seen }
  })
