import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LevelSetting } from '../../lib/config/loggers.ts'
import { levelledLog, levelsInForce } from '../../lib/monitoring/levelled-log.ts'
import { watchLevels } from '../../lib/monitoring/watch-levels.ts'
import { tickingClock } from '../runtime/ports-for-test.ts'

function setUp(read: (looks: number) => Promise<LevelSetting[]>) {
  const clock = tickingClock()
  const levels = levelsInForce()
  const lines: string[] = []
  const log = levelledLog(({ message }) => void lines.push(message), levels)
  const looks = { count: 0 }
  const look = watchLevels({
    levels,
    rows: { read: () => read(++looks.count) },
    worker: 'w',
    maxAgeMs: 4_000,
    clock,
    log,
  })
  return { clock, levels, lines, looks, look }
}

const debug: LevelSetting = { logger: 'root', level: 'DEBUG', setAt: 1 }

test('it looks once in a while, however often it is asked, and takes over what it finds', async () => {
  const { clock, levels, looks, look } = setUp(async (count) => (count === 1 ? [] : [debug]))

  for (let calls = 0; calls < 10; calls++) await look()
  const before = [looks.count, levels.isOn('a', 'DEBUG')]
  await clock.sleep(4_000)
  await Promise.all([look(), look()])

  assert.deepEqual(before, [1, false])
  assert.deepEqual([looks.count, levels.isOn('a', 'DEBUG')], [2, true])
})

test('a table that fails leaves the levels as they are and is told', async () => {
  const { clock, levels, lines, look } = setUp(async (count) => {
    if (count === 1) return [debug]
    throw new Error('the table is overloaded')
  })

  await look()
  await clock.sleep(4_000)
  await look()

  assert.equal(levels.isOn('a', 'DEBUG'), true)
  assert.deepEqual(lines, ['Could not look at the levels of loggers: the table is overloaded'])
})

test('a table that does not answer is waited for one second; its answer counts when it comes', async () => {
  const answer = Promise.withResolvers<LevelSetting[]>()
  const { clock, levels, look } = setUp(() => answer.promise)
  const beganAt = clock.monotonic()

  await look()
  const waitedMs = clock.monotonic() - beganAt
  answer.resolve([debug])
  await clock.sleep(1)

  assert.equal(waitedMs, 1_000)
  assert.equal(levels.isOn('a', 'DEBUG'), true)
})
