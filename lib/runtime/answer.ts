/** What a function answers the api: it reaches the servers that the api does not. */
import { messageOf, RetriableError, toldError } from '../errors.ts'
import type { Plugins } from '../plugin.ts'
import type { AskEvent, Asked, Ports } from '../ports.ts'
import { alterGroups, groupOffsets, removeGroups } from './group-offsets.ts'
import { idleGroups, mirrorGroups, readyGroup } from './kept-groups.ts'
import { preview } from './preview.ts'
import { probe } from './probe.ts'
import type { Reply } from './reply.ts'
import { sinkLag } from './sink-lag.ts'
import { unlessAborted } from './unless-aborted.ts'

/** What an answerer works with. At the signal the api is about to give up, and whatever was opened has to be closed. */
export type Desk = {
  readonly ports: Ports
  readonly plugins: Plugins
  readonly signal: AbortSignal
}

export type Answerer<Name extends keyof Asked> = (
  question: Asked[Name]['question'],
  desk: Desk,
) => Promise<Asked[Name]['answer']>

const ANSWERERS: { readonly [Name in keyof Asked]: Answerer<Name> } = {
  probe,
  preview,
  groupOffsets,
  alterGroups,
  removeGroups,
  idleGroups,
  readyGroup,
  mirrorGroups,
  sinkLag,
}

/** Below ASK_MS by what a cold start takes, so that the api hears what it is that takes so long. */
export const ANSWER_MS = 15_000

/** Never throws: an error is a reply as well. */
export async function answer(
  event: AskEvent,
  ports: Ports,
  plugins: Plugins,
  limitMs = ANSWER_MS,
): Promise<Reply> {
  const signal = AbortSignal.timeout(limitMs)
  try {
    const answered = await unlessAborted(answerTo(event, { ports, plugins, signal }), signal)
    if (answered) return { answer: answered }
    throw new RetriableError(`There was no answer within ${limitMs} ms: ${event.ask}`)
  } catch (error) {
    ports.log.warn(`Could not answer ${event.ask}: ${messageOf(error)}`, { error })
    const told = toldError(error)
    return { error: { ...told, message: ports.conceal(told.message) } }
  }
}

async function answerTo<Name extends keyof Asked>(
  { ask, question }: { readonly ask: Name; readonly question: Asked[Name]['question'] },
  desk: Desk,
): Promise<Asked[Name]['answer']> {
  if (!Object.hasOwn(ANSWERERS, ask)) throw new RetriableError(`Another release asks for ${ask}`)
  return ANSWERERS[ask](question, desk)
}
