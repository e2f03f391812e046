import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import middy from '@middy/core'
import { invocationOf, observed } from '../../functions/observed.ts'
import { lambdaContext } from '../../lib/local/lambda-context.ts'
import type { Ports } from '../../lib/ports.ts'

/** What an invocation of a handler told log and metrics, in order. */
function scene(handle: () => Promise<string>) {
  const told: unknown[] = []
  const ports = {
    log: { begin: (fields: unknown) => told.push(fields) },
    metrics: { flush: () => told.push('flush') },
  } as unknown as Ports & { watchLevels?: () => Promise<void> } // those that the middleware asks for
  const handler = middy<object, string>()
    .use(observed('source', async () => ports))
    .handler(async () => {
      told.push('handle')
      return handle()
    })
  return { told, handler, ports }
}
const context = lambdaContext('source', { id: 'request-1', remainingMs: () => 1_234 })

test('the log begins before the handler, the metrics are written after it', async () => {
  const { told, handler } = scene(async () => 'done')

  const answer = await handler({}, context)

  assert.equal(answer, 'done')
  assert.deepEqual(told, [{ function: 'source', invocation: 'request-1' }, 'handle', 'flush'])
})

test('the metrics of an invocation that fails are written too, and its error goes on', async () => {
  const { told, handler } = scene(async () => Promise.reject(new Error('fenced')))

  await assert.rejects(async () => handler({}, context), /fenced/)

  assert.equal(told.at(-1), 'flush')
})

for (const [title, handle] of [
  ['done', async () => 'done'],
  ['failed', async () => Promise.reject(new Error('fenced'))],
] as const)
  test(`the look at levels keeps no handler waiting, and is over when it is ${title}`, async () => {
    const { told, handler, ports } = scene(handle)
    const looked = Promise.withResolvers<void>()
    ports.watchLevels = () => looked.promise.then(() => void told.push('looked'))

    const answer = Promise.resolve(handler({}, context)).catch(() => undefined)
    await setImmediate()
    assert.equal(told.at(-1), 'handle')
    looked.resolve()
    await answer

    assert.deepEqual(told.slice(-3), ['handle', 'looked', 'flush'])
  })

test('a deployment that is set up wrongly fails the invocation with its own error', async () => {
  const handler = middy<object, void>()
    .use(
      observed('source', async () =>
        Promise.reject(new Error('The environment variable STAGE is missing')),
      ),
    )
    .handler(async () => undefined)

  await assert.rejects(
    async () => handler({}, context),
    /^Error: The environment variable STAGE is missing$/,
  )
})

test("an invocation is known by Lambda's request id and knows the time it has left", () => {
  const { id, remainingMs } = invocationOf(context)

  assert.equal(id, 'request-1')
  assert.equal(remainingMs(), 1_234)
})

test('lines of an invocation tell whose task it is about, whoever writes them', async () => {
  const { told, handler } = scene(async () => 'done')

  await handler({ connector: 'orders', task: 0, more: 'x' }, context)
  await handler({ connector: 'orders' }, context)
  await handler({ connector: { no: 'name' } }, context)

  const about = { function: 'source', invocation: 'request-1' }
  assert.deepEqual(
    told.filter((one) => typeof one === 'object'),
    [{ ...about, connector: 'orders', task: 0 }, { ...about, connector: 'orders' }, about],
  )
})
