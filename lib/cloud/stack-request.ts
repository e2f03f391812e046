import { isRetriable, messageOf } from '../errors.ts'
import type { Clock, Leftovers } from '../ports.ts'

/** What CloudFormation tells a custom resource, as far as it matters here. */
export type StackRequest = {
  readonly RequestType: 'Create' | 'Update' | 'Delete'
  /** where the answer goes, as a PUT */
  readonly ResponseURL: string
  readonly StackId: string
  readonly RequestId: string
  readonly LogicalResourceId: string
  readonly PhysicalResourceId?: string
  /** ours: how many invocations have worked on it before */
  readonly round?: number
  /** no nudge */
  readonly connector?: never
}

export type StackSurroundings = {
  /** @throws ConfigError when functions would not start with these parameters */
  readonly check: () => void
  readonly leftovers: Leftovers
  /** Has another invocation go on with it. */
  readonly goOn: (request: StackRequest) => Promise<void>
  readonly remainingMs: () => number
  readonly clock: Pick<Clock, 'sleep'>
}

export const isStackRequest = (event: object): event is StackRequest =>
  'RequestType' in event && 'ResponseURL' in event

/**
 * Refuses parameters that do not go together when the stack is made or changed; clears away what was made at run time when it goes.
 * Answers whatever happens, since CloudFormation would wait for an hour. @throws when the answer cannot be given.
 */
export async function serveStack(
  request: StackRequest,
  surroundings: StackSurroundings,
): Promise<void> {
  try {
    if (request.RequestType !== 'Delete') surroundings.check()
    else if ((await clear(request, surroundings)) === 'later') return
  } catch (error) {
    return answer(request, surroundings, messageOf(error))
  }
  return answer(request, surroundings)
}

/** What is left for the answer, or for having another invocation go on. */
const ENDING_MS = 15_000
const LOOK_AGAIN_MS = 1_000
// Lambda stops a function that invokes itself after about 16 times.
const MAX_ROUNDS = 14

async function clear(
  request: StackRequest,
  { leftovers, goOn, remainingMs, clock }: StackSurroundings,
): Promise<'done' | 'later'> {
  const hasTime = () => remainingMs() > ENDING_MS
  let trouble: unknown
  let left: number | undefined
  while (hasTime()) {
    try {
      left = await leftovers.clear(hasTime)
      trouble = undefined
    } catch (error) {
      if (!isRetriable(error)) throw error
      trouble = error
    }
    if (left === 0 && !trouble) return 'done'
    await clock.sleep(LOOK_AGAIN_MS)
  }
  const round = (request.round ?? 0) + 1
  if (round < MAX_ROUNDS) {
    await goOn({ ...request, round })
    return 'later'
  }
  const told = trouble ? `: ${messageOf(trouble)}` : ''
  throw new Error(
    `${left ?? 'Some'} event source mappings are still there${told}. Remove the stack again to go on`,
  )
}

const ANSWERS = 3

async function answer(
  request: StackRequest,
  { clock }: StackSurroundings,
  reason?: string,
): Promise<void> {
  const { StackId, RequestId, LogicalResourceId, PhysicalResourceId = LogicalResourceId } = request
  const body = JSON.stringify({
    Status: reason === undefined ? 'SUCCESS' : 'FAILED',
    // An answer has at most 4 KB.
    Reason: (reason ?? '').slice(0, 1_000),
    PhysicalResourceId,
    StackId,
    RequestId,
    LogicalResourceId,
  })
  for (let turn = 1; ; turn++) {
    try {
      return await put(request.ResponseURL, body)
    } catch (cause) {
      if (turn === ANSWERS) throw new Error('CloudFormation was not answered', { cause })
      await clock.sleep(LOOK_AGAIN_MS)
    }
  }
}

async function put(url: string, body: string): Promise<void> {
  // The address is signed, for an empty content type.
  const headers = { 'content-type': '' }
  const { ok, status } = await fetch(url, {
    method: 'PUT',
    headers,
    body,
    signal: AbortSignal.timeout(5_000),
  })
  if (!ok) throw new Error(`The answer was answered with ${status}`)
}
