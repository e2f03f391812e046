import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SSMClient } from '@aws-sdk/client-ssm'
import { parametersOf } from '../../lib/secrets/parameter-store.ts'
import { secretsOf } from '../../lib/secrets/secrets-manager.ts'
import { tickingClock } from '../runtime/ports-for-test.ts'

/** A service that answers every request so; `requests` counts them. */
async function answering(status: number, type: string) {
  let requests = 0
  const server: Server = createServer((_request, response) => {
    requests++
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
    response.end(JSON.stringify({ __type: type, message: 'said the service' }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // It listens on TCP.
  return {
    settings: {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    },
    requests: () => requests,
    close: () => void server.close(),
  }
}

const CASES: readonly { status: number; type: string; retriable: boolean }[] = [
  { status: 400, type: 'ThrottlingException', retriable: true },
  { status: 429, type: 'TooManyRequestsException', retriable: true },
  { status: 500, type: 'InternalServiceError', retriable: true },
  { status: 503, type: 'ServiceUnavailable', retriable: true },
  { status: 400, type: 'AccessDeniedException', retriable: false },
  { status: 400, type: 'DecryptionFailure', retriable: false },
  { status: 400, type: 'ValidationException', retriable: false },
]

for (const { status, type, retriable } of CASES)
  test(`${type} ${retriable ? 'may heal' : 'is the configuration’s fault or the rights’'}`, async () => {
    const service = await answering(status, type)
    const secrets = secretsOf(new SecretsManagerClient(service.settings), tickingClock())
    const parameters = parametersOf(new SSMClient(service.settings), tickingClock())

    for (const getting of [secrets.get('db', 'password'), parameters.get('db', 'password')])
      await assert.rejects(getting, {
        name: retriable ? 'RetriableException' : 'ConfigException',
        retriable,
        message: new RegExp(
          `^Reading (secret db|parameter db/password): ${type}: said the service`,
        ),
      })

    service.close()
  })

test('a service that nobody listens for may come', async () => {
  const service = await answering(200, '')
  service.close()
  const secrets = secretsOf(new SecretsManagerClient(service.settings), tickingClock())

  await assert.rejects(secrets.get('db', 'password'), {
    retriable: true,
    message: /^Reading secret db: \w*Error: /,
  })
})

test('a failure is not kept: the next look-up asks again', async () => {
  const service = await answering(500, 'InternalServiceError')
  const secrets = secretsOf(new SecretsManagerClient(service.settings), tickingClock())

  for (let times = 0; times < 2; times++) await assert.rejects(secrets.get('db', 'password'))

  assert.equal(service.requests(), 2)
  service.close()
})
