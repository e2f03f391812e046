import {
  CreateAliasCommand,
  DeleteAliasCommand,
  type EventSourceMappingConfiguration,
  GetAliasCommand,
  type LambdaClient,
  paginateListEventSourceMappings,
} from '@aws-sdk/client-lambda'
import { ConfigError, ConflictError, NotFoundError } from '../errors.ts'
import type { Aliases } from '../ports.ts'
import { already, calling } from './aws-errors.ts'
import { aliasOf } from './names.ts'

/** Each sink connector has its own alias of the sink function; its description is the connector's name. Read once a container. */
export function lambdaAliases(client: LambdaClient): Aliases {
  const known = new Map<string, string>()
  return {
    async connectorOf(invokedFunctionArn) {
      const connector =
        known.get(invokedFunctionArn) ?? (await describedBy(client, invokedFunctionArn))
      known.set(invokedFunctionArn, connector)
      return connector
    },
    readsAnswers: (invokedFunctionArn) => allReadAnswers(client, invokedFunctionArn),
  }
}

/** A deployment's settings come to a mapping later than to its function, or earlier. */
async function allReadAnswers(client: LambdaClient, arn: string): Promise<boolean> {
  const all: EventSourceMappingConfiguration[] = []
  await calling(`reading the event source mappings of ${arn}`, async () => {
    for await (const page of paginateListEventSourceMappings({ client }, { FunctionName: arn }))
      all.push(...(page.EventSourceMappings ?? []))
  })
  return all.length > 0 && all.every(readsAnswers)
}

const readsAnswers = (mapping: EventSourceMappingConfiguration): boolean =>
  mapping.State === 'Enabled' &&
  mapping.ProvisionedPollerConfig !== undefined &&
  mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures') === true

// arn:aws:lambda:<region>:<account>:function:<name>:<alias>
async function describedBy(client: LambdaClient, arn: string): Promise<string> {
  const [functionName, alias] = arn.split(':').slice(6)
  if (!functionName || !alias)
    throw new NotFoundError(`${arn} has no alias, so that it is for no connector`)
  const command = new GetAliasCommand({ FunctionName: functionName, Name: alias })
  const { Description } = await calling(`reading the alias ${alias}`, () => client.send(command))
  if (!Description || aliasOf(Description) !== alias)
    throw new NotFoundError(`The alias ${alias} of ${functionName} was not made for a connector`)
  return Description
}

/** It follows the newest code by itself, so a deployment has no aliases to move. */
export async function ensureAlias(
  client: LambdaClient,
  functionArn: string,
  connector: string,
): Promise<void> {
  // The length of an alias's description in Lambda's API.
  if (connector.length > 256)
    throw new ConfigError(
      `The name of a sink connector has at most 256 characters in AWS, ${connector.slice(0, 40)}… has ${connector.length}`,
    )
  const command = new CreateAliasCommand({
    FunctionName: functionArn,
    Name: aliasOf(connector),
    FunctionVersion: '$LATEST',
    Description: connector,
  })
  await already(ConflictError, `making the alias of ${connector}`, () => client.send(command))
}

export async function removeAlias(
  client: LambdaClient,
  functionArn: string,
  connector: string,
): Promise<void> {
  const command = new DeleteAliasCommand({ FunctionName: functionArn, Name: aliasOf(connector) })
  await already(NotFoundError, `removing the alias of ${connector}`, () => client.send(command))
}
