/** Whatever happens on the way, in the end rows and cloud are what is wanted. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Op, opOf, steps } from './convergence-steps.ts'
import { convergenceWorld } from './convergence-world.ts'

const RUNS = 90
const OPS_A_RUN = { minLength: 100, maxLength: 140 }
const TICKS_OF_AN_HOUR = 62

test('random changes, crashes between any two calls, rival coordinators and a failing cloud end in what is wanted', async (t) => {
  let ops = 0
  let crashes = 0
  const run = async (seed: number, given: Op[]) => {
    const world = convergenceWorld(seed)
    for (const op of given) {
      await steps[op.do](world, op)
      ops++
    }
    crashes += world.crashes()
    world.faultsStop()
    for (let tick = 0; tick < TICKS_OF_AN_HOUR; tick++) await world.tickInPeace()
    await world.requireAsWanted()
    await world.requireSilence()
  }

  await fc.assert(fc.asyncProperty(fc.integer(), fc.array(opOf, OPS_A_RUN), run), {
    numRuns: RUNS,
    endOnFailure: true,
    reporter: tellSeed,
    ...again(),
  })

  t.diagnostic(`${ops} operations in ${RUNS} runs, ${crashes} crashes of a coordinator`)
  assert.ok(ops >= 10_000)
  assert.ok(crashes >= 1_000)
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
