import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isWritten, type LevelSetting, levelOf, settingOf } from '../../lib/config/loggers.ts'

const settings: readonly LevelSetting[] = [
  { logger: 'root', level: 'WARN', setAt: 1 },
  { logger: 'a.b.c', level: 'TRACE', setAt: 2 },
  { logger: 'a.b', level: 'DEBUG', setAt: 3 },
  { logger: 'a.b.d', level: 'OFF', setAt: 4 },
]

for (const { title, logger, level, setAt } of [
  { title: 'a logger that nobody set goes by the root', logger: 'x', level: 'WARN', setAt: 1 },
  { title: 'a logger goes by the one above it', logger: 'a.b.x.y', level: 'DEBUG', setAt: 3 },
  {
    title: 'setting one above overrules what was set before',
    logger: 'a.b.c',
    level: 'DEBUG',
    setAt: 3,
  },
  {
    title: 'and is overruled by what is set after it',
    logger: 'a.b.d.e',
    level: 'OFF',
    setAt: 4,
  },
  {
    title: 'a name that only begins alike is not below',
    logger: 'a.bc',
    level: 'WARN',
    setAt: 1,
  },
] as const)
  test(title, () => {
    assert.equal(levelOf(logger, settings), level)
    assert.equal(settingOf(logger, settings)?.setAt, setAt)
  })

test('without any setting it is INFO', () => {
  assert.equal(levelOf('a', []), 'INFO')
  assert.equal(settingOf('a', []), undefined)
})

test('a level lets its own lines and graver ones through; OFF none, ALL each', () => {
  const written = (level: Parameters<typeof isWritten>[1]) =>
    (['ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE'] as const).filter((line) => isWritten(line, level))

  assert.deepEqual(written('OFF'), [])
  assert.deepEqual(written('FATAL'), [])
  assert.deepEqual(written('ERROR'), ['ERROR'])
  assert.deepEqual(written('INFO'), ['ERROR', 'WARN', 'INFO'])
  assert.deepEqual(written('DEBUG'), ['ERROR', 'WARN', 'INFO', 'DEBUG'])
  assert.deepEqual(written('ALL'), ['ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE'])
})
