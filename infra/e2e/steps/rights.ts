import assert from 'node:assert/strict'
import { DeleteTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import { asRole } from '../api.ts'
import { clientAt, resourcesOf } from '../cloud.ts'
import { STACK } from '../deployment.ts'
import type { Scene } from '../scene.ts'
import { inXml, query, REGION } from '../signed-request.ts'
import type { Step } from './step.ts'

const FUNCTIONS = ['api', 'coordinator', 'source', 'sink'] as const
const ACCOUNT = '000000000000'

export const rights: readonly Step[] = [
  {
    title: 'what its role does not give a function is refused',
    async run(scene) {
      const table = (await resourcesOf(scene)).get('Table') ?? ''
      for (const name of FUNCTIONS) {
        const client = await clientOf(scene, name)
        const Key = { pk: { S: 'none' }, sk: { S: 'none' } }
        await new DynamoDBClient(client).send(new GetItemCommand({ TableName: table, Key }))
        await refused(new DynamoDBClient(client).send(new DeleteTableCommand({ TableName: table })))
        await refused(new SchedulerClient(client).send(scheduleElsewhere()))
      }
      const sink = new LambdaClient(await clientOf(scene, 'sink'))
      await refused(sink.send(new InvokeCommand({ FunctionName: `${STACK}-source` })))
      return undefined
    },
  },
  {
    title:
      'what the mapping front answers without asking IAM, the role gives: and for the sink function alone',
    async run(scene) {
      const Action = ['Create', 'Update', 'Delete'].map(
        (verb) => `lambda:${verb}EventSourceMapping`,
      )
      for (const action of Action) {
        assert.equal(await decided(scene, action, `${STACK}-sink:alias`), 'allowed')
        assert.equal(await decided(scene, action, `${STACK}-source`), 'implicitDeny')
      }
      return undefined
    },
  },
]

const roleOf = (name: string): string => `${STACK}-${REGION}-${name}`

const clientOf = async ({ emulator }: Scene, name: string) =>
  clientAt(emulator.url, await asRole(emulator.url, roleOf(name)))

const refused = (call: Promise<unknown>) =>
  assert.rejects(call, (error: Error) => {
    assert.match(error.name, /^AccessDenied/)
    return true
  })

/** In the group of all that have none. */
const scheduleElsewhere = () =>
  new CreateScheduleCommand({
    GroupName: 'default',
    Name: 'elsewhere',
    ScheduleExpression: 'rate(1 hour)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${STACK}-source`,
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/${roleOf('scheduler')}`,
    },
  })

/** What IAM would say to the coordinator. */
async function decided({ emulator }: Scene, action: string, target: string): Promise<string> {
  const context = 'ContextEntries.member.1'
  const answer = await query(emulator.url, 'iam', {
    Action: 'SimulatePrincipalPolicy',
    Version: '2010-05-08',
    PolicySourceArn: `arn:aws:iam::${ACCOUNT}:role/${roleOf('coordinator')}`,
    'ActionNames.member.1': action,
    [`${context}.ContextKeyName`]: 'lambda:FunctionArn',
    [`${context}.ContextKeyType`]: 'string',
    [`${context}.ContextKeyValues.member.1`]: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${target}`,
  })
  return inXml(answer, 'EvalDecision')
}
