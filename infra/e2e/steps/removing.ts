import assert from 'node:assert/strict'
import { madeAtRunTime, namedAfterStack } from '../cloud.ts'
import type { Scene } from '../scene.ts'
import { until } from '../until.ts'
import { apiOf, type Step } from './step.ts'

const CONNECTORS = ['example-source', 'orders-source', 'example-sink']

export const removing: readonly Step[] = [
  {
    title: 'deleted connectors leave no schedule, no mapping and no alias',
    async run(scene) {
      const kinds = (await madeAtRunTime(scene)).map((made) => made.split(' ')[0])
      assert.deepEqual(kinds.sort(), ['alias', 'mapping', 'mapping', 'schedule', 'schedule'])
      for (const name of CONNECTORS) await apiOf(scene).request('DELETE', `/connectors/${name}`)
      assert.deepEqual(await apiOf(scene).request('GET', '/connectors'), [])
      await nothingLeft(scene)
      return undefined
    },
  },
  {
    title: 'serverless remove leaves nothing behind',
    async run(scene) {
      assert.ok((await namedAfterStack(scene)).length > 8)
      await scene.deployment.remove(scene.params)
      assert.deepEqual(await namedAfterStack(scene), [])
      return undefined
    },
  },
]

const nothingLeft = (scene: Scene) =>
  until('nothing is left of deleted connectors', 90_000, async () => {
    const seen = await madeAtRunTime(scene)
    return seen.length === 0 ? { found: true } : { seen }
  })
