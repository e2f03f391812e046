import assert from 'node:assert/strict'
import { test } from 'node:test'
import { localAudit } from '../../lib/local/audit.ts'

function audited() {
  const state = { now: 0, living: ['a:1'], lists: 0 }
  const audit = localAudit(
    { living: async () => [...state.living] },
    { monotonic: () => state.now },
  )
  const look = () =>
    audit(async () => {
      state.lists++
      return ['c']
    })
  return { state, look }
}

test('a worker looks at all connectors after its start, and then every ten seconds', async () => {
  const { state, look } = audited()

  const seen: number[] = []
  for (; state.now <= 20_000; state.now += 2_000)
    if ((await look()).length > 0) seen.push(state.now)

  assert.deepEqual(seen, [0, 10_000, 20_000])
  assert.equal(state.lists, 3)
})

test('a worker that comes or goes has all connectors looked at at once', async () => {
  const { state, look } = audited()
  await look()
  assert.deepEqual(await look(), [])

  state.living = ['b:1', 'a:1']
  assert.deepEqual(await look(), ['c'])
  state.living = ['a:1', 'b:1']
  assert.deepEqual(await look(), [])
  state.living = ['a:1']
  assert.deepEqual(await look(), ['c'])
})

test('an audit that could not list the connectors is made good by the next tick', async () => {
  const audit = localAudit({ living: async () => [] }, { monotonic: () => 0 })

  const failing = audit(async () => {
    throw new Error('the table does not answer')
  })

  await assert.rejects(failing, /does not answer/)
  assert.deepEqual(await audit(async () => ['c']), ['c'])
})
