/** Whatever happens on the way, in the end rows and cloud are what is wanted. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Op, opOf, steps } from './convergence-steps.ts'
import { convergenceWorld } from './convergence-world.ts'

const OPS_A_RUN = { minLength: 100, maxLength: 140 }
const TICKS_OF_AN_HOUR = 62
const TICKS_WITHOUT_AUDIT = 40

for (const { title, runs, indexAlone, ticks, atLeast } of [
  {
    title: 'random changes, crashes, rival coordinators and a failing cloud end in what is wanted',
    ...{ runs: 90, indexAlone: false, ticks: TICKS_OF_AN_HOUR },
    atLeast: { ops: 10_000, crashes: 1_000 },
  },
  {
    title: 'the change index alone, with no audit, brings what a crash left behind to its end',
    ...{ runs: 36, indexAlone: true, ticks: TICKS_WITHOUT_AUDIT },
    atLeast: { ops: 3_600, crashes: 300 },
  },
])
  test(title, async (t) => {
    let [ops, crashes] = [0, 0]
    const run = async (seed: number, given: Op[]) => {
      const world = convergenceWorld(seed, indexAlone)
      for (const op of given) await steps[op.do](world, op)
      ops += given.length
      crashes += world.crashes()
      world.faultsStop()
      for (let tick = 0; tick < ticks; tick++) await world.tickInPeace()
      await world.requireAsWanted()
      await world.requireSilence()
    }

    await fc.assert(fc.asyncProperty(fc.integer(), fc.array(opOf, OPS_A_RUN), run), {
      ...{ numRuns: runs, endOnFailure: true, reporter: tellSeed },
      ...again(),
    })

    t.diagnostic(`${ops} operations in ${runs} runs, ${crashes} crashes of a coordinator`)
    assert.ok(ops >= atLeast.ops && crashes >= atLeast.crashes)
  })

/** In place of the counterexample, which fills pages. */
function tellSeed({
  failed,
  seed,
  counterexamplePath,
  errorInstance,
}: fc.RunDetails<[number, Op[]]>): void {
  if (!failed) return
  const told = `To have it again: FC_SEED=${seed} FC_PATH=${counterexamplePath}`
  throw new Error(told, { cause: errorInstance })
}

const again = () => ({
  ...(process.env.FC_SEED && { seed: Number(process.env.FC_SEED) }),
  ...(process.env.FC_PATH && { path: process.env.FC_PATH }),
})
