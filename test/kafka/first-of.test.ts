import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstOf } from '../../lib/kafka/first-of.ts'

const never = () => new Promise<string>(() => undefined)

test('the first that succeeds is it, and those after it are not begun', async () => {
  const begun: string[] = []
  const attempt = (name: string) => async () => {
    begun.push(name)
    if (name.startsWith('bad')) throw new Error(name)
    return name
  }

  assert.equal(await firstOf(['bad 1', 'bad 2', 'good', 'later'].map(attempt)), 'good')
  assert.deepEqual(begun, ['bad 1', 'bad 2', 'good'])
})

test('one that takes its time is overtaken by the next, or comes first after all', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const slow = Promise.withResolvers<string>()
  const first = firstOf([() => slow.promise, never])
  const overtaken = firstOf([never, async () => 'second'])

  t.mock.timers.tick(1_000)
  slow.resolve('first')

  assert.equal(await first, 'first')
  assert.equal(await overtaken, 'second')
})

test('where all fail, the last failure is told, also when an earlier one fails late', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const late = Promise.withResolvers<string>()
  const all = firstOf([() => late.promise, () => Promise.reject(new Error('soon'))])

  t.mock.timers.tick(1_000)
  late.reject(new Error('late'))

  await assert.rejects(all, /^Error: late$/)
})
