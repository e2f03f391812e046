// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are written so.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError, RetriableError } from '../../lib/errors.ts'
import { sinkConnector } from '../../lib/plugin.ts'
import type { Ports } from '../../lib/ports.ts'
import { pluginsOf } from '../../lib/registry.ts'
import { answer } from '../../lib/runtime/answer.ts'
import { answerIn } from '../../lib/runtime/reply.ts'
import { portsForTest, tickingClock } from './ports-for-test.ts'

type Probe = (url: string, signal: AbortSignal) => Promise<Record<string, readonly string[]>>

const asking = (probe: Probe | undefined) => {
  const connector = sinkConnector({
    name: 'test.Probed',
    version: '1',
    doc: 'Asks its server.',
    config: { url: { type: 'string', importance: 'high', doc: 'Where.' } },
    taskClass: 'test.ProbedTask',
    startTask: () => Promise.reject(new Error('started')),
    ...(probe && { probe: ({ url }, signal) => probe(String(url), signal) }),
  })
  const warnings: string[] = []
  const ports: Ports = portsForTest({
    clock: tickingClock(),
    configProviders: { env: { get: async (_, key) => (key === 'URL' ? 'redis://r' : undefined) } },
    log: {
      info: () => undefined,
      warn: (message) => void warnings.push(message),
      error: () => undefined,
    },
  })
  const ask = (limitMs?: number) =>
    answer(
      {
        ask: 'probe',
        question: { config: { 'connector.class': 'test.Probed', url: '${env:URL}' } },
      },
      ports,
      pluginsOf([connector]),
      limitMs,
    )
  return { ask, warnings }
}

test('the answer is a reply; what references name is known inside the function', async () => {
  const { ask } = asking(async (url) => ({ url: [`nobody is at ${url}`] }))

  assert.deepEqual(await ask(), { answer: { messages: { url: ['nobody is at redis://r'] } } })
})

test('a connector without a probe has nothing to say', async () => {
  assert.deepEqual(await asking(undefined).ask(), { answer: { messages: {} } })
})

test('an error is a reply as well, and a line of the log', async () => {
  const { ask, warnings } = asking(() => Promise.reject(new ConfigError('url is wrong')))

  const reply = await ask()

  assert.deepEqual(reply, {
    error: { name: 'ConfigException', message: 'url is wrong', retriable: false },
  })
  assert.throws(() => answerIn(reply), ConfigError)
  assert.deepEqual(warnings, ['Could not answer probe: url is wrong'])
})

test('what takes too long is ended, and the reply says so', async () => {
  const ended = Promise.withResolvers<void>()
  const { ask } = asking((_, signal) => {
    signal.addEventListener('abort', () => ended.resolve())
    return new Promise(() => undefined)
  })

  const reply = await ask(50)
  await ended.promise

  assert.throws(() => answerIn(reply), RetriableError)
  assert.deepEqual(reply, {
    error: {
      name: 'RetriableException',
      message: 'There was no answer within 50 ms: probe',
      retriable: true,
    },
  })
})

test('a question of another release is worth asking again', async () => {
  const event = { ask: 'toString', question: {} } as unknown as Parameters<typeof answer>[0]

  const reply = await answer(event, portsForTest({ clock: tickingClock() }), pluginsOf([]))

  assert.throws(() => answerIn(reply), /Another release asks for toString/)
})
