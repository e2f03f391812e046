import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LOGGERS, named } from '../../lib/config/loggers.ts'
import { Password } from '../../lib/config/password.ts'
import { ConnectError } from '../../lib/errors.ts'
import { lineLog } from '../../lib/local/line-log.ts'
import { tickingClock } from '../runtime/ports-for-test.ts'

function setUp() {
  const lines: string[] = []
  return { log: lineLog(tickingClock(), (line) => void lines.push(line)), lines }
}

test('a message is one line: time, level, text, fields, logger', () => {
  const { log, lines } = setUp()

  log.info('Sink waits', { connector: 'c', task: 0, place: { offset: 7n } })
  named(log, 'com.acme.Source').warn('Alone')

  assert.deepEqual(lines, [
    '2023-11-14T22:13:20.000Z INFO Sink waits connector=c task=0 place={ offset: 7n } (org.apache.kafka.connect.runtime.Worker)\n',
    '2023-11-14T22:13:20.000Z WARN Alone (com.acme.Source)\n',
  ])
})

test('an error follows with its causes, as a trace', () => {
  const { log, lines } = setUp()
  const error = new ConnectError('it failed', { cause: new Error('because') })

  log.error('Source task failed', { connector: 'c', error })

  const [first, second, ...rest] = lines.join('').split('\n')
  assert.equal(
    first,
    `2023-11-14T22:13:20.000Z ERROR Source task failed connector=c (${LOGGERS.worker})`,
  )
  assert.equal(second, 'org.apache.kafka.connect.errors.ConnectException: it failed')
  assert.ok(rest.includes('Caused by: Error: because'))
})

test('a password among the fields is not written', () => {
  const { log, lines } = setUp()

  log.info('Settings', {
    config: { password: new Password('s3cret') },
    own: new Password('s3cret'),
  })

  assert.doesNotMatch(lines.join(''), /s3cret/)
})
