/** A mapping front, before a Lambda of the test's own that knows one function and does with a call what the test says. */

import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
  type UpdateEventSourceMappingCommandInput,
} from '@aws-sdk/client-lambda'
import type { KafkaEvent } from '../../lib/data/kafka-event.ts'
import { type FrontSettings, startMappingFront } from '../../lib/local/mapping-front/front.ts'
import { silentLog } from '../kafka/kafka-fixture.ts'
import { until } from './polling.ts'

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:sink'
export const ALIAS = `${FUNCTION}:live`

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
export const clientOf = (endpoint: string) =>
  new LambdaClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })

/** An answer, as JSON; or how the call fails. */
export type Call = (event: KafkaEvent) => Promise<unknown> | unknown

/** Thrown by a call: Lambda has no capacity for it. */
export const THROTTLED = Symbol('throttled')

/** Lambda as far as a front calls it. The function `slow` has a timeout that is too long for Kafka. */
export async function smallLambda(call: Call = () => null) {
  const invoked: string[] = []
  const passed: IncomingMessage[] = []
  const server = createServer((request, response) => {
    void answer(request, response)
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent(request.url ?? '')
    const body = await text(request)
    const [, name = ''] = /functions\/(?:[^/]*:function:)?(\w+)/.exec(path) ?? []
    if (path.endsWith('/invocations')) {
      invoked.push(path.split('/')[3] ?? '')
      return invoke(JSON.parse(body), response)
    }
    if (!path.includes('/configuration')) {
      passed.push(request)
      response.writeHead(200, { 'x-own': 'yes' }).end(`${request.method} ${path} ${body}`)
    } else if (!['sink', 'slow', 'other'].includes(name) || path.endsWith('Qualifier=gone'))
      response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' }).end('{}')
    else {
      const Timeout = name === 'slow' ? 900 : 60
      const FunctionArn = `${FUNCTION.replace(/sink$/, name)}`
      response.end(JSON.stringify({ FunctionArn, Timeout }))
    }
  }

  async function invoke(event: KafkaEvent, response: ServerResponse): Promise<void> {
    try {
      response.end(JSON.stringify((await call(event)) ?? null))
    } catch (error) {
      if (error === THROTTLED) {
        const headers = { 'x-amzn-errortype': 'TooManyRequestsException' }
        response.writeHead(429, headers).end('{}')
        return
      }
      response.setHeader('x-amz-function-error', 'Unhandled')
      response.end(JSON.stringify({ errorMessage: String(error) }))
    }
  }

  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens on TCP
    invoked,
    passed,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

export async function mappingFront(of: Partial<FrontSettings> & { readonly call?: Call } = {}) {
  const { call, ...settings } = of
  const lambda = await smallLambda(call)
  const log = silentLog()
  const start = () =>
    startMappingFront({
      // Nobody listens there.
      kafkaBootstrap: '127.0.0.1:1',
      upstream: lambda.url,
      delaysMs: 0,
      callsPerSecond: 1_000,
      region: 'us-east-1',
      credentials,
      log,
      ...settings,
    })
  let front = await start()
  return {
    lambda,
    log,
    get url() {
      return front.url
    },
    get client() {
      return clientOf(front.url)
    },
    async restart() {
      await front.close()
      front = await start()
    },
    async [Symbol.asyncDispose]() {
      await front.close()
      await lambda[Symbol.asyncDispose]()
    },
  }
}

export const creation = (
  of: Partial<CreateEventSourceMappingCommandInput> = {},
): CreateEventSourceMappingCommandInput => ({
  FunctionName: ALIAS,
  Topics: ['orders'],
  StartingPosition: 'TRIM_HORIZON',
  SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['b-1:9092'] } },
  SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'a-group' },
  ...of,
})

export const create = (
  client: LambdaClient,
  of: Partial<CreateEventSourceMappingCommandInput> = {},
) => client.send(new CreateEventSourceMappingCommand(creation({ Enabled: false, ...of })))
export const update = (client: LambdaClient, request: UpdateEventSourceMappingCommandInput) =>
  client.send(new UpdateEventSourceMappingCommand(request))
export const remove = (client: LambdaClient, UUID: string | undefined) =>
  client.send(new DeleteEventSourceMappingCommand({ UUID }))
export const get = (client: LambdaClient, UUID: string | undefined) =>
  client.send(new GetEventSourceMappingCommand({ UUID }))
export const list = (client: LambdaClient, of = {}) =>
  client.send(new ListEventSourceMappingsCommand(of))
export const group = (ConsumerGroupId: string) => ({
  SelfManagedKafkaEventSourceConfig: { ConsumerGroupId },
})
export const state = async (client: LambdaClient, UUID: string | undefined) =>
  (await get(client, UUID)).State
export const comesTo = (client: LambdaClient, UUID: string | undefined, wanted: string) =>
  until(async () => (await state(client, UUID)) === wanted)

/** What a call ends with: the SDK's exception, by name and text. */
export const refused = async (calling: Promise<unknown>) =>
  calling.then(
    () => assert.fail('was not refused'),
    (error: Error) => `${error.name}: ${error.message}`,
  )
