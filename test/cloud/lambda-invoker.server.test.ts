import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { test } from 'node:test'
import { lambdaInvoker } from '../../lib/cloud/lambda-invoker.ts'
import { NotFoundError, RetriableError } from '../../lib/errors.ts'
import { deployed, lambdaAt } from './emulator.ts'

/** Tells this test of each event that the function is called with. */
const telling = (url: string) => `
  exports.handler = async event => {
    await fetch(${JSON.stringify(url)}, { method: 'POST', body: JSON.stringify(event) })
  }`

test('each function is really run, with its event', { timeout: 20_000 }, async (t) => {
  const events: unknown[] = []
  const all = Promise.withResolvers<void>()
  const listener = createServer(async (request, response) => {
    events.push(await json(request))
    response.end()
    if (events.length === 3) all.resolve()
  }).listen(0, '127.0.0.1')
  t.after(() => {
    listener.close()
    listener.closeAllConnections()
  })
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo // it listens on TCP
  const client = lambdaAt()
  await using called = await deployed(client, telling(`http://127.0.0.1:${port}`))
  const invoker = lambdaInvoker(client, {
    source: called.name,
    sink: called.name,
    coordinator: called.arn,
  })

  await invoker.source({ connector: 'orders', task: 0 })
  await invoker.sink({ connector: 'Bücher', task: 1 })
  await invoker.coordinator({})
  await all.promise

  const sorted = events.map((event) => JSON.stringify(event)).sort()
  assert.deepEqual(sorted, [
    '{"connector":"Bücher","task":1}',
    '{"connector":"orders","task":0}',
    '{}',
  ])
})

test('a function that is not there is not found, and the error names it', async () => {
  const invoker = lambdaInvoker(lambdaAt(), {
    source: 'none-there',
    sink: 'none-there',
    coordinator: 'none-there',
  })

  await assert.rejects(invoker.coordinator({}), (error: Error) => {
    assert.ok(error instanceof NotFoundError)
    return error.message.startsWith('invoking none-there: ')
  })
})

test('a service that does not answer is worth another try', async () => {
  const client = lambdaAt('http://127.0.0.1:1')
  const invoker = lambdaInvoker(client, { source: 'any', sink: 'any', coordinator: 'any' })

  await assert.rejects(invoker.coordinator({}), RetriableError)
})
