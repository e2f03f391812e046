import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { ConfigError } from '../../lib/errors.ts'
import { type Answer, httpServer } from '../../lib/local/http-server.ts'

const nothing = () => undefined

async function serve(t: TestContext, answer: Answer, listener = 'http://127.0.0.1:0') {
  const errors: string[] = []
  const log = {
    info: nothing,
    warn: nothing,
    error: (message: string) => void errors.push(message),
  }
  const server = await httpServer(listener, answer, log)
  t.after(() => server.close())
  return { server, errors, url: `http://127.0.0.1:${server.address.port}` }
}

/** Answers with what it was asked. */
function echo() {
  const events: APIGatewayProxyEventV2[] = []
  const answer: Answer = async (event) => {
    events.push(event)
    return { statusCode: 201, headers: { location: '/x', 'content-length': 2 }, body: 'ok' }
  }
  return { events, answer }
}

test('a request becomes API Gateway’s event and the function’s answer the response', async (t) => {
  const { events, answer } = echo()
  const { url } = await serve(t, answer)

  const response = await fetch(`${url}/connectors/a%2Fb?expand=status&expand=info`, {
    method: 'POST',
    body: '{"ä":1}',
    headers: { 'content-type': 'application/json' },
  })

  assert.equal(response.status, 201)
  assert.equal(response.headers.get('location'), '/x')
  assert.equal(await response.text(), 'ok')
  const [event] = events
  assert.equal(event?.rawPath, '/connectors/a%2Fb')
  assert.equal(event?.rawQueryString, 'expand=status&expand=info')
  assert.equal(event?.requestContext.http.method, 'POST')
  assert.equal(event?.headers['content-type'], 'application/json')
  assert.equal(event?.isBase64Encoded, true)
  assert.equal(Buffer.from(event?.body ?? '', 'base64').toString(), '{"ä":1}')
})

test('a request without a body has none, and HEAD is answered without one', async (t) => {
  const { events, answer } = echo()
  const { url } = await serve(t, answer)

  const response = await fetch(`${url}/`, { method: 'HEAD' })

  assert.equal(response.status, 201)
  assert.equal(await response.text(), '')
  assert.equal(events[0]?.body, undefined)
  assert.equal(events[0]?.isBase64Encoded, false)
})

test('a body above 10 MB is answered with 413, and the function does not see it', async (t) => {
  const { events, answer } = echo()
  const { server } = await serve(t, answer)
  const socket = connect(server.address.port, '127.0.0.1')
  socket.on('error', nothing)
  const chunks: string[] = []
  socket.on('data', (chunk) => chunks.push(String(chunk)))

  const size = 10 * 1024 * 1024 + 1
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${size}\r\n\r\n`)
  socket.write(Buffer.alloc(size))
  await once(socket, 'close')

  assert.match(chunks.join(''), /^HTTP\/1\.1 413 /)
  assert.deepEqual(events, [])
})

test('a function that fails costs its own request only', async (t) => {
  let calls = 0
  const { url, errors } = await serve(t, async () => {
    if (++calls === 1) throw new Error('broken')
    return { statusCode: 200, body: '' }
  })

  await assert.rejects(fetch(url))
  assert.equal((await fetch(url)).status, 200)
  assert.deepEqual(errors, ['A request failed: broken'])
})

for (const listener of ['8083', 'https://127.0.0.1:8443', 'http://127.0.0.1:70000', 'http://:x'])
  test(`${listener} is refused, naming listeners`, async () => {
    const { answer } = echo()

    await assert.rejects(
      httpServer(listener, answer, { info: nothing, warn: nothing, error: nothing }),
      (error) => error instanceof ConfigError && /configuration listeners/.test(error.message),
    )
  })

test('an address that is taken is refused, naming listeners', async (t) => {
  const { answer } = echo()
  const { url } = await serve(t, answer)

  await assert.rejects(
    httpServer(url, answer, { info: nothing, warn: nothing, error: nothing }),
    /configuration listeners: .*EADDRINUSE/,
  )
})

test('an empty host is the loopback', async (t) => {
  const { answer } = echo()
  const { server } = await serve(t, answer, 'http://:0')

  assert.equal(server.address.host, '127.0.0.1')
})

test('closing answers what is under way and ends connections that only stand open, or have sent half a request', async (t) => {
  const answering = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  const { server, url } = await serve(t, async () => {
    asked.resolve()
    await answering.promise
    return { statusCode: 200, body: 'late' }
  })
  const silent = connect(server.address.port, '127.0.0.1')
  const half = connect(server.address.port, '127.0.0.1')
  await Promise.all([once(silent, 'connect'), once(half, 'connect')])
  half.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf')
  const ended = Promise.all([once(silent, 'close'), once(half, 'close')])
  for (const socket of [silent, half]) socket.on('error', nothing).resume()
  const response = fetch(url)
  await asked.promise

  const closed = server.close()
  answering.resolve()

  assert.equal(await (await response).text(), 'late')
  await Promise.all([closed, ended])
})
