import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { apiHandler } from '../../functions/api.ts'
import { requestOf, resultOf } from '../../functions/http-event.ts'
import { lambdaContext } from '../../lib/local/lambda-context.ts'
import type { Ports } from '../../lib/ports.ts'
import { restWorker } from './rest-worker.ts'

const event = (changes: Partial<APIGatewayProxyEventV2>): APIGatewayProxyEventV2 => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: '/connectors/a%20b',
  rawQueryString: 'expand=info&expand=status',
  headers: { Host: 'h', 'Content-Type': 'application/json' },
  requestContext: {
    accountId: '1',
    apiId: 'a',
    domainName: 'h',
    domainPrefix: 'h',
    http: { method: 'PUT', path: '/', protocol: 'HTTP/1.1', sourceIp: '::1', userAgent: 'curl' },
    requestId: 'r',
    routeKey: '$default',
    stage: '$default',
    time: '',
    timeEpoch: 0,
  },
  isBase64Encoded: false,
  ...changes,
})

test('an event becomes a plain request', () => {
  assert.deepEqual(requestOf(event({ body: '{"a":"é"}' })), {
    method: 'PUT',
    path: '/connectors/a%20b',
    query: 'expand=info&expand=status',
    headers: { host: 'h', 'content-type': 'application/json' },
    body: '{"a":"é"}',
  })
})

test('a body in base64 is read as UTF-8, and one that is not there is undefined', () => {
  const body = Buffer.from('{"a":"é😀"}').toString('base64')

  assert.equal(requestOf(event({ body, isBase64Encoded: true })).body, '{"a":"é😀"}')
  assert.equal(requestOf(event({ isBase64Encoded: true })).body, undefined)
})

test('a response becomes a result', () => {
  assert.deepEqual(resultOf({ status: 204, headers: { a: 'b' }, body: '' }), {
    statusCode: 204,
    headers: { a: 'b' },
    body: '',
  })
})

test('the handler answers an event from the rows', async () => {
  // What the handler and its middleware ask for; the rest of the ports is not touched by a request.
  const { api } = restWorker()
  const ports = { ...api.ports, metrics: { add() {} } } as unknown as Ports
  const handler = apiHandler(async () => ports, api.plugins)
  const context = lambdaContext('api', { id: 'request-1', remainingMs: () => 1_000 })

  const request = { rawPath: '/connectors', rawQueryString: 'expand=info' }
  const result = await handler(
    event({
      ...request,
      requestContext: {
        ...event({}).requestContext,
        http: { ...event({}).requestContext.http, method: 'GET' },
      },
    }),
    context,
  )

  assert.deepEqual(result, {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
})
