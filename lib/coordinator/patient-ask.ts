import { isRetriable, RetriableError } from '../errors.ts'
import type { Ask, Clock } from '../ports.ts'

/** Long enough for a tick over many connectors not to wait for each of their questions. */
const REST_MS = 10_000

/** Once a function could not answer, it is left alone for a while: questions fail at once. */
export function patientAsk({ source, sink }: Ask, clock: Pick<Clock, 'monotonic'>): Ask {
  const resting = (ask: Ask['sink']): Ask['sink'] => {
    let last: { readonly at: number; readonly cause: unknown } | undefined
    return async (what, question) => {
      if (last && clock.monotonic() - last.at < REST_MS)
        throw new RetriableError(`It is not asked for ${what} so soon again`, { cause: last.cause })
      try {
        return await ask(what, question)
      } catch (error) {
        if (isRetriable(error)) last = { at: clock.monotonic(), cause: error }
        throw error
      }
    }
  }
  return { source: resting(source), sink: resting(sink) }
}
