import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DeleteAliasCommand } from '@aws-sdk/client-lambda'
import { lambdaMappings } from '../../lib/cloud/lambda-mappings.ts'
import { aliasOf } from '../../lib/cloud/names.ts'
import { remainingMappings } from '../../lib/cloud/remaining-mappings.ts'
import { remainingSchedules } from '../../lib/cloud/remaining-schedules.ts'
import { schedulerSchedules } from '../../lib/cloud/scheduler-schedules.ts'
import { SINK_ARN, simulatedAws } from '../coordinator/simulated-aws.ts'

function world() {
  const clock = { ms: 0, monotonic: () => clock.ms }
  const aws = simulatedAws(clock, { delayMs: () => 0 })
  const clients = aws.clients()
  return {
    ...{ aws, clients },
    mappings: lambdaMappings(clients.lambda, aws.mappingSettings),
    schedules: schedulerSchedules(clients.scheduler, aws.scheduleSettings),
    left: {
      mappings: remainingMappings(clients.lambda, SINK_ARN),
      schedules: remainingSchedules(clients.scheduler, aws.scheduleSettings),
    },
  }
}

const mappingOf = (connector: string) => ({
  ...{ connector, topic: 'tt', enabled: true },
  group: `connect-${connector}`,
})

test('schedules of a connector that nobody knows tell its exact name, over many pages', async () => {
  const { aws, schedules, left } = world()
  for (let task = 0; task < 250; task++) await schedules.ensure({ connector: 'known', task })
  for (const task of [0, 7]) await schedules.ensure({ connector: 'Größe & 順序', task })
  aws.schedules.set('connectless-dev-coordinator', '{}')

  assert.deepEqual(await left.schedules(async () => ['known']), ['Größe & 順序'])
  assert.deepEqual(await left.schedules(async () => ['known', 'Größe & 順序']), [])
})

test('an alias is left when nobody knows its connector or no mapping stands on it; others’ aliases are not looked at', async () => {
  const { aws, mappings, left } = world()
  for (const connector of ['one', 'three', 'fives']) await mappings.ensure(mappingOf(connector))
  aws.aliases.set('live', 'the version in force')
  aws.aliases.set(aliasOf('bare'), 'bare')

  const strays = await left.mappings(async () => ['one', 'fives', 'bare'])

  assert.deepEqual(strays.sort(), ['bare', 'three'])
})

test('a mapping whose alias is gone is removed, and its connector looked at where there is one', async () => {
  const { aws, clients, mappings, left } = world()
  for (const connector of ['one', 'three', 'fives']) await mappings.ensure(mappingOf(connector))
  for (const connector of ['one', 'three'])
    await clients.lambda.send(
      new DeleteAliasCommand({ FunctionName: SINK_ARN, Name: aliasOf(connector) }),
    )

  const strays = await left.mappings(async () => ['three', 'fives'])

  assert.deepEqual(strays, ['three'])
  assert.deepEqual(
    aws.mappings().map(({ connector }) => connector),
    ['fives'],
  )
})
