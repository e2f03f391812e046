import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ConnectError, DataError, isRetriable, RetriableError } from '../../lib/errors.ts'
import { counters } from '../../lib/local/counters.ts'
import type { Log } from '../../lib/ports.ts'
import { type Trouble, toleranceOf, type Wait } from '../../lib/runtime/tolerance.ts'
import { tickingClock } from './ports-for-test.ts'

const TASK = { connector: 'c', task: 0 }
const FAULT = new DataError('not a number')
const TROUBLE: Trouble = { stage: 'VALUE_CONVERTER', className: 'test.Converter', error: FAULT }
const TOLD = {
  place: { topic: 't', partition: 0, offset: 7 },
  details: () => ', where consumed record is {offset=7}',
}

function setUp(
  config: Readonly<Record<string, string>>,
  randomBelow: (limit: number) => number = () => 0,
) {
  const metrics = counters()
  const clock = tickingClock()
  const errors: { message: string; error: unknown }[] = []
  const nothing = () => undefined
  const log: Log = {
    info: nothing,
    warn: nothing,
    error: (message, fields) => void errors.push({ message, error: fields?.['error'] }),
  }
  const tolerance = toleranceOf(config, TASK, { clock, log, metrics }, undefined, randomBelow)
  const waits: number[] = []
  const wait: Wait = async (ms) => {
    waits.push(ms)
    await clock.sleep(ms)
    return true
  }
  const total = (name: string) => metrics.total(name, 'c')
  return { tolerance, total, errors, clock, wait, waits }
}

describe('a record that is given up', () => {
  test('fails its task by default, with the stage, the class, the place and the cause', () => {
    const { tolerance, total, errors } = setUp({})

    const failure = tolerance.giveUp(TROUBLE, TOLD)

    assert.ok(failure instanceof ConnectError && !isRetriable(failure))
    assert.equal(
      failure.message,
      'Tolerance exceeded in error handler\n(stage VALUE_CONVERTER, class test.Converter, record {"topic":"t","partition":0,"offset":7})',
    )
    assert.equal(failure.cause, FAULT)
    assert.equal(total('total-record-failures'), 1)
    assert.equal(total('total-record-errors'), 1)
    assert.equal(total('total-records-skipped'), 0)
    assert.deepEqual(errors, [])
  })

  test('may be left out with errors.tolerance=all, and is counted', () => {
    const { tolerance, total } = setUp({ 'errors.tolerance': 'all' })

    assert.equal(tolerance.giveUp(TROUBLE, TOLD), undefined)

    assert.equal(total('total-record-failures'), 1)
    assert.equal(total('total-record-errors'), 1)
    assert.equal(total('total-records-skipped'), 1)
  })

  test('counts as a failure alone when its task has reported it and goes on', () => {
    const { tolerance, total } = setUp({ 'errors.tolerance': 'all' })

    assert.equal(tolerance.giveUp({ ...TROUBLE, stage: 'TASK_PUT' }, TOLD), undefined)

    assert.equal(total('total-record-failures'), 1)
    assert.equal(total('total-record-errors'), 0)
    assert.equal(total('total-records-skipped'), 0)
  })

  for (const tolerated of ['all', 'none'])
    test(`is logged with errors.log.enable, without the record: tolerance ${tolerated}`, () => {
      const { tolerance, total, errors } = setUp({
        'errors.tolerance': tolerated,
        'errors.log.enable': 'true',
      })

      tolerance.giveUp(TROUBLE, TOLD)

      const message =
        "Error encountered in task c-0. Executing stage 'VALUE_CONVERTER' with class 'test.Converter'."
      assert.deepEqual(errors, [{ message, error: FAULT }])
      assert.equal(total('total-errors-logged'), 1)
    })

  test('is logged with its details with errors.log.include.messages', () => {
    const { tolerance, errors } = setUp({
      'errors.log.enable': 'true',
      'errors.log.include.messages': 'true',
    })

    tolerance.giveUp(TROUBLE, TOLD)

    assert.equal(
      errors[0]?.message,
      "Error encountered in task c-0. Executing stage 'VALUE_CONVERTER' with class 'test.Converter', where consumed record is {offset=7}.",
    )
  })

  test('is told of with all digits of its place', () => {
    const { tolerance } = setUp({})

    const place = { sourceOffset: { id: 9_007_199_254_740_993n } }

    assert.match(tolerance.giveUp(TROUBLE, { ...TOLD, place })?.message ?? '', /9007199254740993/)
  })
})

