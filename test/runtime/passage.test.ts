import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DataError, RetriableError } from '../../lib/errors.ts'
import { counters } from '../../lib/local/counters.ts'
import { passAll, type Step } from '../../lib/runtime/passage.ts'
import { toleranceOf, type Wait } from '../../lib/runtime/tolerance.ts'
import { tickingClock } from './ports-for-test.ts'

type Work = { readonly value: string; done: string }

const step = (name: string, run: (work: Work) => boolean = () => true): Step<Work> => ({
  stage: 'TRANSFORMATION',
  className: name,
  run(work) {
    const goesOn = run(work)
    work.done += name
    return goesOn
  },
})

function setUp(steps: readonly Step<Work>[], config: Readonly<Record<string, string>> = {}) {
  const clock = tickingClock()
  const log = { info() {}, warn() {}, error() {} }
  const metrics = counters()
  const tolerance = toleranceOf(config, { connector: 'c', task: 0 }, { clock, log, metrics })
  const passage = {
    begin: (value: string): Work => ({ value, done: '' }),
    steps,
    finish: ({ value, done }: Work) => `${value}:${done}`,
    told: (value: string) => ({ place: { value }, details: () => '' }),
  }
  const wait: Wait = async (ms) => {
    await clock.sleep(ms)
    return true
  }
  return {
    clock,
    metrics,
    pass: (values: readonly string[], waiting = wait) =>
      passAll(values, passage, tolerance, waiting),
  }
}

const FOREVER = { 'errors.retry.timeout': '-1' }
const failing =
  (value: string, error: Error, times = Number.POSITIVE_INFINITY) =>
  (work: Work): boolean => {
    if (work.value === value && times-- > 0) throw error
    return true
  }

test('records pass all steps in their order', async () => {
  const { pass } = setUp([step('a'), step('b')])

  const passed = await pass(['1', '2'])

  assert.deepEqual(passed, { results: ['1:ab', '2:ab'], done: 2, troubles: [] })
})

test('a record that is dropped passes no later step, and is done with', async () => {
  const later: string[] = []
  const { pass } = setUp([
    step('a', ({ value }) => value !== '2'),
    step('b', ({ value }) => later.push(value) > 0),
  ])

  const passed = await pass(['1', '2', '3'])

  assert.deepEqual(passed, { results: ['1:ab', '3:ab'], done: 3, troubles: [] })
  assert.deepEqual(later, ['1', '3'])
})

test('a record that is left out leaves the others in their order', async () => {
  const fault = new DataError('no')
  const { pass } = setUp([step('a'), step('b', failing('2', fault))], { 'errors.tolerance': 'all' })

  const passed = await pass(['1', '2', '3'])

  assert.deepEqual(passed?.results, ['1:ab', '3:ab'])
  assert.deepEqual(passed?.troubles, [
    { original: '2', trouble: { stage: 'TRANSFORMATION', className: 'b', error: fault } },
  ])
  assert.equal(passed?.done, 3)
  assert.equal(passed?.failure, undefined)
})

test('one that is not tolerated ends it: those before it are done with', async () => {
  const { pass } = setUp([step('a', failing('2', new DataError('no')))])

  const passed = await pass(['1', '2', '3'])

  assert.deepEqual(passed?.results, ['1:a'])
  assert.equal(passed?.done, 1)
  assert.equal(passed?.troubles.length, 1)
  assert.match(passed?.failure?.message ?? '', /Tolerance exceeded/)
})

test('what heals is done again alone, not the steps before it', async () => {
  const { pass, clock } = setUp(
    [step('a'), step('b', failing('2', new RetriableError('not now'), 2)), step('c')],
    FOREVER,
  )

  const passed = await pass(['1', '2', '3'])

  assert.deepEqual(passed?.results, ['1:abc', '2:abc', '3:abc'])
  assert.equal(clock.monotonic(), 300 + 600)
})

test('two steps of one record may both have to be done again', async () => {
  const { pass } = setUp(
    [
      step('a', failing('1', new RetriableError('not now'), 1)),
      step('b', failing('1', new RetriableError('not now'), 1)),
    ],
    FOREVER,
  )

  assert.deepEqual((await pass(['1']))?.results, ['1:ab'])
})

test('a record that heals may be dropped then, or fail for good', async () => {
  let attempts = 0
  const { pass } = setUp(
    [
      step('a', ({ value }) => {
        if (attempts++ === 0) throw new RetriableError('not now')
        if (value === '2') throw new DataError('never')
        return value !== '1'
      }),
    ],
    { ...FOREVER, 'errors.tolerance': 'all' },
  )

  const passed = await pass(['1', '2', '3'])

  assert.deepEqual(passed?.results, ['3:a'])
  assert.equal(passed?.done, 3)
  assert.equal(passed?.troubles.length, 1)
})

test('when there is no time for another attempt nothing of all is done', async () => {
  const { pass, metrics } = setUp([step('a', failing('2', new RetriableError('not now')))], {
    ...FOREVER,
    'errors.tolerance': 'all',
  })

  assert.equal(await pass(['1', '2', '3'], async () => false), undefined)

  assert.equal(metrics.total('total-records-skipped', 'c'), 0)
})

test('a million records without trouble are one loop: nobody waits in between', async () => {
  const { pass } = setUp([step('a')])
  const turns: number[] = []
  const timer = setInterval(() => turns.push(1), 0)

  const passed = await pass(Array.from({ length: 1_000_000 }, () => 'v'))

  clearInterval(timer)
  assert.equal(passed?.results.length, 1_000_000)
  assert.deepEqual(turns, [])
})
