import { InvokeCommand, type InvokeCommandOutput, type LambdaClient } from '@aws-sdk/client-lambda'
import { ConnectError, RetriableError } from '../errors.ts'
import { ASK_MS, type Ask, type Asked } from '../ports.ts'
import { answerIn, type Reply } from '../runtime/reply.ts'
import { calling } from './aws-errors.ts'

/** Names or ARNs. The client makes one attempt: a question asked twice would take twice as long. */
export function lambdaAsk(
  client: LambdaClient,
  functions: { readonly source: string; readonly sink: string },
  limitMs = ASK_MS,
): Ask {
  const asking =
    (name: string) =>
    async <Name extends keyof Asked>(what: Name, question: Asked[Name]['question']) => {
      const payload = JSON.stringify({ ask: what, question })
      return answerIn<Name>(replyIn(name, await invoked(client, name, payload, limitMs)))
    }
  return { source: asking(functions.source), sink: asking(functions.sink) }
}

async function invoked(
  client: LambdaClient,
  name: string,
  payload: string,
  limitMs: number,
): Promise<InvokeCommandOutput> {
  const abortSignal = AbortSignal.timeout(limitMs)
  const command = new InvokeCommand({
    FunctionName: name,
    InvocationType: 'RequestResponse',
    Payload: payload,
  })
  try {
    return await calling(`asking ${name}`, () => client.send(command, { abortSignal }))
  } catch (cause) {
    if (!abortSignal.aborted) throw cause
    throw new RetriableError(`${name} did not answer within ${limitMs} ms`, { cause })
  }
}

/** What Lambda says in place of an answer when a function throws, is killed or answers too much. */
type Failure = { readonly errorType?: string; readonly errorMessage?: string }

function replyIn(name: string, { FunctionError, Payload }: InvokeCommandOutput): Reply {
  const text = Payload?.transformToString() ?? ''
  if (FunctionError === undefined && text !== '') return JSON.parse(text) // as answer() wrote it
  const { errorType = FunctionError, errorMessage = text }: Failure = text ? JSON.parse(text) : {}
  throw new ConnectError(`${name} failed: ${errorType}: ${errorMessage}`)
}
