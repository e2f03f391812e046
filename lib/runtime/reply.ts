import { errorTold, type ToldError } from '../errors.ts'
import type { Asked } from '../ports.ts'

/** How an answer, or the error in its place, travels. */
export type Reply =
  | { readonly answer: Asked[keyof Asked]['answer'] }
  | { readonly error: ToldError }

/** The answer of a reply. @throws the error that came in its place. */
export function answerIn<Name extends keyof Asked>(reply: Reply): Asked[Name]['answer'] {
  if ('error' in reply) throw errorTold(reply.error)
  // A reply to the question of this name, of the same release.
  return reply.answer as Asked[Name]['answer']
}
