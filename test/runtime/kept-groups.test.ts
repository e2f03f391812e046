import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConflictError, ConnectError, RetriableError } from '../../lib/errors.ts'
import type { AskEvent, CommittedOffset, Groups, TopicPartition } from '../../lib/ports.ts'
import { pluginsOf } from '../../lib/registry.ts'
import { answer } from '../../lib/runtime/answer.ts'
import { portsForTest, tickingClock } from './ports-for-test.ts'

type Held = Record<string, Record<string, number>>

/** Groups by name: `topic-partition` and what is committed. Logs end at 100. */
function world(
  given: {
    readonly held: Held
    readonly members?: readonly string[]
    readonly refusing?: (group: string) => Error | undefined
  },
  clock = tickingClock(),
) {
  const held = structuredClone(given.held)
  const key = ({ topic, partition }: TopicPartition) => `${topic}-${partition}`
  const requireEmpty = async (group: string) => {
    if (given.members?.includes(group)) throw new ConflictError('it has members')
  }
  const changing = async (group: string, places: readonly unknown[]) => {
    if (places.length === 0) return
    await requireEmpty(group)
    const failure = given.refusing?.(group)
    if (failure) throw failure
    held[group] ??= {}
  }
  const groups: Groups = {
    async offsets(_group, topics) {
      const log = { start: 0, end: 100, committed: null }
      return topics.flatMap((topic) => [0, 1].map((partition) => ({ topic, partition, ...log })))
    },
    committed: async (group) =>
      Object.entries(held[group] ?? {}).map(([place, offset]): CommittedOffset => {
        const [topic = '', partition] = place.split('-')
        return { topic, partition: Number(partition), offset: BigInt(offset) }
      }),
    requireEmpty,
    async commit(group, offsets) {
      await changing(group, offsets)
      for (const one of offsets)
        Object.assign(held[group] ?? {}, { [key(one)]: Number(one.offset) })
    },
    async forget(group, places) {
      await changing(group, places)
      for (const one of places) delete held[group]?.[key(one)]
    },
    remove: async (group) => void delete held[group],
  }
  const ports = portsForTest({ clock, groups })
  return { held, ports, ask: (event: AskEvent) => answer(event, ports, pluginsOf([])) }
}

const ready = (question: { saved?: Record<string, string>; from?: string }): AskEvent => ({
  ask: 'readyGroup',
  question: { group: 'new', topic: 't', saved: {}, ...question },
})

for (const { title, held, members = [], question, want } of [
  {
    title: 'what a group has lost is put back, and nothing in the place of what it has',
    held: { new: { 't-1': 3, 'u-0': 9 } },
    question: { saved: { 0: '7', 1: '8' } },
    want: { new: { 't-0': 7, 't-1': 3, 'u-0': 9 } },
  },
  {
    title: 'what lies beyond the end of the log is not put back: the topic is another by now',
    held: {},
    question: { saved: { 0: '101', 1: '100' } },
    want: { new: { 't-1': 100 } },
  },
  {
    title: 'a group that has members has lost nothing',
    held: { new: { 't-1': 3 } },
    members: ['new'],
    question: { saved: { 0: '7' } },
    want: { new: { 't-1': 3 } },
  },
  {
    title:
      'a group goes on where another stopped, also behind what it once had, and starts over where that one would',
    held: { old: { 't-0': 5, 'u-0': 4 }, new: { 't-0': 9, 't-1': 9, 'u-0': 9 } },
    question: { from: 'old' },
    want: { old: { 't-0': 5, 'u-0': 4 }, new: { 't-0': 5, 'u-0': 9 } },
  },
  {
    title: 'what another has lost counts as it was saved',
    held: { old: { 't-0': 5 } },
    question: { from: 'old', saved: { 0: '4', 1: '6' } },
    want: { old: { 't-0': 5 }, new: { 't-0': 5, 't-1': 6 } },
  },
] as readonly {
  readonly title: string
  readonly held: Held
  readonly members?: readonly string[]
  readonly question: { saved?: Record<string, string>; from?: string }
  readonly want: Held
}[])
  test(title, async () => {
    const { held: now, ask } = world({ held, members })

    assert.deepEqual(await ask(ready(question)), { answer: {} })
    assert.deepEqual(now, want)
    // What broke off is done again.
    assert.deepEqual(await ask(ready(question)), { answer: {} })
    assert.deepEqual(now, want)
  })

