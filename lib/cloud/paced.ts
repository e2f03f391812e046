import type { Clock } from '../ports.ts'
import { isThrottled, ourError } from './aws-errors.ts'
import type { Lane, Pace } from './pace.ts'

/** How long a call that is throttled or gets no answer is made again, and how often at most. */
const PATIENCE_MS = 25_000
const MAX_TRIES = 8
const MAX_PAUSE_MS = 5_000

export type Queue = {
  readonly pace: Pace
  readonly lane: Lane
  readonly clock: Pick<Clock, 'monotonic' | 'sleep'>
  /** below 1, at random: so that those who met do not meet again */
  readonly random?: () => number
}

type Client = { send(...given: never[]): Promise<unknown> }

/** The client's calls wait for their turn, and those that are throttled for another. The client itself makes one attempt. */
export function paced<C extends Client>(client: C, queue: Queue): C {
  const send = client.send.bind(client) as (...given: unknown[]) => Promise<unknown> // only handed on
  const sendInTurn = async (...given: unknown[]): Promise<unknown> => {
    const since = queue.clock.monotonic()
    for (let tries = 1; ; tries++) {
      await queue.pace.turn(queue.lane)
      try {
        return await send(...given)
      } catch (error) {
        const isOver = tries === MAX_TRIES || queue.clock.monotonic() - since > PATIENCE_MS
        if (isOver || !isWorthRepeating(error)) throw error
        if (isThrottled(error)) queue.pace.slowDown()
        await queue.clock.sleep(pauseMs(tries, queue.random ?? Math.random))
      }
    }
  }
  client.send = sendInTurn as C['send'] // the same overloads: each call is handed on as it is
  return client
}

/** Not what is just being changed: that takes a minute. */
const isWorthRepeating = (error: unknown): boolean =>
  isThrottled(error) || (!isInUse(error) && ourError('', error).retriable)

const isInUse = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ResourceInUseException'

const pauseMs = (tries: number, random: () => number): number =>
  random() * Math.min(MAX_PAUSE_MS, 200 * 2 ** tries)
