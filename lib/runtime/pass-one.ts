import { type Passage, passAll } from './passage.ts'
import type { Place, Sheet, ShownRecord } from './preview-sheet.ts'
import type { Tolerance, Trouble } from './tolerance.ts'

/** Nothing is tried again, nothing counted or logged, and no fault ends the rest. */
const ONLY_LOOKING: Tolerance = {
  heal: async (error) => ({ error }),
  giveUp: () => undefined,
}

/** What becomes of one record, without consequences; neither result nor trouble: it is dropped. */
async function passOne<O, W, R>(
  original: O,
  passage: Passage<O, W, R>,
): Promise<{ readonly result?: R; readonly trouble?: Trouble }> {
  const passed = await passAll([original], passage, ONLY_LOOKING, async () => false)
  const [result, trouble] = [passed?.results[0], passed?.troubles[0]?.trouble]
  return { ...(result !== undefined && { result }), ...(trouble && { trouble }) }
}

/** Puts on the sheet what becomes of one record: what it looks like in the end, or what fails. */
export const passerTo =
  <O, W, R>(
    sheet: Sheet,
    passage: Passage<O, W, R>,
    placeOf: (original: O) => Place,
    shownAs: (result: R) => Omit<ShownRecord, keyof Place>,
  ) =>
  async (original: O): Promise<void> => {
    const place = placeOf(original)
    try {
      const { result, trouble } = await passOne(original, passage)
      if (trouble) {
        const { stage, className, error } = trouble
        return sheet.fault(place, { stage, class: className, error })
      }
      if (result === undefined) return sheet.dropped()
      sheet.record({ ...shownAs(result), ...place })
    } catch (error) {
      // After all steps: it fits no JSON, or has what a task would fail at, such as a time that is none.
      sheet.fault(place, { stage: null, class: null, error })
    }
  }
