import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupMirrors } from '../../lib/coordinator/group-mirrors.ts'
import type { Ask, Asked, GroupMirror } from '../../lib/ports.ts'
import { portsForTest, tickingClock } from '../runtime/ports-for-test.ts'

/** Connectors whose groups are mirrored; each question is answered up to `doneAtOnce` mirrors. */
function scene(connectors: readonly string[], doneAtOnce: number) {
  const asked: string[][] = []
  const ports = portsForTest({ clock: tickingClock() })
  const sink: Ask['sink'] = async (_what, question) => {
    const { mirrors } = question as { readonly mirrors: readonly GroupMirror[] } // nothing else is asked
    const some = mirrors.slice(0, doneAtOnce)
    asked.push(some.map(({ group }) => group))
    const answer: Asked['mirrorGroups']['answer'] = { done: some.length, faults: [] }
    return answer as never // the answer to that question
  }
  const mirrored = async () => connectors.map((connector) => ({ connector, topics: ['a', 'b'] }))
  const groupStates = { ...ports.groupStates, mirrored }
  const make = (name: string, topics: string) =>
    ports.configs.put(
      {
        name,
        config: { name, topics },
        targetState: 'PAUSED',
        version: 1,
        restarts: { connector: 0, tasks: {} },
        deleted: false,
      },
      undefined,
    )
  return {
    asked,
    make,
    mirrors: groupMirrors({ ...ports, groupStates, ask: { source: sink, sink } }),
  }
}

test('all groups are mirrored, in as many questions as it takes', async () => {
  const on = scene(['k', 'l', 'm'], 2)

  await on.mirrors.refresh()

  assert.deepEqual(on.asked, [['connect-k', 'connect-l'], ['connect-m']])
})

test('where time ends before all are mirrored, the next time begins with those that were left', async () => {
  const on = scene(['k', 'l', 'm'], 1)
  let turns = 2

  await on.mirrors.refresh(() => turns-- > 0)
  const before = on.asked.splice(0)
  await on.mirrors.refresh()

  assert.deepEqual(before, [['connect-k'], ['connect-l']])
  assert.deepEqual(on.asked, [['connect-m'], ['connect-k'], ['connect-l']])
})

test('nothing is mirrored to the group by which another connector reads a topic', async () => {
  const on = scene(['k', 'orders-eu', 'orders-us', 'orders-eu-new'], 9)
  await on.make('orders', 'eu,asia')
  await on.make('orders-eu', 'eu,fr')

  await on.mirrors.refresh()

  assert.deepEqual(on.asked, [['connect-k', 'connect-orders-us', 'connect-orders-eu-new']])
})

test('a connector of one topic has a group of its own name, which is in no mirror’s way', async () => {
  const on = scene(['orders-eu'], 9)
  await on.make('orders', 'eu')

  await on.mirrors.refresh()

  assert.deepEqual(on.asked, [['connect-orders-eu']])
})
