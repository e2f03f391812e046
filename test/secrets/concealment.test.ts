import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { ConfigError, RetriableError, traceOf } from '../../lib/errors.ts'
import type { Fields, Status, StatusStore } from '../../lib/ports.ts'
import { concealment } from '../../lib/secrets/concealment.ts'

type Line = { readonly message: string; readonly fields: Fields | undefined }

/** A concealment that has seen these values given. */
async function having(...values: readonly string[]) {
  const concealed = concealment()
  const { given } = concealed.providers({ given: { get: async (_path, key) => key } })
  for (const value of values) await given?.get('', value)
  const lines: Line[] = []
  const write = (message: string, fields?: Fields) => void lines.push({ message, fields })
  return { concealed, lines, log: concealed.log({ info: write, warn: write, error: write }) }
}

test('a provider gives what it gave before', async () => {
  const { concealed } = await having()
  const { a } = concealed.providers({ a: { get: async (path, key) => `${path}/${key}` } })

  assert.equal(await a?.get('p', 'k'), 'p/k')
})

test('a value is hidden in lines of the log, wherever it stands', async () => {
  const { log, lines } = await having('hunter22')

  log.info('it is hunter22')
  log.warn('so', {
    url: 'x?password=hunter22&y',
    n: 1,
    list: ['hunter22'],
    deep: { a: 'hunter22' },
  })

  assert.equal(lines[0]?.message, 'it is [hidden]')
  assert.deepEqual(lines[1]?.fields, {
    url: 'x?password=[hidden]&y',
    n: 1,
    list: ['[hidden]'],
    deep: { a: '[hidden]' },
  })
})

test('a value is hidden in an error, its trace and its causes; its class and members stay', async () => {
  const { log, lines } = await having('hunter22')
  const cause = Object.assign(new Error('hunter22 is wrong'), { code: 'EACCES' })
  const error = new RetriableError('with hunter22', { cause })

  log.error('failed', { error })

  const shown = lines[0]?.fields?.['error']
  assert.ok(shown instanceof RetriableError)
  assert.equal(shown.retriable, true)
  assert.equal(shown.name, 'RetriableException')
  assert.equal((shown.cause as { code?: string }).code, 'EACCES')
  assert.doesNotMatch(traceOf(shown) + inspect(shown, { depth: 9, showHidden: true }), /hunter22/)
  assert.match(traceOf(shown), /with \[hidden\][\s\S]*Caused by: Error: \[hidden\] is wrong/)
  assert.equal(error.message, 'with hunter22')
})

test('a value is hidden in the trace and reason of a status, and nothing else of it changes', async () => {
  const { concealed } = await having('hunter22')
  const written: Status[] = []
  // Nothing else is asked of it here.
  const store = {
    write: async (_connector: string, _unit: unknown, status: Status) => {
      written.push(status)
      return true
    },
  } as unknown as StatusStore
  const status: Status = {
    state: 'FAILED',
    workerId: 'w',
    version: '1',
    since: 0,
    generation: 1,
    restart: 0,
  }
  const error = new ConfigError('Invalid value hunter22 for configuration n')

  await concealed.statuses(store).write('c', 0, {
    ...status,
    trace: traceOf(error),
    reason: error.message,
  })
  await concealed.statuses(store).write('c', 0, status)

  assert.doesNotMatch(JSON.stringify(written), /hunter22/)
  assert.equal(written[0]?.reason, 'Invalid value [hidden] for configuration n')
  assert.match(written[0]?.trace ?? '', /ConfigException: Invalid value \[hidden\] for/)
  assert.deepEqual(written[1], status)
})

test('of two values, one within the other, nothing stays', async () => {
  const { log, lines } = await having('secret', 'secret-more')

  log.info('secret-more, secret')

  assert.equal(lines[0]?.message, '[hidden], [hidden]')
})

test('blanks at a value’s ends, and the escapes of JSON, do not uncover it', async () => {
  const { log, lines } = await having(' pass"word\n')

  log.info(`is ${JSON.stringify({ p: 'pass"word' })} or pass"word`)

  assert.equal(lines[0]?.message, 'is {"p":"[hidden]"} or [hidden]')
})

test('a short value, such as a number of a port, is no secret', async () => {
  const { log, lines } = await having('on', '80')

  log.info('one of 80')

  assert.equal(lines[0]?.message, 'one of 80')
})
