import { messageOf } from '../errors.ts'
import type { Clock, Log } from '../ports.ts'

const AGAIN_MS = 2_000

/** Asks once, and goes on asking until there is an answer; what it resolves to gives the id, empty until then. */
export async function clusterId(
  ask: () => Promise<string>,
  closing: AbortSignal,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<() => string> {
  let id = ''
  const look = async () => {
    id = await ask()
  }
  const lookAgain = async () => {
    while (id === '' && !closing.aborted) {
      await clock.sleep(AGAIN_MS, closing)
      // It was told at the start.
      if (!closing.aborted) await look().catch(() => undefined)
    }
  }
  try {
    await look()
  } catch (error) {
    log.warn(`Kafka does not answer yet: ${messageOf(error)}`)
    void lookAgain()
  }
  return () => id
}
