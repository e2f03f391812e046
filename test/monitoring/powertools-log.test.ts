import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LOGGERS, named } from '../../lib/config/loggers.ts'
import { Password } from '../../lib/config/password.ts'
import { ConnectError } from '../../lib/errors.ts'
import { levelsInForce } from '../../lib/monitoring/levelled-log.ts'
import { powertoolsLog } from '../../lib/monitoring/powertools-log.ts'
import { writtenLines } from './written-lines.ts'

test('a line is JSON with level, service, message and the fields', () => {
  const log = powertoolsLog('connectless')

  const lines = writtenLines(() => {
    log.info('one', { connector: 'orders', task: 0 })
    log.warn('two')
    log.error('three', { offset: 9007199254740993n })
  })

  assert.deepEqual(
    lines.map(({ level, service, message }) => ({ level, service, message })),
    [
      { level: 'INFO', service: 'connectless', message: 'one' },
      { level: 'WARN', service: 'connectless', message: 'two' },
      { level: 'ERROR', service: 'connectless', message: 'three' },
    ],
  )
  assert.deepEqual(
    [lines[0]?.connector, lines[0]?.task, lines[2]?.offset],
    ['orders', 0, '9007199254740993'],
  )
})

test('a password prints as hidden, however deep it lies', () => {
  const log = powertoolsLog('connectless')
  const password = new Password('hunter2')

  const lines = writtenLines(() =>
    log.error('refused', {
      password,
      config: { 'connection.password': password, all: [{ password }] },
      error: new ConnectError(`cannot log in with ${password}`, {
        cause: new Error(String(password)),
      }),
    }),
  )

  const text = JSON.stringify(lines)
  assert.ok(!text.includes('hunter2'))
  assert.equal(text.split('[hidden]').length - 1 >= 5, true)
})

test('an error is told with its stack and its cause', () => {
  const log = powertoolsLog('connectless')

  const [line] = writtenLines(() =>
    log.error('failed', {
      error: new ConnectError('reading offsets', { cause: new Error('timed out') }),
    }),
  )

  const error = line?.error as {
    name: string
    message: string
    stack: string
    cause: { message: string }
  } // parsed JSON
  assert.equal(error.name, 'ConnectException')
  assert.equal(error.message, 'reading offsets')
  assert.match(error.stack, /powertools-log\.test/)
  assert.equal(error.cause.message, 'timed out')
})

test('the lines of an invocation carry its fields, and not those of the one before', () => {
  const log = powertoolsLog('connectless')

  const lines = writtenLines(() => {
    log.begin?.({ function: 'sink', invocation: 'a', first: true })
    log.info('one')
    log.begin?.({ function: 'sink', invocation: 'b' })
    log.info('two', { connector: 'orders' })
    log.info('three')
  })

  const told = lines.map(({ invocation, first, connector }) => [invocation, first, connector])
  assert.deepEqual(told, [
    ['a', true, undefined],
    ['b', undefined, 'orders'],
    ['b', undefined, undefined],
  ])
})

test('a line names its logger, and levels that were set let it through or not', () => {
  const levels = levelsInForce()
  const log = powertoolsLog('connectless', levels)
  const source = named(log, LOGGERS.source)

  const lines = writtenLines(() => {
    source.debug?.('before')
    levels.apply([
      { logger: 'root', level: 'OFF', setAt: 1 },
      { logger: LOGGERS.source, level: 'TRACE', setAt: 2 },
    ])
    log.begin?.({ function: 'source', invocation: 'a' })
    source.debug?.('polled', { records: 5 })
    source.trace?.('offsets')
    log.error('unheard')
  })

  assert.deepEqual(
    lines.map(({ level, logger, message, invocation }) => [level, logger, message, invocation]),
    [
      ['DEBUG', LOGGERS.source, 'polled', 'a'],
      ['TRACE', LOGGERS.source, 'offsets', 'a'],
    ],
  )
})
