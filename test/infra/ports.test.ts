import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { test } from 'node:test'
import { freePort, host } from '../../infra/stack/ports.ts'

test('a port that someone listens on is passed over', async (t) => {
  const taken = await listen(t, host)

  const port = await freePort({ first: taken, count: 1 })

  assert.notEqual(port, taken)
  assert.equal((port - taken) % 10, 0)
})

test('a listener on all addresses counts too', async (t) => {
  const taken = await listen(t, '0.0.0.0')

  assert.notEqual(await freePort({ first: taken, count: 1 }), taken)
})

test('ports in a row are free together', async (t) => {
  const taken = await listen(t, host)

  assert.notEqual(await freePort({ first: taken - 1, count: 2 }), taken - 1)
})

test('the remembered port comes back, unless it was taken meanwhile', async (t) => {
  const free = await freePort({ first: 21000, count: 1 })
  const taken = await listen(t, host)

  assert.equal(await freePort({ remembered: free, first: 22000, count: 1 }), free)
  assert.notEqual(await freePort({ remembered: taken, first: 22000, count: 1 }), taken)
})

const listen = async (t: { after(done: () => void): void }, address: string): Promise<number> => {
  const server = createServer().listen(0, address)
  t.after(() => server.close())
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
