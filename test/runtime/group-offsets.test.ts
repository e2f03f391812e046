import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConflictError, ConnectError } from '../../lib/errors.ts'
import type { AskEvent, Groups } from '../../lib/ports.ts'
import { pluginsOf } from '../../lib/registry.ts'
import { answer } from '../../lib/runtime/answer.ts'
import { portsForTest, tickingClock } from './ports-for-test.ts'

/** Groups that note what they are told, and fail as the test says. */
function world(failing: (call: string, group: string) => Error | undefined = () => undefined) {
  const calls: string[] = []
  const called = async (call: string, group: string, what: unknown) => {
    const failure = failing(call, group)
    if (failure) throw failure
    calls.push(
      `${call} ${group} ${JSON.stringify(what, (_, value) => (typeof value === 'bigint' ? `${value}` : value))}`,
    )
  }
  const groups: Groups = {
    offsets: async () => [],
    committed: async (group) => [{ topic: group, partition: 0, offset: 2n ** 60n }],
    async requireEmpty(group) {
      const failure = failing('requireEmpty', group)
      if (failure) throw failure
    },
    commit: (group, offsets) => called('commit', group, offsets),
    forget: (group, partitions) => called('forget', group, partitions),
    remove: (group) => called('remove', group, null),
  }
  const clock = tickingClock()
  const ports = portsForTest({ clock, groups })
  return {
    calls,
    clock,
    ask: (event: AskEvent, limitMs?: number) => answer(event, ports, pluginsOf([]), limitMs),
  }
}

const change = (group: string, partition: number, offset: string | null) => ({
  group,
  topic: 't',
  partition,
  offset,
})

test('what groups have committed is told with every digit', async () => {
  const { ask } = world()

  assert.deepEqual(await ask({ ask: 'groupOffsets', question: { groups: ['a', 'b'] } }), {
    answer: {
      offsets: ['a', 'b'].map((group) => ({
        group,
        topic: group,
        partition: 0,
        offset: '1152921504606846976',
      })),
    },
  })
})

test('changes are made group by group: offsets are committed, then others are forgotten', async () => {
  const { ask, calls } = world()
  const changes = [change('a', 0, '9007199254740993'), change('b', 0, '1'), change('a', 1, null)]

  assert.deepEqual(await ask({ ask: 'alterGroups', question: { changes } }), { answer: {} })

  assert.deepEqual(calls, [
    'commit a [{"topic":"t","partition":0,"offset":"9007199254740993"}]',
    'forget a [{"group":"a","topic":"t","partition":1,"offset":null}]',
    'commit b [{"topic":"t","partition":0,"offset":"1"}]',
    'forget b []',
  ])
})

test('a group whose members leave within the time is waited for', async () => {
  let left = 8
  const { ask, calls } = world(() => (left-- > 0 ? new ConflictError('has members') : undefined))

  await ask({ ask: 'removeGroups', question: { groups: ['a', 'b'] } })

  assert.deepEqual(calls, ['remove a null', 'remove b null'])
})

test('a group whose members do not leave is left as it is after twelve seconds, and the next is not touched', async () => {
  const { ask, calls, clock } = world((_, group) =>
    group === 'a' ? new ConflictError('has members') : undefined,
  )
  const since = clock.monotonic()

  const reply = await ask({ ask: 'removeGroups', question: { groups: ['a', 'b'] } })

  assert.deepEqual(reply, {
    error: { name: 'ConflictException', message: 'has members', retriable: false },
  })
  assert.deepEqual(calls, [])
  const tookMs = clock.monotonic() - since
  assert.ok(tookMs > 11_000 && tookMs < 13_000, String(tookMs))
})

test('of several groups none is changed while one has members, whichever comes first', async () => {
  for (const question of [
    { ask: 'alterGroups', question: { changes: [change('a', 0, '1'), change('b', 0, '2')] } },
    { ask: 'removeGroups', question: { groups: ['a', 'b'] } },
  ] as const) {
    const { ask, calls } = world((_, group) =>
      group === 'b' ? new ConflictError('has members') : undefined,
    )

    assert.ok('error' in (await ask(question)))
    assert.deepEqual(calls, [])
  }
})

test('a refusal is told at once', async () => {
  let asked = 0
  const { ask } = world(() => {
    asked++
    return new ConnectError('no such topic')
  })

  const reply = await ask({ ask: 'alterGroups', question: { changes: [change('a', 0, '1')] } })

  assert.ok('error' in reply)
  assert.equal(asked, 1)
})
