import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import {
  CreateScheduleGroupCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
} from '@aws-sdk/client-scheduler'
import { scheduleOf } from '../../lib/cloud/names.ts'
import { schedulerSchedules } from '../../lib/cloud/scheduler-schedules.ts'
import { schedulerAt } from './emulator.ts'

const client = schedulerAt()
const group = `connectless-test-${randomUUID().slice(0, 8)}`
const settings = {
  stage: 'test',
  group,
  targetArn: 'arn:aws:lambda:us-east-1:000000000000:function:connectless-test-source',
  roleArn: 'arn:aws:iam::000000000000:role/connectless-test-scheduler',
}
const schedules = schedulerSchedules(client, settings)
const scheduled = (connector: string, task: number) =>
  client.send(
    new GetScheduleCommand({ GroupName: group, Name: scheduleOf('test', { connector, task }) }),
  )

before(() => client.send(new CreateScheduleGroupCommand({ Name: group })))
after(() => client.send(new DeleteScheduleGroupCommand({ Name: group })))

test('a schedule fires the source function each minute with the task, and no try is repeated', async () => {
  await schedules.ensure({ connector: 'Bücher', task: 3 })

  const made = await scheduled('Bücher', 3)
  assert.equal(made.State, 'ENABLED')
  assert.equal(made.ScheduleExpression, 'rate(1 minute)')
  assert.deepEqual(made.FlexibleTimeWindow?.Mode, 'OFF')
  assert.equal(made.Target?.Arn, settings.targetArn)
  assert.equal(made.Target?.RoleArn, settings.roleArn)
  assert.equal(made.Target?.RetryPolicy?.MaximumRetryAttempts, 0)
  assert.deepEqual(JSON.parse(made.Target?.Input ?? ''), { connector: 'Bücher', task: 3 })
})

test('making one that exists changes nothing', async () => {
  await schedules.ensure({ connector: 'twice', task: 0 })
  const first = await scheduled('twice', 0)

  await schedules.ensure({ connector: 'twice', task: 0 })

  const second = await scheduled('twice', 0)
  assert.deepEqual(second.CreationDate, first.CreationDate)
  assert.deepEqual(second.LastModificationDate, first.LastModificationDate)
  assert.deepEqual(await schedules.list('twice'), [0])
})

test('a schedule group that is not there is an error that names the connector', async () => {
  const elsewhere = schedulerSchedules(client, { ...settings, group: 'none-there' })

  await assert.rejects(
    elsewhere.ensure({ connector: 'orders', task: 0 }),
    /^NotFoundException: making the schedule of orders-0: /,
  )
})
