import { test } from 'node:test'
import { openScene } from '../../infra/e2e/scene.ts'
import { steps } from '../../infra/e2e/steps.ts'
import { java } from '../../infra/stack/kafka-tools.ts'
import { python3 } from '../../infra/stack/python.ts'
import { skipWithout } from '../skip-without.ts'

// Each step goes on from where the one before it ended.
test('deployed into an emulator of AWS', async (t) => {
  if (await skipWithout([python3, ...java], t)) return
  await using scene = await openScene()
  let isSound = true
  for (const { title, run } of steps)
    await t.test(title, { skip: isSound ? false : 'a step before it failed' }, async () => {
      isSound = false
      await run(scene)
      isSound = true
    })
})
