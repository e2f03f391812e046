import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ensureMapping, saveOffsets } from '../../lib/coordinator/saved-offsets.ts'
import { ConflictError } from '../../lib/errors.ts'
import type { Ask, Asked, Mapping, Ports } from '../../lib/ports.ts'
import { portsForTest, runningConnector, tickingClock } from '../runtime/ports-for-test.ts'

const mapping = (group: string, enabled = true): Mapping => ({
  connector: 'c',
  topic: 't',
  group,
  enabled,
})

/** One sink; what its groups hold of partition 0 of its topic, and the one mapping that was made. Dies before the call of this number. */
async function world(held: Record<string, number>, made: Mapping | undefined) {
  const state = { made, diesAt: Number.POSITIVE_INFINITY, calls: 0 }
  const step = () => {
    if (++state.calls >= state.diesAt) throw new Error('killed')
  }
  const base = portsForTest({ clock: tickingClock() })
  await runningConnector(base, 'c', { topics: 't' })
  const sink: Ask['sink'] = async (what, question) => {
    step()
    if (what === 'readyGroup') {
      const { group, saved, from } = question as Asked['readyGroup']['question']
      const reached = held[from ?? group] ?? (saved[0] === undefined ? undefined : Number(saved[0]))
      if (reached !== undefined) held[group] = reached
      return {} as Asked[typeof what]['answer']
    }
    const offsets = [{ topic: 't', partition: 0, offset: String(held.g) }]
    return { groups: [{ group: 'g', offsets }] } as Asked[typeof what]['answer']
  }
  const ports: Ports = {
    ...base,
    ask: { ...base.ask, sink },
    groupStates: {
      ...base.groupStates,
      async write(...given) {
        step()
        await base.groupStates.write(...given)
      },
    },
    mappings: {
      ...base.mappings,
      async ensure(one) {
        step()
        state.made = one
      },
    },
  }
  const seen = () => ({ mappings: state.made ? [state.made] : [] })
  return { ports, state, seen, kept: () => base.groupStates.read('c') }
}

/** Dies before each call in turn, and each time another look goes on from there. */
async function atEachCall(
  run: (diesAt: number) => Promise<{ readonly calls: number }>,
): Promise<void> {
  for (let diesAt = 1; ; diesAt++) if ((await run(diesAt)).calls < diesAt) return
}

test('whoever dies on the way of enabling, the next look puts the lost offset back, and forgets it afterwards', async () => {
  let deaths = 0
  await atEachCall(async (diesAt) => {
    const held: Record<string, number> = {}
    const { ports, state, seen, kept } = await world(held, mapping('g', false))
    const saved = { readBy: { t: 'g' }, saved: { t: { 0: '7' } }, mirrored: [] }
    await ports.groupStates.write('c', saved, undefined)
    Object.assign(state, { calls: 0, diesAt })
    await ensureMapping(mapping('g'), seen(), ports).catch(() => deaths++)
    const { calls } = state

    // What was delivered since the mapping was enabled counts.
    if (state.made?.enabled) held.g = 9
    const went = held.g ?? 7
    state.diesAt = Number.POSITIVE_INFINITY
    await ensureMapping(mapping('g'), seen(), ports)

    assert.deepEqual([held.g, state.made], [went, mapping('g')])
    assert.deepEqual((await kept())?.saved, {})
    return { calls }
  })
  assert.equal(deaths, 3)
})

test('whoever dies while a topic goes over to another group, it goes on where it was, and is never set back once it is read there', async () => {
  let deaths = 0
  await atEachCall(async (diesAt) => {
    const held: Record<string, number> = { old: 7, g: 3 }
    const { ports, state, seen } = await world(held, mapping('old'))
    state.diesAt = diesAt
    const look = () => ensureMapping(mapping('g'), seen(), ports)
    await look()
      .then(look)
      .catch(() => deaths++)
    const { calls } = state

    const isRead = state.made?.group === 'g' && state.made.enabled
    if (isRead) held.g = 9
    state.diesAt = Number.POSITIVE_INFINITY
    await look()
    await look()

    assert.deepEqual([held.g, state.made], [isRead ? 9 : 7, mapping('g')])
    return { calls }
  })
  assert.equal(deaths, 4)
})

test('the group before is disabled first, and what it still ends is waited for', async () => {
  const { ports, state, seen } = await world({ old: 7 }, mapping('old'))

  await ensureMapping(mapping('g'), seen(), ports)
  assert.deepEqual(state.made, mapping('old', false))
  const ending = { mappings: [{ ...mapping('old', false), waiting: 'Disabling' }] }
  await ensureMapping(mapping('g'), ending, ports)

  assert.deepEqual(state.made, mapping('old', false))
})

test('what is saved is outdated once the mapping was enabled, and goes before it is disabled', async () => {
  const { ports, state, seen, kept } = await world({ g: 9 }, mapping('g'))
  const outdated = { readBy: { t: 'g' }, saved: { t: { 0: '7' } }, mirrored: [] }
  await ports.groupStates.write('c', outdated, undefined)
  Object.assign(state, { calls: 0, diesAt: 2 })

  await assert.rejects(ensureMapping(mapping('g', false), seen(), ports), /killed/)

  assert.deepEqual([(await kept())?.saved, state.made], [{}, mapping('g')])
})

test('offsets are saved as they were when nobody else has written meanwhile, and not while REST changes them', async () => {
  const { ports, kept } = await world({ g: 9 }, mapping('g', false))
  const save = (over: Partial<Ports> = {}) => saveOffsets('c', { t: 'g' }, { ...ports, ...over })
  const changing = { readBy: {}, saved: {}, mirrored: [] }
  const changingUntil = ports.clock.now() + 60_000

  const reset: Ask['sink'] = async (...asked) => {
    const answer = await ports.ask.sink(...asked)
    await ports.groupStates.write('c', { ...changing, changingUntil }, undefined)
    return answer
  }
  await save({ ask: { ...ports.ask, sink: reset } })
  assert.deepEqual((await kept())?.saved, {})
  await save()
  assert.deepEqual((await kept())?.saved, {})
  await ports.clock.sleep(60_000)
  await save()

  assert.deepEqual(await kept(), {
    readBy: { t: 'g' },
    saved: { t: { 0: '9' } },
    mirrored: [],
    revision: 2,
  })
  await assert.rejects(ports.groupStates.write('c', changing, 1), ConflictError)
})
