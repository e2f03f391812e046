import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { requestOf, resultOf } from '../../functions/http-event.ts'

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
