import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after } from 'node:test'
import { CreateAliasCommand, PublishVersionCommand } from '@aws-sdk/client-lambda'
import { CreateScheduleGroupCommand, DeleteScheduleGroupCommand } from '@aws-sdk/client-scheduler'
import { ensureAlias, lambdaAliases } from '../../lib/cloud/lambda-aliases.ts'
import { lambdaInvoker } from '../../lib/cloud/lambda-invoker.ts'
import { aliasArn } from '../../lib/cloud/mapping-request.ts'
import { schedulerSchedules } from '../../lib/cloud/scheduler-schedules.ts'
import { deployed, lambdaAt, schedulerAt } from '../cloud/emulator.ts'
import { aliasesContract } from './aliases.ts'
import { type Invoked, invokerContract } from './invoker.ts'
import { schedulesContract } from './schedules.ts'

const scheduler = schedulerAt()
const group = `connectless-test-${randomUUID().slice(0, 8)}`
await scheduler.send(new CreateScheduleGroupCommand({ Name: group }))
after(() => scheduler.send(new DeleteScheduleGroupCommand({ Name: group })))

schedulesContract(
  'AWS',
  schedulerSchedules(scheduler, {
    stage: 'test',
    group,
    targetArn: 'arn:aws:lambda:us-east-1:000000000000:function:connectless-test-source:live',
    roleArn: 'arn:aws:iam::000000000000:role/connectless-test-scheduler',
  }),
)

const client = lambdaAt()
const sink = await deployed(client, 'exports.handler = async () => {}')
after(() => sink[Symbol.asyncDispose]())
const { Version } = await client.send(new PublishVersionCommand({ FunctionName: sink.name }))
await client.send(
  new CreateAliasCommand({ FunctionName: sink.name, Name: 'live', FunctionVersion: Version }),
)
const settings = { sinkArn: sink.arn, live: 'live' }

aliasesContract('AWS', lambdaAliases(client, settings), async (connector) => {
  await ensureAlias(client, settings, connector)
  return aliasArn(sink.arn, connector)
})

/** Tells this test of each event that it is called with, and goes on until it is answered. */
const telling = (url: string) => `
  exports.handler = async event => {
    await fetch(${JSON.stringify(url)}, { method: 'POST', body: JSON.stringify(event) })
    if (event.connector === 'failing') throw new Error('out of memory')
  }`

invokerContract('AWS', async (): Promise<Invoked & AsyncDisposable> => {
  const all: string[] = []
  const held: ServerResponse[] = []
  let isHolding = true
  let arrived = Promise.withResolvers<void>()
  const listener = createServer(async (request, response) => {
    all.push(`${request.url?.slice(1)} ${await text(request)}`)
    if (isHolding) held.push(response)
    else response.end()
    arrived.resolve()
    arrived = Promise.withResolvers()
  }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo // it listens on TCP
  const make = (name: string) => deployed(client, telling(`http://127.0.0.1:${port}/${name}`))
  const functions = {
    source: await make('source'),
    sink: await make('sink'),
    coordinator: await make('coordinator'),
  }
  return {
    invoker: lambdaInvoker(client, {
      source: functions.source.name,
      sink: functions.sink.arn,
      coordinator: functions.coordinator.arn,
    }),
    async calls(count) {
      while (all.length < count) await arrived.promise
      return all.slice(0, count)
    },
    letGo() {
      isHolding = false
      for (const response of held) response.end()
    },
    async [Symbol.asyncDispose]() {
      for (const one of Object.values(functions)) await one[Symbol.asyncDispose]()
      listener.close()
      listener.closeAllConnections()
    },
  }
})
