import { deployingAgain, deployingFirst } from './steps/deploying.ts'
import { faults } from './steps/faults.ts'
import { removing } from './steps/removing.ts'
import { rights } from './steps/rights.ts'
import type { Step } from './steps/step.ts'
import { walkingFirst, walkingOn } from './steps/walking.ts'

/** The end-to-end run: each step goes on from where the one before it ended. */
export const steps: readonly Step[] = [
  ...deployingFirst,
  ...walkingFirst,
  ...rights,
  ...faults,
  ...walkingOn,
  ...deployingAgain,
  ...removing,
]
