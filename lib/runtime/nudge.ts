import { messageOf } from '../errors.ts'
import type { Ports } from '../ports.ts'

/** Has the coordinator look at once. Never throws: what was written stays so, and the next tick meets it. */
export async function nudge(connector: string, { invoker, log }: Ports): Promise<void> {
  try {
    await invoker.coordinator({ connector })
  } catch (error) {
    log.warn(
      `Nudging the coordinator failed, its next tick goes on from there: ${messageOf(error)}`,
      { connector, error },
    )
  }
}
