import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, DataError, isRetriable } from '../../lib/errors.ts'
import { counters } from '../../lib/local/counters.ts'
import type { Log } from '../../lib/ports.ts'
import { toleranceOf } from '../../lib/runtime/tolerance.ts'

const TASK = { connector: 'c', task: 0 }
const PLACE = { topic: 't', partition: 0, offset: 7 }
const FAULT = new DataError('not a number')

function setUp(config: Readonly<Record<string, string>>) {
  const metrics = counters()
  const errors: string[] = []
  const nothing = () => undefined
  const log: Log = { info: nothing, warn: nothing, error: (message) => void errors.push(message) }
  return { tolerance: toleranceOf(config, TASK, log, metrics), metrics, errors }
}

test('by default a record’s fault fails the task, with the stage, the place and the cause', () => {
  const { tolerance, metrics, errors } = setUp({})

  assert.throws(
    () => tolerance('VALUE_CONVERTER', FAULT, PLACE),
    (error) =>
      error instanceof ConnectError &&
      !isRetriable(error) &&
      error.message ===
        'Tolerance exceeded in error handler (stage VALUE_CONVERTER, record {"topic":"t","partition":0,"offset":7})' &&
      error.cause === FAULT,
  )
  assert.equal(metrics.total('total-record-errors', 'c'), 1)
  assert.equal(metrics.total('total-records-skipped', 'c'), 0)
  assert.deepEqual(errors, [])
})

test('with errors.tolerance=all the record is left out and counted', () => {
  const { tolerance, metrics } = setUp({ 'errors.tolerance': 'all' })

  tolerance('TASK_PUT', FAULT, PLACE)

  assert.equal(metrics.total('total-record-errors', 'c'), 1)
  assert.equal(metrics.total('total-records-skipped', 'c'), 1)
})

for (const tolerated of ['all', 'none'])
  test(`with errors.log.enable it is logged, tolerance ${tolerated}`, () => {
    const { tolerance, errors } = setUp({
      'errors.tolerance': tolerated,
      'errors.log.enable': 'true',
    })

    try {
      tolerance('KEY_CONVERTER', FAULT, PLACE)
    } catch {
      // Tested above.
    }

    assert.deepEqual(errors, ["Error encountered in task c-0. Executing stage 'KEY_CONVERTER'"])
  })

test('a place is told with all its digits', () => {
  const { tolerance } = setUp({})

  assert.throws(
    () => tolerance('VALUE_CONVERTER', FAULT, { sourceOffset: { id: 9_007_199_254_740_993n } }),
    /9007199254740993/,
  )
})
