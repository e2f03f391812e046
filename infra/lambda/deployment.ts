import { randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda'
import {
  CreateScheduleGroupCommand,
  DeleteScheduleGroupCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler'
import { ZipFile } from 'yazl'
import { createTable } from '../../lib/store/table.ts'
import { addresses } from '../stack/addresses.ts'
import { type EmulatedFunction, emulated } from './emulated.ts'
import { FUNCTIONS, packaged } from './packaged.ts'
import { resolvedEnvironment } from './template-environment.ts'

export type FunctionName = (typeof FUNCTIONS)[number]

/** The packaged functions, what they need of AWS in the stack's emulator of it, and each of them in Lambda's. */
export type EmulatedDeployment = {
  /** What the names of all that is in AWS begin with. */
  readonly service: string
  readonly lambda: LambdaClient
  readonly scheduler: SchedulerClient
  readonly dynamodb: DynamoDBClient
  readonly table: string
  /** A container of a function: under an alias it is invoked by that alias's ARN. */
  start(name: FunctionName, more?: More): Promise<EmulatedFunction>
  /** Where a function's bundle is unpacked. */
  folderOf(name: FunctionName): Promise<string>
  remove(): Promise<void>
}

type More = {
  readonly alias?: string
  readonly environment?: Readonly<Record<string, string>>
}

const REGION = 'us-east-1'
const ACCOUNT = '000000000000'
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' }
/** As the template names what it makes, without a stage of its own. */
const IN_TEMPLATE = 'connectless-dev'

export async function emulatedDeployment(): Promise<EmulatedDeployment> {
  const { aws, kafka } = addresses()
  const { endpoint } = aws
  const service = `connectless-${randomBytes(4).toString('hex')}`
  const kit = await packaged([`kafkaBootstrapServers=${kafka['bootstrap.servers']}`])
  const template = await kit.template()
  const at = { endpoint, region: REGION, credentials: CREDENTIALS }
  const [lambda, scheduler] = [new LambdaClient(at), new SchedulerClient(at)]
  const dynamodb = new DynamoDBClient(at)
  const resolved = { template, names: { Table: service }, region: REGION, account: ACCOUNT }
  const folders = new Map<FunctionName, Promise<string>>()
  const containers: EmulatedFunction[] = []

  function folderOf(name: FunctionName): Promise<string> {
    const unpacked = folders.get(name) ?? kit.unpack(name)
    folders.set(name, unpacked)
    return unpacked
  }

  await createTable(dynamodb, service)
  await scheduler.send(new CreateScheduleGroupCommand({ Name: service }))
  for (const name of FUNCTIONS) await createStub(lambda, `${service}-${name}`)
  return {
    service,
    lambda,
    scheduler,
    dynamodb,
    table: service,
    folderOf,
    async start(name, { alias, environment = {} } = {}) {
      const { Properties } = functionOf(template, name)
      const variables = resolvedEnvironment(Properties.Environment?.Variables ?? {}, resolved)
      const ours = Object.entries(variables).map(([key, value]) => [
        key,
        value.replaceAll(IN_TEMPLATE, service),
      ])
      const container = await emulated({
        folder: await folderOf(name),
        name: `${service}-${name}${alias === undefined ? '' : `:${alias}`}`,
        timeoutSeconds: Properties.Timeout ?? 0,
        memoryMb: Properties.MemorySize ?? 0,
        environment: {
          ...Object.fromEntries(ours),
          AWS_ENDPOINT_URL: endpoint,
          AWS_REGION: REGION,
          AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
          AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
          ...environment,
          NODE_OPTIONS:
            `${variables['NODE_OPTIONS'] ?? ''} ${environment['NODE_OPTIONS'] ?? ''}`.trim(),
        },
      })
      containers.push(container)
      return container
    },
    async remove() {
      for (const container of containers) await container.close()
      for (const name of FUNCTIONS)
        await lambda.send(new DeleteFunctionCommand({ FunctionName: `${service}-${name}` }))
      // With a group go its schedules.
      await scheduler.send(new DeleteScheduleGroupCommand({ Name: service }))
      await dynamodb.send(new DeleteTableCommand({ TableName: service }))
      await kit.remove()
    },
  }
}

type Template = Awaited<ReturnType<Awaited<ReturnType<typeof packaged>>['template']>>

function functionOf({ Resources }: Template, name: FunctionName) {
  const found = Resources[`${name[0]?.toUpperCase()}${name.slice(1)}LambdaFunction`]
  if (!found) throw new Error(`the template has no function ${name}`)
  return found
}

/** What others invoke by name, and aliases are of; it does nothing, since its work is done in Lambda's emulator. */
async function createStub(lambda: LambdaClient, name: string): Promise<void> {
  const zip = new ZipFile()
  zip.addBuffer(Buffer.from('exports.handler = async () => null'), 'index.js')
  zip.end()
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: 'nodejs24.x',
      Role: `arn:aws:iam::${ACCOUNT}:role/any`,
      Handler: 'index.handler',
      Code: { ZipFile: await buffer(zip.outputStream) },
      Publish: true,
    }),
  )
  await lambda.send(
    new CreateAliasCommand({ FunctionName: name, Name: 'live', FunctionVersion: '1' }),
  )
}
