import {
  type AliasConfiguration,
  CreateAliasCommand,
  DeleteAliasCommand,
  type EventSourceMappingConfiguration,
  GetAliasCommand,
  type LambdaClient,
  paginateListAliases,
  paginateListEventSourceMappings,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda'
import { ConfigError, ConflictError, NotFoundError } from '../errors.ts'
import type { Aliases } from '../ports.ts'
import { already, calling } from './aws-errors.ts'
import { aliasOf } from './names.ts'

export type SinkFunction = {
  /** its ARN, without an alias */
  readonly sinkArn: string
  /** the alias whose version connectors are to have; left out: they have the newest code by themselves */
  readonly live?: string | undefined
}

// A tick has other work, and each takes a call of the few a second that are ours: with more of them the next ones go on.
const MOVES_A_TICK = 300

/** Each sink connector has its own alias of the sink function; its description is the connector's name. Read once a container. */
export function lambdaAliases(client: LambdaClient, sink: SinkFunction): Aliases {
  const known = new Map<string, string>()
  /** the revision of `live` that all aliases were seen to have followed */
  let followed: string | undefined
  return {
    async connectorOf(invokedFunctionArn) {
      const connector =
        known.get(invokedFunctionArn) ?? (await describedBy(client, invokedFunctionArn))
      known.set(invokedFunctionArn, connector)
      return connector
    },

    async follow(mayGoOn = () => true) {
      const { sinkArn, live } = sink
      if (live === undefined) return
      const target = await readAlias(client, sinkArn, live)
      // A revision never comes again, whereas a version does: somebody may have gone back meanwhile.
      if (target.RevisionId === followed) return
      if (await moveAll(client, { sinkArn, live, mayGoOn }, target.FunctionVersion))
        followed = target.RevisionId
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
  const found = await readAlias(client, functionName, alias)
  if (!found.Description || !isOfConnector(found))
    throw new NotFoundError(`The alias ${alias} of ${functionName} was not made for a connector`)
  return found.Description
}

const readAlias = (client: LambdaClient, functionName: string, alias: string) =>
  calling(`reading the alias ${alias}`, () =>
    client.send(new GetAliasCommand({ FunctionName: functionName, Name: alias })),
  )

const isOfConnector = ({ Name, Description }: AliasConfiguration): boolean =>
  Description !== undefined && aliasOf(Description) === Name

type Following = SinkFunction & { readonly live: string; readonly mayGoOn: () => boolean }

/** Whether none is left to be moved. */
async function moveAll(
  client: LambdaClient,
  { sinkArn, live, mayGoOn }: Following,
  version: string | undefined,
): Promise<boolean> {
  let moves = 0
  let isSettled = true
  const stale = (alias: AliasConfiguration) =>
    isOfConnector(alias) && alias.FunctionVersion !== version
  for await (const { Aliases = [] } of listing(client, sinkArn)) {
    if (!mayGoOn()) return false
    if (!Aliases.some(stale)) continue
    // Read after the page, and moved only where nobody has moved it since: a coordinator that was slow puts nothing back.
    const { FunctionVersion } = await readAlias(client, sinkArn, live)
    for (const alias of Aliases.filter(stale)) {
      if (moves++ === MOVES_A_TICK || !mayGoOn()) return false
      if (!(await move(client, sinkArn, { ...alias, FunctionVersion }))) isSettled = false
    }
  }
  return isSettled
}

async function* listing(client: LambdaClient, sinkArn: string) {
  const pages = paginateListAliases({ client }, { FunctionName: sinkArn })
  const next = () => calling('listing the aliases of the sink function', () => pages.next())
  for (let page = await next(); !page.done; page = await next()) yield page.value
}

/** False when somebody else has changed or removed it since it was read. */
async function move(
  client: LambdaClient,
  sinkArn: string,
  { Name, FunctionVersion, RevisionId, Description }: AliasConfiguration,
): Promise<boolean> {
  const command = new UpdateAliasCommand({
    FunctionName: sinkArn,
    Name,
    FunctionVersion,
    RevisionId,
  })
  try {
    await calling(`moving the alias of ${Description}`, () => client.send(command))
    return true
  } catch (error) {
    if (error instanceof ConflictError || error instanceof NotFoundError) return false
    throw error
  }
}

export async function ensureAlias(
  client: LambdaClient,
  sink: SinkFunction,
  connector: string,
): Promise<void> {
  // The length of an alias's description in Lambda's API.
  if (connector.length > 256)
    throw new ConfigError(
      `The name of a sink connector has at most 256 characters in AWS, ${connector.slice(0, 40)}… has ${connector.length}`,
    )
  const { sinkArn, live } = sink
  const FunctionVersion = await wantedVersion(client, sink)
  const command = new CreateAliasCommand({
    FunctionName: sinkArn,
    Name: aliasOf(connector),
    FunctionVersion,
    Description: connector,
  })
  await already(ConflictError, `making the alias of ${connector}`, async () => {
    const made = await client.send(command)
    // Whoever moved all of them meanwhile did not see this one.
    const version = live && (await wantedVersion(client, sink))
    if (version && version !== FunctionVersion)
      await move(client, sinkArn, { ...made, FunctionVersion: version })
  })
}

const wantedVersion = async (
  client: LambdaClient,
  { sinkArn, live }: SinkFunction,
): Promise<string | undefined> =>
  live === undefined ? '$LATEST' : (await readAlias(client, sinkArn, live)).FunctionVersion

export async function removeAlias(
  client: LambdaClient,
  functionArn: string,
  connector: string,
): Promise<void> {
  const command = new DeleteAliasCommand({ FunctionName: functionArn, Name: aliasOf(connector) })
  await already(NotFoundError, `removing the alias of ${connector}`, () => client.send(command))
}
