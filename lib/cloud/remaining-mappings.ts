import {
  DeleteEventSourceMappingCommand,
  type EventSourceMappingConfiguration,
  type LambdaClient,
  paginateListAliases,
  paginateListEventSourceMappings,
} from '@aws-sdk/client-lambda'
import { NotFoundError } from '../errors.ts'
import type { Remains } from '../ports.ts'
import { already, calling } from './aws-errors.ts'
import { aliasOf } from './names.ts'

/**
 * Each mapping stands on its connector's alias, whose description is the connector's name. One whose alias is gone delivers nothing and
 * is found by no connector: it is removed here, and made again where it is wanted.
 */
export const remainingMappings =
  (client: LambdaClient, sinkArn: string): Remains['mappings'] =>
  async (known) => {
    // The mappings first: whatever is there had its alias before.
    const mappings = await calling('listing all event source mappings', () =>
      mappingsOf(client, sinkArn),
    )
    const aliases = await calling('listing all aliases', () => connectorsOf(client, sinkArn))
    const names = await known()
    const lost = mappings.filter(({ alias }) => !aliases.has(alias))
    for (const { found } of lost) await remove(client, found)
    const [isKnown, mapped] = [new Set(names), new Set(mappings.map(({ alias }) => alias))]
    const strays = [...aliases].filter(
      ([alias, connector]) => !isKnown.has(connector) || !mapped.has(alias),
    )
    const isLost = new Set(lost.map(({ alias }) => alias))
    return [
      ...strays.map(([, connector]) => connector),
      ...(isLost.size > 0 ? names.filter((name) => isLost.has(aliasOf(name))) : []),
    ]
  }

type Found = { readonly alias: string; readonly found: EventSourceMappingConfiguration }

async function mappingsOf(client: LambdaClient, sinkArn: string): Promise<Found[]> {
  const all: Found[] = []
  for await (const page of paginateListEventSourceMappings({ client, pageSize: 100 }, {}))
    for (const found of page.EventSourceMappings ?? [])
      if (found.State !== 'Deleting' && found.FunctionArn?.startsWith(`${sinkArn}:`))
        all.push({ alias: found.FunctionArn.slice(sinkArn.length + 1), found })
  return all
}

/** By alias. Others of the function's aliases were not made for any. */
async function connectorsOf(client: LambdaClient, sinkArn: string): Promise<Map<string, string>> {
  const connectors = new Map<string, string>()
  for await (const { Aliases } of paginateListAliases({ client }, { FunctionName: sinkArn }))
    for (const { Name, Description } of Aliases ?? [])
      if (Name && Description && aliasOf(Description) === Name) connectors.set(Name, Description)
  return connectors
}

async function remove(client: LambdaClient, { UUID }: EventSourceMappingConfiguration) {
  const command = new DeleteEventSourceMappingCommand({ UUID })
  await already(NotFoundError, `removing the event source mapping ${UUID}`, () =>
    client.send(command),
  )
}
