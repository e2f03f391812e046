import type { ConnectError } from '../errors.ts'
import type { Stage, Told, Tolerance, Trouble, Wait } from './tolerance.ts'

/** One thing that is done to a record on its way. It may be done again after it failed. */
export type Step<W> = {
  readonly stage: Stage
  readonly className: string
  /** False drops the record: no later step is done. */
  readonly run: (work: W) => boolean
}

/** What becomes of each `O` on its way: it is taken in hand as a `W`, passes the steps and leaves as an `R`. */
export type Passage<O, W, R> = {
  readonly begin: (original: O) => W
  readonly steps: readonly Step<W>[]
  readonly finish: (work: W) => R
  readonly told: (original: O) => Told
}

export type Passed<O, R> = {
  readonly results: readonly R[]
  /** How many of the originals, from the first on, are done with: passed, dropped or left out. */
  readonly done: number
  /** of those that were given up */
  readonly troubles: readonly { readonly original: O; readonly trouble: Trouble }[]
  /** what the task fails with, at the record after those that are done with */
  readonly failure?: ConnectError
}

/** A step that failed; `error` is what it threw. */
type Stopped = { readonly step: number; readonly error: unknown }

/**
 * Carries records through the steps, in their order. As long as nothing fails nobody waits: it is one plain loop.
 * Undefined when the run had to end before a fault had healed: nothing of them is done then.
 */
export async function passAll<O, W, R>(
  originals: readonly O[],
  passage: Passage<O, W, R>,
  tolerance: Tolerance,
  wait: Wait,
): Promise<Passed<O, R> | undefined> {
  const results: R[] = []
  const troubles: { readonly original: O; readonly trouble: Trouble }[] = []
  const passed = (done: number) => ({ results, done, troubles })

  let stopped = passOn(originals, 0, passage, results)
  while (stopped) {
    const { original, work, at } = stopped
    const outcome = await goOn(work, stopped, passage.steps, { tolerance, wait })
    if (outcome === undefined) return undefined
    if (outcome === true) results.push(passage.finish(work))
    else if (outcome !== false) {
      troubles.push({ original, trouble: outcome })
      const failure = tolerance.giveUp(outcome, passage.told(original))
      if (failure) return { ...passed(at), failure }
    }
    stopped = passOn(originals, at + 1, passage, results)
  }
  return passed(originals.length)
}

/** From this record on to the end, or to the first that fails. */
function passOn<O, W, R>(
  originals: readonly O[],
  from: number,
  { begin, steps, finish }: Passage<O, W, R>,
  results: R[],
): (Stopped & { readonly at: number; readonly original: O; readonly work: W }) | undefined {
  for (let at = from; at < originals.length; at++) {
    const original = originals[at] as O // below its length
    const work = begin(original)
    const way = advance(work, steps, 0)
    if (way === true) results.push(finish(work))
    else if (way !== false) return { ...way, at, original, work }
  }
  return undefined
}

/** True: it has passed; false: it is dropped. */
function advance<W>(work: W, steps: readonly Step<W>[], from: number): boolean | Stopped {
  let step = from
  try {
    for (; step < steps.length; step++) if (!steps[step]?.run(work)) return false
    return true
  } catch (error) {
    return { step, error }
  }
}

/** As `advance`, but what may heal is tried again; trouble when it does not, undefined when it is handed back. */
async function goOn<W>(
  work: W,
  first: Stopped,
  steps: readonly Step<W>[],
  { tolerance, wait }: { readonly tolerance: Tolerance; readonly wait: Wait },
): Promise<boolean | Trouble | undefined> {
  let stopped = first
  for (;;) {
    const { stage, className, run } = steps[stopped.step] as Step<W> // the one that failed
    const healed = await tolerance.heal(stopped.error, () => run(work), wait)
    if (healed === undefined) return undefined
    if ('error' in healed) return { stage, className, error: healed.error }
    if (!healed.result) return false
    const way = advance(work, steps, stopped.step + 1)
    if (typeof way === 'boolean') return way
    stopped = way
  }
}
