import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError, ConnectError, NotFoundError, RetriableError } from '../../lib/errors.ts'
import type { Ask } from '../../lib/ports.ts'

/** How long the port under test waits. */
export const LIMIT_MS = 1_500

type Event = {
  readonly ask: string
  readonly question: { readonly config: { readonly how: string } }
}

/** A function that replies as its question tells it to. It is deployed as text, so it refers to nothing. */
export async function scripted(event: Event): Promise<unknown> {
  const how = event.question.config.how
  const failing = (name: string, retriable: boolean) => ({
    error: { name, message: `${how}: database.url`, retriable },
  })
  if (how === 'echo') return { answer: { messages: { echo: [JSON.stringify(event)] } } }
  if (how === 'wrong') return failing('ConfigException', false)
  if (how === 'unknown') return failing('NotFoundException', false)
  if (how === 'busy') return failing('RetriableException', true)
  if (how === 'alien') return failing('TypeError', false)
  if (how === 'broken') throw new Error('out of memory')
  // It goes on for ever.
  return new Promise((resolve) => setTimeout(resolve, 60_000).unref())
}

const question = (how: string) => ({ config: { how, 'a.b': null, text: 'Bücher' } })

/** The promises of `Ask`, of a port over `scripted`. */
export function askContract(make: () => Promise<Ask & Partial<AsyncDisposable>>): void {
  const asked = async (how: string, kind: typeof ConnectError, message: RegExp) => {
    const ask = await make()
    await assert.rejects(ask.source('probe', question(how)), (error: Error) => {
      assert.equal(error.constructor, kind)
      assert.match(error.message, message)
      return true
    })
  }

  test('a question reaches either function as it was asked, and its answer comes back', async () => {
    const ask = await make()

    const answers = await Promise.all([
      ask.source('probe', question('echo')),
      ask.sink('probe', question('echo')),
    ])

    const event = { ask: 'probe', question: question('echo') }
    for (const { messages } of answers)
      assert.deepEqual(JSON.parse(messages.echo?.[0] ?? ''), event)
  })

  test('an error comes back as it was thrown: of its class, with its message', async () => {
    await asked('wrong', ConfigError, /^wrong: database\.url$/)
    await asked('unknown', NotFoundError, /^unknown: database\.url$/)
    await asked('busy', RetriableError, /^busy: database\.url$/)
  })

  test('an error that is none of ours says what it was', () =>
    asked('alien', ConnectError, /^TypeError: alien: database\.url$/))

  test('a function that dies is no answer, and not worth the same question again', () =>
    asked('broken', ConnectError, /failed: .*out of memory/))

  test('a function that does not answer is not waited for', async () => {
    const startedAt = performance.now()

    await asked('silent', RetriableError, /did not answer within 1500 ms/)

    const tookMs = performance.now() - startedAt
    assert.ok(tookMs > LIMIT_MS - 50 && tookMs < 2 * LIMIT_MS, `it took ${tookMs} ms`)
  })
}
