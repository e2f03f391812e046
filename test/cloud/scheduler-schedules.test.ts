import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { scheduleOf } from '../../lib/cloud/names.ts'
import { scheduleRequest, schedulerSchedules } from '../../lib/cloud/scheduler-schedules.ts'
import { RetriableError } from '../../lib/errors.ts'
import { schedulerAt } from './emulator.ts'

const settings = {
  stage: 'dev',
  group: 'connectless-dev',
  targetArn: 'arn:aws:lambda:us-east-1:123456789012:function:connectless-dev-source',
  roleArn: 'arn:aws:iam::123456789012:role/connectless-dev-scheduler',
}

test('a schedule asks for one event a minute that says connector and task, and for no repetition', () => {
  const request = scheduleRequest(settings, { connector: 'orders', task: 2 })

  assert.deepEqual(request, {
    GroupName: 'connectless-dev',
    Name: scheduleOf('dev', { connector: 'orders', task: 2 }),
    Description: 'Source task orders-2',
    ScheduleExpression: 'rate(1 minute)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: settings.targetArn,
      RoleArn: settings.roleArn,
      Input: '{"connector":"orders","task":2}',
      RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
    },
  })
})

test('a description stays within the 512 characters that the Scheduler takes', () => {
  const { Description } = scheduleRequest(settings, { connector: 'x'.repeat(900), task: 0 })

  assert.equal(Description?.length, 512)
})

// MiniStack cuts a list at its limit and gives no token, so the pages come from a server of our own.
test('a list that comes in pages is read to its end', async (t) => {
  const pages = [
    {
      Schedules: [0, 1].map((task) => ({ Name: scheduleOf('dev', { connector: 'many', task }) })),
      NextToken: 'more',
    },
    { Schedules: [{ Name: scheduleOf('dev', { connector: 'many', task: 2 }) }] },
  ]
  const asked: (string | null)[] = []
  const server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://localhost').searchParams.get('NextToken'))
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify(pages[asked.length - 1]))
  }).listen(0, '127.0.0.1')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on TCP

  const tasks = await schedulerSchedules(schedulerAt(`http://127.0.0.1:${port}`), settings).list(
    'many',
  )

  assert.deepEqual(tasks, [0, 1, 2])
  assert.deepEqual(asked, [null, 'more'])
})

test('a service that does not answer is worth another try', async () => {
  const schedules = schedulerSchedules(schedulerAt('http://127.0.0.1:1'), settings)

  await assert.rejects(schedules.list('orders'), RetriableError)
})
