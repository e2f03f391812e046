import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { test } from 'node:test'
import { systemClock } from '../../lib/monitoring/system-clock.ts'

test('a sleep lasts at least as long as it was asked to', async () => {
  const before = systemClock.monotonic()

  await systemClock.sleep(20)

  assert.ok(systemClock.monotonic() - before >= 20)
})

test('a sleep ends early, and does not reject, when the signal is aborted', async () => {
  const controller = new AbortController()
  const before = systemClock.monotonic()

  const sleeping = systemClock.sleep(60_000, controller.signal)
  controller.abort(new Error('stop'))
  await sleeping
  await systemClock.sleep(60_000, controller.signal)

  assert.ok(systemClock.monotonic() - before < 5_000)
})

test('a sleep leaves no listener on its signal', async () => {
  const { signal } = new AbortController()

  for (let count = 0; count < 20; count++) await systemClock.sleep(0.1, signal)

  assert.equal(getEventListeners(signal, 'abort').length, 0)
})

test('no time at all, or a time past, is no sleep', async () => {
  await systemClock.sleep(0)
  await systemClock.sleep(-5)
})

test('a sleep longer than a timer holds is no short one', async () => {
  const controller = new AbortController()
  let isOver = false

  const sleeping = systemClock.sleep(2 ** 31 + 1_000, controller.signal).then(() => {
    isOver = true
  })
  await systemClock.sleep(20)

  assert.equal(isOver, false)
  controller.abort()
  await sleeping
})

test('the wall clock tells milliseconds since 1970', () => {
  assert.ok(Math.abs(systemClock.now() - Date.now()) < 1_000)
})
