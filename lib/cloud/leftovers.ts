import {
  DeleteEventSourceMappingCommand,
  type EventSourceMappingConfiguration,
  type LambdaClient,
  paginateListEventSourceMappings,
} from '@aws-sdk/client-lambda'
import { NotFoundError, RetriableError } from '../errors.ts'
import type { Leftovers } from '../ports.ts'
import { already, calling } from './aws-errors.ts'

/** Event source mappings stay when the function goes that they feed; schedules go with their group, aliases with their function. */
export const mappingLeftovers = (client: LambdaClient, sinkArn: string): Leftovers => ({
  async clear(hasTime) {
    const left = await mappingsOf(client, sinkArn)
    const waiting = left.filter(({ State }) => State !== 'Deleting')
    const lane = async (): Promise<void> => {
      for (let one = waiting.pop(); one && hasTime(); one = waiting.pop())
        await removed(client, one)
    }
    await Promise.all(Array.from({ length: LANES }, lane))
    return left.length
  },
})

// Lambda takes 15 changes a second, each of a tenth of a second or two.
const LANES = 3

/** Of all aliases: a look at those of the whole account, a hundred a call, beats one a connector. */
async function mappingsOf(client: LambdaClient, sinkArn: string) {
  const found: EventSourceMappingConfiguration[] = []
  await calling('listing the event source mappings', async () => {
    for await (const page of paginateListEventSourceMappings({ client }, {}))
      found.push(...(page.EventSourceMappings ?? []))
  })
  return found.filter(
    ({ FunctionArn = '' }) => FunctionArn === sinkArn || FunctionArn.startsWith(`${sinkArn}:`),
  )
}

/** Or not: one that is just being changed, or a call too many, has its turn with the next look. */
async function removed(
  client: LambdaClient,
  { UUID }: EventSourceMappingConfiguration,
): Promise<void> {
  try {
    await already(NotFoundError, `removing the event source mapping ${UUID}`, () =>
      client.send(new DeleteEventSourceMappingCommand({ UUID })),
    )
  } catch (error) {
    if (!(error instanceof RetriableError)) throw error
  }
}
