/** `serverless deploy` into an emulator of AWS that asks IAM, and the seed's walk-through inside of it. Exit code 0 only if all of it was as it should be. */
import { atTheTop } from '../stack/at-the-top.ts'
import { seconds } from '../stack/progress.ts'
import { openScene } from './scene.ts'
import { steps } from './steps.ts'

atTheTop(async () => {
  const startedMs = performance.now()
  await using scene = await openScene()
  for (const { title, run } of steps) {
    const sinceMs = performance.now()
    process.stdout.write(`${title} …\n`)
    const told = await run(scene)
    process.stdout.write(`    ${seconds(sinceMs)}${told === undefined ? '' : `; ${told}`}\n`)
  }
  process.stdout.write(`All ${steps.length} steps are as they should be: ${seconds(startedMs)}\n`)
  return 0
})
