import { type Passage, passAll } from './passage.ts'
import type { Tolerance, Trouble } from './tolerance.ts'

/** Nothing is tried again, nothing counted or logged, and no fault ends the rest. */
const ONLY_LOOKING: Tolerance = {
  heal: async (error) => ({ error }),
  giveUp: () => undefined,
}

/** What becomes of one record, without consequences; neither result nor trouble: it is dropped. */
export async function passOne<O, W, R>(
  original: O,
  passage: Passage<O, W, R>,
): Promise<{ readonly result?: R; readonly trouble?: Trouble }> {
  const passed = await passAll([original], passage, ONLY_LOOKING, async () => false)
  const [result, trouble] = [passed?.results[0], passed?.troubles[0]?.trouble]
  return { ...(result !== undefined && { result }), ...(trouble && { trouble }) }
}
