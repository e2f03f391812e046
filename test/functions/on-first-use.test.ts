import assert from 'node:assert/strict'
import { test } from 'node:test'
import { once, onFirstUse } from '../../functions/on-first-use.ts'

type Greeter = { greet(name: string): Promise<string>; bye(): Promise<void> }

test('a port is loaded by the first call, and once', async () => {
  let loads = 0
  const port = onFirstUse<Greeter>(async () => {
    loads++
    return { greet: async (name) => `hello ${name}`, bye: async () => undefined }
  })

  const before = loads
  const answers = await Promise.all([port.greet('a'), port.greet('b')])
  await port.bye()

  assert.equal(before, 0)
  assert.deepEqual(answers, ['hello a', 'hello b'])
  assert.equal(loads, 1)
})

test('a load that fails rejects the call, and the next call loads again', async () => {
  let loads = 0
  const load = once(async () => {
    loads++
    if (loads === 1) throw new Error('not now')
    return loads
  })

  await assert.rejects(load(), /not now/)

  assert.equal(await load(), 2)
  assert.equal(await load(), 2)
})

test('an error of the port is an error of the call', async () => {
  const port = onFirstUse<Greeter>(async () => ({
    greet: async () => Promise.reject(new Error('rude')),
    bye: async () => undefined,
  }))

  await assert.rejects(port.greet('a'), /rude/)
})
