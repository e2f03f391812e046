import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import {
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  paginateListAliases,
  paginateListEventSourceMappings,
} from '@aws-sdk/client-lambda'
import {
  ListScheduleGroupsCommand,
  paginateListSchedules,
  SchedulerClient,
} from '@aws-sdk/client-scheduler'
import { systemClock } from '../../lib/monitoring/system-clock.ts'
import { dynamodbRows } from '../../lib/store/dynamodb-rows.ts'
import { storesOver } from '../../lib/store/stores.ts'
import { STACK } from './deployment.ts'
import type { Scene } from './scene.ts'
import { type Credentials, query, REGION, ROOT } from './signed-request.ts'

/** The account as its root user sees it. */
export const clientAt = (endpoint: string, credentials: Credentials = ROOT) => ({
  endpoint,
  region: REGION,
  credentials,
  maxAttempts: 8,
})

/** What the coordinator made, by its names: all that a deployment does not bring itself. */
export async function madeAtRunTime({ front, emulator }: Scene): Promise<string[]> {
  const lambda = new LambdaClient(clientAt(front.url))
  const scheduler = new SchedulerClient(clientAt(emulator.url))
  const sink = `${STACK}-sink`
  const made: string[] = []
  for await (const page of paginateListEventSourceMappings({ client: lambda }, {}))
    for (const { FunctionArn, Topics, State } of page.EventSourceMappings ?? [])
      if (Topics) made.push(`mapping ${FunctionArn} ${Topics} ${State}`)
  for await (const page of paginateListAliases({ client: lambda }, { FunctionName: sink }))
    for (const { Name } of page.Aliases ?? [])
      if (!OF_RELEASES.test(Name ?? '')) made.push(`alias ${Name}`)
  for await (const page of paginateListSchedules({ client: scheduler }, { GroupName: STACK }))
    for (const { Name } of page.Schedules ?? [])
      if (Name !== `${STACK}-coordinator`) made.push(`schedule ${Name}`)
  return made
}

const OF_RELEASES = /^(live|release-\d+)$/

/** What bears the name of the stack, of all kinds that it has with a name of their own. */
export async function namedAfterStack({ emulator, front }: Scene): Promise<string[]> {
  const client = clientAt(emulator.url)
  const names = async (service: string, form: Readonly<Record<string, string>>, element: string) =>
    [
      ...(await query(emulator.url, service, form)).matchAll(
        new RegExp(`<${element}>([^<]*)</${element}>`, 'g'),
      ),
    ].map(([, name = '']) => name)
  const { TableNames = [] } = await new DynamoDBClient(client).send(new ListTablesCommand({}))
  const { Functions = [] } = await new LambdaClient(client).send(new ListFunctionsCommand({}))
  const { ScheduleGroups = [] } = await new SchedulerClient(client).send(
    new ListScheduleGroupsCommand({}),
  )
  const { EventSourceMappings = [] } = await new LambdaClient(clientAt(front.url)).send(
    new ListEventSourceMappingsCommand({}),
  )
  const all = [
    ...TableNames,
    ...Functions.map(({ FunctionName }) => FunctionName),
    ...ScheduleGroups.map(({ Name }) => Name),
    ...EventSourceMappings.map(({ FunctionArn }) => FunctionArn),
    ...(await names('iam', { Action: 'ListRoles', Version: '2010-05-08' }, 'RoleName')),
    ...(await names(
      'monitoring',
      { Action: 'DescribeAlarms', Version: '2010-08-01' },
      'AlarmName',
    )),
  ]
  return all.filter((name): name is string => name?.includes(STACK) ?? false)
}

/** Its logical and physical names, without a stack none. */
export async function resourcesOf({ emulator }: Scene): Promise<Map<string, string>> {
  const form = { Action: 'ListStackResources', Version: '2010-05-15', StackName: STACK }
  const answer = await query(emulator.url, 'cloudformation', form)
  const members = answer.matchAll(
    /<LogicalResourceId>([^<]*)<\/LogicalResourceId>\s*<PhysicalResourceId>([^<]*)</g,
  )
  return new Map([...members].map(([, logical = '', physical = '']) => [logical, physical]))
}

/** The rows of the deployment, read from outside of it. */
export async function storesOf(scene: Scene) {
  const table = (await resourcesOf(scene)).get('Table') ?? ''
  const client = new DynamoDBClient(clientAt(scene.emulator.url))
  return storesOver(dynamodbRows(client, table), systemClock)
}
