import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LOGGERS, named } from '../../lib/config/loggers.ts'
import { levelledLog, levelsInForce } from '../../lib/monitoring/levelled-log.ts'
import { concealment } from '../../lib/secrets/concealment.ts'

function setUp() {
  const lines: string[] = []
  const levels = levelsInForce()
  const log = levelledLog(({ level, logger, message }) => {
    lines.push(`${level} ${message} (${logger})`)
  }, levels)
  return { levels, log, lines }
}

test('by default lines of debugging are absent, and nothing is built for them', () => {
  const { log, lines } = setUp()
  let built = 0
  const text = () => `built ${++built} times`

  log.debug?.(text())
  named(log, LOGGERS.source).trace?.(text())
  log.info('said')

  assert.equal(built, 0)
  assert.deepEqual(lines, [`INFO said (${LOGGERS.worker})`])
})

test('a level that is set counts from the next line on, for the loggers it is for', () => {
  const { levels, log, lines } = setUp()
  const [source, sink] = [named(log, LOGGERS.source), named(log, LOGGERS.sink)]
  source.debug?.('too early')

  levels.apply([{ logger: LOGGERS.source, level: 'DEBUG', setAt: 1 }])
  source.debug?.('polled')
  source.trace?.('too much')
  sink.debug?.('of another')
  levels.apply([])
  source.debug?.('too late')

  assert.deepEqual(lines, [`DEBUG polled (${LOGGERS.source})`])
})

test('OFF silences errors too', () => {
  const { levels, log, lines } = setUp()

  levels.apply([{ logger: 'root', level: 'OFF', setAt: 1 }])
  log.error('unheard')
  named(log, 'com.acme.Source').error('unheard')

  assert.deepEqual(lines, [])
})

test('what providers gave is hidden in lines of every level and logger', async () => {
  const { levels, log, lines } = setUp()
  const concealed = concealment()
  const { p } = concealed.providers({ p: { get: async () => 's3cret' } })
  await p?.get('', 'key')
  const safe = named(concealed.log(log), 'com.acme.Source')
  levels.apply([{ logger: 'com.acme', level: 'ALL', setAt: 1 }])

  safe.debug?.('debug s3cret')
  safe.trace?.('trace s3cret')
  named(safe, 'com.acme.Task').error('error s3cret')

  assert.deepEqual(lines, [
    'DEBUG debug [hidden] (com.acme.Source)',
    'TRACE trace [hidden] (com.acme.Source)',
    'ERROR error [hidden] (com.acme.Task)',
  ])
})
