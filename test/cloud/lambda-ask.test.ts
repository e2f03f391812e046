import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { lambdaAsk } from '../../lib/cloud/lambda-ask.ts'
import { ConnectError, RetriableError } from '../../lib/errors.ts'

/** Answers each invoke as Lambda does in a state that no emulator can be brought into; counts them. */
async function lambdaSaying(
  t: TestContext,
  said: {
    readonly status: number
    readonly headers: Record<string, string>
    readonly body: object
  },
) {
  const calls = { count: 0 }
  const server = createServer((_, response) => {
    calls.count++
    response.writeHead(said.status, said.headers).end(JSON.stringify(said.body))
  }).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on TCP
  const client = new LambdaClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  })
  return { calls, ask: lambdaAsk(client, { source: 'source', sink: 'sink' }) }
}

test('a throttled invoke is worth another try, by whoever asked', async (t) => {
  const { ask, calls } = await lambdaSaying(t, {
    status: 429,
    headers: { 'x-amzn-errortype': 'TooManyRequestsException' },
    body: {
      message: 'Rate Exceeded.',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    },
  })

  await assert.rejects(ask.source('probe', { config: {} }), (error: Error) => {
    assert.ok(error instanceof RetriableError)
    return /^asking source: TooManyRequestsException: Rate Exceeded/.test(error.message)
  })
  assert.equal(calls.count, 1)
})

test('a function that ran out of memory failed, and the error says how', async (t) => {
  const { ask } = await lambdaSaying(t, {
    status: 200,
    headers: { 'x-amz-function-error': 'Unhandled' },
    body: {
      errorType: 'Runtime.OutOfMemory',
      errorMessage: 'RequestId: 1 Error: Runtime exited with error: signal: killed',
    },
  })

  await assert.rejects(ask.sink('probe', { config: {} }), (error: Error) => {
    assert.equal(error.constructor, ConnectError)
    return /^sink failed: Runtime\.OutOfMemory: RequestId: 1 /.test(error.message)
  })
})