test('a group does not go on from one that has members; what brokers refuse is told, what may heal is an error', async () => {
  const busy = world({ held: { old: { 't-0': 5 } }, members: ['old'] })
  const refused = world({
    held: { old: { 't-0': 5 } },
    refusing: () => new ConnectError('not allowed'),
  })
  const away = world({
    held: { old: { 't-0': 5 } },
    refusing: () => new RetriableError('no broker answers'),
  })

  const replies = await Promise.all(
    [busy, refused, away].map(({ ask }) => ask(ready({ from: 'old' }))),
  )

  assert.deepEqual(replies, [
    { error: { name: 'ConflictException', message: 'it has members', retriable: false } },
    { answer: { refused: 'not allowed' } },
    { error: { name: 'RetriableException', message: 'no broker answers', retriable: true } },
  ])
  assert.deepEqual(busy.held, { old: { 't-0': 5 } })
})

test('of groups with members nothing is told', async () => {
  const { ask } = world({ held: { a: { 't-0': 1 }, b: { 't-0': 2 } }, members: ['b'] })

  assert.deepEqual(await ask({ ask: 'idleGroups', question: { groups: ['a', 'b', 'c'] } }), {
    answer: {
      groups: [
        { group: 'a', offsets: [{ topic: 't', partition: 0, offset: '1' }] },
        { group: 'c', offsets: [] },
      ],
    },
  })
})

test('mirrors get what has moved, both ways, and of each topic from its own group alone; one with members is none, one that is refused stops no other', async () => {
  const { held, ask } = world({
    held: {
      'c-t': { 't-0': 5, 'u-0': 99 },
      'c-u': { 'u-0': 3 },
      c: { 't-0': 7, 'x-0': 1 },
      busy: { 't-0': 1 },
    },
    members: ['busy'],
    refusing: (group) => (group === 'refused' ? new ConnectError('not allowed') : undefined),
  })
  const of = [
    { group: 'c-t', topic: 't' },
    { group: 'c-u', topic: 'u' },
  ]
  const mirrors = ['refused', 'busy', 'c'].map((group) => ({ group, of }))

  const reply = await ask({ ask: 'mirrorGroups', question: { mirrors } })

  assert.deepEqual(reply, {
    answer: { done: 3, faults: [{ group: 'refused', message: 'not allowed' }] },
  })
  assert.deepEqual(
    [held.c, held.busy, held.refused],
    [{ 't-0': 5, 'u-0': 3, 'x-0': 1 }, { 't-0': 1 }, undefined],
  )
})

test('where mirroring takes long, it is answered in time how many are done', async () => {
  const clock = tickingClock()
  const { ports, held } = world({ held: { 'connect-c-t': { 't-0': 5 } } }, clock)
  const { requireEmpty } = ports.groups
  const groups = {
    ...ports.groups,
    async requireEmpty(group: string) {
      clock.freeze(1_000)
      return requireEmpty(group)
    },
  }
  const of = [{ group: 'connect-c-t', topic: 't' }]
  const mirrors = Array.from({ length: 30 }, (_, at) => ({ group: `mirror-${at}`, of }))

  const reply = await answer(
    { ask: 'mirrorGroups', question: { mirrors } },
    { ...ports, groups },
    pluginsOf([]),
  )

  assert.deepEqual(reply, { answer: { done: 8, faults: [] } })
  assert.deepEqual([held['mirror-7'], held['mirror-8']], [{ 't-0': 5 }, undefined])
})
