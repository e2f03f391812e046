import type { Context } from 'aws-lambda'
import { ConnectError, messageOf, RetriableError } from '../errors.ts'
import { ASK_MS, type Ask, type AskEvent, type Asked } from '../ports.ts'
import { answerIn, type Reply } from '../runtime/reply.ts'
import { unlessAborted } from '../runtime/unless-aborted.ts'
import { lambdaContext } from './lambda-context.ts'

/** The functions that can be asked. */
export type Askable = Readonly<
  Record<'source' | 'sink', (event: AskEvent, context: Context) => Promise<unknown>>
>

/** Questions go through the functions' own handlers, as JSON, and beside the tasks: they are none of what runs. */
export function localAsk(functions: () => Askable, limitMs = ASK_MS): Ask {
  const asking =
    (name: 'source' | 'sink') =>
    async <Name extends keyof Asked>(what: Name, question: Asked[Name]['question']) => {
      const signal = AbortSignal.timeout(limitMs)
      const event = JSON.parse(JSON.stringify({ ask: what, question }))
      const context = lambdaContext(name, { remainingMs: () => limitMs })
      const reply = await unlessAborted(replyOf(name, functions()[name](event, context)), signal)
      if (!reply) throw new RetriableError(`${name} did not answer within ${limitMs} ms`)
      return answerIn<Name>(reply)
    }
  return { source: asking('source'), sink: asking('sink') }
}

/** A handler that throws is a function that died: an answer's error is a reply. */
async function replyOf(name: string, replying: Promise<unknown>): Promise<Reply> {
  try {
    return JSON.parse(JSON.stringify(await replying)) // as answer() wrote it
  } catch (cause) {
    throw new ConnectError(`${name} failed: ${messageOf(cause)}`, { cause })
  }
}
