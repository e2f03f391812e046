import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Schedules } from '../../lib/ports.ts'

/** The promises of `Schedules` that need no minute to pass: that they fire is tested where time can be moved. */
export function schedulesContract(kind: string, schedules: Schedules): void {
  const tasksOf = async (connector: string) =>
    (await schedules.list(connector)).toSorted((a, b) => a - b)

  test(`${kind}: tasks have schedules of their own, and each connector is told its own`, async () => {
    for (const task of [10, 2, 0]) await schedules.ensure({ connector: 'orders', task })
    await schedules.ensure({ connector: 'orders-1', task: 5 })
    await schedules.ensure({ connector: 'Örders', task: 7 })

    assert.deepEqual(await tasksOf('orders'), [0, 2, 10])
    assert.deepEqual(await tasksOf('orders-1'), [5])
    assert.deepEqual(await tasksOf('Örders'), [7])
    assert.deepEqual(await tasksOf('order'), [])
  })

  test(`${kind}: two that make the same one at once make one`, async () => {
    const event = { connector: 'twice', task: 0 }

    await Promise.all([schedules.ensure(event), schedules.ensure(event)])
    await schedules.ensure(event)

    assert.deepEqual(await tasksOf('twice'), [0])
  })

  test(`${kind}: one that is removed is gone, and can be removed again, and made again`, async () => {
    const event = { connector: 'gone', task: 0 }
    await schedules.ensure(event)
    await schedules.ensure({ ...event, task: 1 })

    await schedules.remove(event)
    await schedules.remove(event)
    const left = await tasksOf('gone')
    await schedules.ensure(event)

    assert.deepEqual(left, [1])
    assert.deepEqual(await tasksOf('gone'), [0, 1])
  })

  test(`${kind}: removing one of a connector that nobody knows changes nothing`, async () => {
    await schedules.remove({ connector: 'never-there', task: 3 })

    assert.deepEqual(await tasksOf('never-there'), [])
  })
}
