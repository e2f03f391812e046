import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fencedCommands, fenceOf, takeFence } from '../../../lib/connectors/redis/fence.ts'

const fence = fenceOf('c', { topic: 't', partition: 3 }, 'token')

test('a fence is one key for a connector and topic partition, and leaves by itself', () => {
  assert.equal(fence.key, 'connectless:fence:c:t-3')
  assert.deepEqual(takeFence(fence), ['SET', fence.key, 'token:0', 'EX', '60'])
})

test('a chunk says which value the fence must have, and which one it leaves', () => {
  const commands = [
    ['MSET', 'a', '1', 'b', '2'],
    ['DEL', 'c'],
  ] as const
  const [name, , ...rest] = fencedCommands(fence, { number: 4, isLast: false, commands })

  assert.equal(name, 'EVAL')
  assert.deepEqual(rest, [
    ...['1', fence.key, 'token:4', 'token:5'],
    ...['MSET', '4', 'a', '1', 'b', '2'],
    ...['DEL', '1', 'c'],
  ])
})

test('the last chunk leaves none', () => {
  const [, , ...rest] = fencedCommands(fence, { number: 0, isLast: true, commands: [] })

  assert.deepEqual(rest, ['1', fence.key, 'token:0', ''])
})
