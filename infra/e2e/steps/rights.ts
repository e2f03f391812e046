import assert from 'node:assert/strict'
import { DeleteTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import { asRole } from '../api.ts'
import { clientAt, resourcesOf } from '../cloud.ts'
import { roleOf, STACK } from '../deployment.ts'
import type { Scene } from '../scene.ts'
import { inXml, query, REGION } from '../signed-request.ts'
import type { Step } from './step.ts'

const FUNCTIONS = ['api', 'coordinator', 'source', 'sink'] as const
/** MiniStack takes what is done to one alias for listing all, and any schedule for one of the group default. */
const UNASKED: readonly (readonly [string, readonly string[]])[] = [
  ['coordinator', ['GetAlias', 'UpdateAlias', 'DeleteAlias']],
  ['sink', ['GetAlias']],
]
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
    title: 'what the emulator asks IAM wrongly, the roles give, and no more',
    async run(scene) {
      for (const [role, actions] of UNASKED)
        for (const action of actions) {
          const ask = (target: string) =>
            decided(scene, role, `lambda:${action}`, `function:${target}`)
          assert.equal(await ask(`${STACK}-sink:alias`), 'allowed', action)
          assert.equal(await ask(`${STACK}-source`), 'implicitDeny', action)
        }
      for (const action of ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule']) {
        const ask = (group: string) => decided(scene, 'coordinator', action, `schedule/${group}/x`)
        assert.equal(await ask(STACK), 'allowed', action)
        assert.equal(await ask('another'), 'implicitDeny', action)
      }
      return undefined
    },
  },
]

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

/** What IAM would say to a function that does this to what its ARN ends with. */
async function decided({ emulator }: Scene, role: string, action: string, target: string) {
  const arn = `arn:aws:${action.split(':')[0]}:${REGION}:${ACCOUNT}:${target}`
  const answer = await query(emulator.url, 'iam', {
    Action: 'SimulatePrincipalPolicy',
    Version: '2010-05-08',
    PolicySourceArn: `arn:aws:iam::${ACCOUNT}:role/${roleOf(role)}`,
    'ActionNames.member.1': action,
    'ResourceArns.member.1': arn,
  })
  return inXml(answer, 'EvalDecision')
}
