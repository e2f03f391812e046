import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseWorker } from '../../lib/config/worker-config.ts'
import { ConfigError } from '../../lib/errors.ts'
import { httpServers } from '../../lib/local/listeners.ts'

const log = { info() {}, warn() {}, error() {} }

const serversOf = (properties: Record<string, string>) =>
  httpServers(parseWorker({ 'bootstrap.servers': 'b:9092', ...properties }), log, async () => ({
    statusCode: 200,
    body: 'here',
  }))

for (const listeners of ['http://127.0.0.1:0', 'http://:0', 'http://localhost:0', 'http://[::1]:0'])
  test(`without users it listens on ${listeners}`, async () => {
    const server = await serversOf({ listeners })

    assert.ok(server.address.port > 0)
    await server.close()
  })

for (const { title, listeners, message } of [
  { title: 'all addresses', listeners: 'http://0.0.0.0:0', message: /Without rest\.basic\.users/ },
  { title: 'all of IPv6', listeners: 'http://[::]:0', message: /Without rest\.basic\.users/ },
  { title: 'a name', listeners: 'http://example.org:0', message: /Without rest\.basic\.users/ },
  {
    title: 'one of several',
    listeners: 'http://127.0.0.1:0,http://0.0.0.0:0',
    message: /Invalid value http:\/\/0\.0\.0\.0:0 .* Without rest\.basic\.users/,
  },
  { title: 'TLS', listeners: 'https://127.0.0.1:8443', message: /There is no TLS here/ },
  { title: 'no address', listeners: 'http://127.0.0.1', message: /Expected http:\/\/host:port/ },
])
  test(`refused as a listener, with the key named: ${title}`, async () => {
    await assert.rejects(serversOf({ listeners }), (error: Error) => {
      assert.ok(error instanceof ConfigError)
      assert.match(error.message, /configuration listeners: /)
      return message.test(error.message)
    })
  })

test('with users it listens anywhere', async () => {
  const server = await serversOf({ listeners: 'http://0.0.0.0:0', 'rest.basic.users': 'a=b' })

  const answer = await fetch(`http://127.0.0.1:${server.address.port}/`)

  assert.equal(await answer.text(), 'here')
  await server.close()
})

test('several listeners answer alike, and end together', async () => {
  const first = await serversOf({ listeners: 'http://127.0.0.1:0' })
  const { port } = first.address
  await first.close()

  const both = await serversOf({ listeners: `http://127.0.0.1:${port},http://[::1]:${port}` })
  const answers = await Promise.all(
    ['127.0.0.1', '[::1]'].map(async (host) => (await fetch(`http://${host}:${port}/`)).text()),
  )
  await both.close()

  assert.deepEqual(answers, ['here', 'here'])
  await assert.rejects(fetch(`http://[::1]:${port}/`))
})

test('where one of several is taken, nothing is left listening', async () => {
  const taken = await serversOf({ listeners: 'http://127.0.0.1:0' })
  const other = await serversOf({ listeners: 'http://[::1]:0' })
  const { port } = other.address
  await other.close()

  await assert.rejects(
    serversOf({ listeners: `http://[::1]:${port},http://127.0.0.1:${taken.address.port}` }),
    /configuration listeners: .*EADDRINUSE/,
  )

  await assert.rejects(fetch(`http://[::1]:${port}/`))
  await taken.close()
})

test('where loggers have an address of their own, it is the loopback as well', async () => {
  const listeners = ['http://0.0.0.0:0']
  const own = { listeners, rest: { headers: [] }, key: 'admin.listeners' } as const

  await assert.rejects(
    httpServers(own, log, async () => ({ statusCode: 200 })),
    /configuration admin\.listeners: Without rest\.basic\.users/,
  )
})