describe('what may heal', () => {
  const trouble = new RetriableError('not now')
  const failing =
    (times: number, then: () => string = () => 'done'): (() => string) =>
    () => {
      if (times-- > 0) throw trouble
      return then()
    }

  test('is not tried again by default', async () => {
    const { tolerance, wait, waits, total } = setUp({})

    const healed = await tolerance.heal(trouble, failing(0), wait)

    assert.deepEqual(healed, { error: trouble })
    assert.deepEqual(waits, [])
    assert.equal(total('total-retries'), 0)
  })

  test('is tried after 300 ms, and then after twice as long each time', async () => {
    const { tolerance, wait, waits, total } = setUp({ 'errors.retry.timeout': '60000' })

    const healed = await tolerance.heal(trouble, failing(4), wait)

    assert.deepEqual(healed, { result: 'done' })
    assert.deepEqual(waits, [300, 600, 1_200, 2_400, 4_800])
    assert.equal(total('total-retries'), 5)
    assert.equal(total('total-record-failures'), 5)
  })

  test('waits at random where twice as long is above errors.retry.delay.max.ms', async () => {
    const limits: number[] = []
    const { tolerance, wait, waits } = setUp(
      { 'errors.retry.timeout': '60000', 'errors.retry.delay.max.ms': '1000' },
      (limit) => {
        limits.push(limit)
        return 77
      },
    )

    await tolerance.heal(trouble, failing(4), wait)

    assert.deepEqual(waits, [300, 600, 77, 77, 77])
    assert.deepEqual(limits, [1_000, 1_000, 1_000])
  })

  test('is given up when errors.retry.timeout is over; the last wait is cut to it', async () => {
    const { tolerance, wait, waits, clock, total } = setUp({ 'errors.retry.timeout': '1000' })

    const healed = await tolerance.heal(trouble, failing(100), wait)

    assert.deepEqual(healed, { error: trouble })
    assert.deepEqual(waits, [300, 600, 100])
    assert.equal(clock.monotonic(), 1_000)
    assert.equal(total('total-retries'), 3)
    assert.equal(total('total-record-failures'), 4)
  })

  test('is tried for ever with a negative timeout', async () => {
    const { tolerance, wait, waits } = setUp({ 'errors.retry.timeout': '-1' }, (limit) => limit - 1)

    const healed = await tolerance.heal(trouble, failing(2_000), wait)

    assert.deepEqual(healed, { result: 'done' })
    assert.equal(waits.length, 2_001)
    assert.ok(waits.every((ms) => ms >= 0 && ms < 60_000))
  })

  test('is handed back when its run has to end first', async () => {
    const { tolerance, total } = setUp({ 'errors.retry.timeout': '-1' })

    assert.equal(await tolerance.heal(trouble, failing(0), async () => false), undefined)

    assert.equal(total('total-retries'), 0)
  })

  test('is given up at once when another attempt fails for good', async () => {
    const { tolerance, wait, waits } = setUp({ 'errors.retry.timeout': '-1' })
    const again = failing(1, () => {
      throw FAULT
    })

    assert.deepEqual(await tolerance.heal(trouble, again, wait), { error: FAULT })

    assert.deepEqual(waits, [300, 600])
  })

  test('is nothing that cannot', async () => {
    const { tolerance, wait, waits } = setUp({ 'errors.retry.timeout': '-1' })

    assert.deepEqual(await tolerance.heal(FAULT, failing(0), wait), { error: FAULT })

    assert.deepEqual(waits, [])
  })

  test('waits at random below the limit, and not at all for a limit of 0', async () => {
    const waitsWith = async (max: string) => {
      const { wait, waits, clock } = setUp({})
      const config = { 'errors.retry.timeout': '-1', 'errors.retry.delay.max.ms': max }
      const log = { info() {}, warn() {}, error() {} }
      const tolerance = toleranceOf(config, TASK, { clock, log, metrics: counters() })
      await tolerance.heal(trouble, failing(50), wait)
      return waits
    }

    const random = await waitsWith('100')

    assert.ok(random.every((ms) => ms >= 0 && ms < 100))
    assert.ok(new Set(random).size > 10)
    assert.deepEqual(new Set(await waitsWith('0')), new Set([0]))
  })
})
