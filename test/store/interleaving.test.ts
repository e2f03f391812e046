/** What happens between two steps of a store: another store over the same rows acts just then. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConflictError, FencedError } from '../../lib/errors.ts'
import type { Status } from '../../lib/ports.ts'
import { connectorPk, historyPk, offsetsPk } from '../../lib/store/keys.ts'
import type { Rows } from '../../lib/store/rows.ts'
import { type Stores, storesOver } from '../../lib/store/stores.ts'
import { TTL_MS, taken, wishOf } from '../contract/made-stores.ts'
import { connector, row, set, world } from './interrupted-rows.ts'

test('an expired lease that its holder renews just before it is taken stays the holder’s', async () => {
  const { clock, others, when } = world()
  const lease = await taken(others, { connector })
  clock.advance(TTL_MS)

  const { leases } = when('transact', () => others.leases.renew(lease, TTL_MS))
  const answer = await leases.take(wishOf({ connector, invocation: 'second' }))

  assert.deepEqual(answer, { held: { ...lease, expiresAt: clock.now() + TTL_MS } })
})

test('an expired lease of an older generation that is renewed just before it is fenced blocks', async () => {
  const { clock, others, when } = world()
  const older = await taken(others, { connector, task: 1 })
  clock.advance(TTL_MS)

  const { leases } = when('transact', () => others.leases.renew(older, TTL_MS))
  const answer = await leases.take(wishOf({ connector, invocation: 'second', generation: 2 }))

  assert.ok('held' in answer)
  assert.equal(answer.held.task, 1)
})

test('a lease of an older generation that is taken between look and take blocks', async () => {
  const { others, when } = world()
  const older = () => taken(others, { connector, task: 1 })

  const { leases } = when('transact', older)
  const answer = await leases.take(wishOf({ connector, invocation: 'second', generation: 2 }))

  assert.ok('held' in answer)
  assert.deepEqual([answer.held.task, answer.held.generation], [1, 1])
})

test('a commit is fenced by a lease that was taken a moment before', async () => {
  const { clock, others, when } = world()
  const lease = await taken(others, { connector })
  clock.advance(TTL_MS)

  const { offsets } = when('transact', () => taken(others, { connector, invocation: 'second' }))
  const commit = offsets.commit(lease, [{ partition: {}, offset: { id: 1n } }])

  await assert.rejects(commit, FencedError)
  assert.deepEqual(await others.offsets.read(connector), [])
})

test('a reader who is overtaken by a publication reads the new set', async () => {
  const { others, when } = world()
  await others.tasks.publish(connector, set(1, ['a', 'b']), undefined)
  const replace = (seen: number) => others.tasks.publish(connector, set(seen + 1, ['c']), seen)

  const all = await when('query', () => replace(1)).tasks.read(connector)
  // The header is the first, the task's own row the second.
  const one = await when('get', () => replace(2), 2).tasks.readTask(connector, 0)

  assert.deepEqual(all, set(2, ['c']))
  assert.deepEqual(one, { generation: 3, version: 1, config: { text: 'c' } })
})

test('a view that read the tasks before they were replaced and the header after it is read again', async () => {
  const { rows, others, clock } = world()
  await others.configs.put(row(), undefined)
  await others.tasks.publish(connector, set(1, ['a', 'b']), undefined)
  let reads = 0
  // DynamoDB reads one item after another, in the order of their sort keys: the tasks before their header.
  const torn: Rows = {
    ...rows,
    async query(pk, prefix) {
      const before = await rows.query(pk, prefix)
      if (++reads > 1) return before
      await others.tasks.publish(connector, set(2, ['c', 'd']), 1)
      const after = await rows.query(pk, prefix)
      return [
        ...before.filter(({ sk }) => sk < 'tasks'),
        ...after.filter(({ sk }) => sk >= 'tasks'),
      ]
    },
  }

  const view = await storesOver(torn, clock).connectors.view(connector)

  assert.deepEqual(view?.tasks, set(2, ['c', 'd']))
  assert.equal(reads, 2)
})

test('a publication removes what older ones left, and nothing of one that is under way above it', async () => {
  const { rows, others, when } = world()
  await others.tasks.publish(connector, set(1, ['a', 'b']), undefined)
  const later = Promise.withResolvers<void>()
  const next = when('transact', () => later.promise).tasks
  let publishing: Promise<void> | undefined
  const beginNext = async () => {
    publishing = next.publish(connector, set(3, ['e', 'f']), 2)
    // Its rows are written, its header waits.
    while ((await rows.query(connectorPk(connector), 'task#0000000003')).length < 2);
  }

  await when('sortKeys', beginNext).tasks.publish(connector, set(2, ['c', 'd']), 1)
  const left = await rows.sortKeys(connectorPk(connector), 'task#')
  later.resolve()
  await publishing

  assert.deepEqual(
    left.map((sk) => sk.slice(0, 'task#0000000000'.length)),
    ['task#0000000002', 'task#0000000002', 'task#0000000003', 'task#0000000003'],
  )
  assert.deepEqual(await others.tasks.read(connector), set(3, ['e', 'f']))
  assert.equal((await rows.sortKeys(connectorPk(connector), 'task#')).length, 2)
})

const comeAndGo = async (others: Stores) => {
  const { revision } = await others.configs.put(row(), undefined)
  await others.tasks.publish(connector, set(1, ['a']), undefined)
  await others.configs.put(row(true), revision)
  await others.configs.remove(connector, revision + 1)
}

test('a connector that came and went meanwhile makes a new one a conflict', async () => {
  const { others, when } = world()

  const { configs } = when('transact', () => comeAndGo(others))
  await assert.rejects(configs.put(row(), undefined), ConflictError)

  const again = await others.configs.put(row(), undefined)
  assert.deepEqual([again.version, again.revision], [2, 3])
})

test('a connector that came and went meanwhile makes a publication a conflict', async () => {
  const { others, when } = world()

  const { tasks } = when('transact', () => comeAndGo(others))
  await assert.rejects(tasks.publish(connector, set(1, ['late']), undefined), ConflictError)

  assert.equal(await others.tasks.generation(connector), undefined)
  await others.tasks.publish(connector, set(1, ['b']), undefined)
  assert.deepEqual(await others.tasks.generation(connector), { generation: 2, tasks: 1 })
})

test('a publication that meets the clearing away is a conflict, and its generation is not used again', async () => {
  const { rows, others, when } = world()
  await others.configs.put(row(), undefined)
  await others.tasks.publish(connector, set(1, ['a']), undefined)
  await others.configs.put(row(true), 1)

  const { tasks } = when('transact', () => others.configs.remove(connector, 2))
  await assert.rejects(tasks.publish(connector, set(2, ['late']), 1), ConflictError)

  assert.deepEqual(await rows.sortKeys(connectorPk(connector), ''), [])
  await others.tasks.publish(connector, set(1, ['b']), undefined)
  assert.deepEqual(await others.tasks.generation(connector), { generation: 3, tasks: 1 })
})

test('a connector that is revived while it is cleared away lives, and can be given tasks again', async () => {
  const { others, when } = world()
  await others.configs.put(row(), undefined)
  await others.tasks.publish(connector, set(1, ['a']), undefined)
  await others.configs.put(row(true), 1)
  const revive = () => others.configs.put(row(), 2)

  // After the first step: its task set is out of force by then.
  await assert.rejects(when('removeAll', revive).configs.remove(connector, 2), ConflictError)

  assert.equal((await others.configs.get(connector))?.deleted, false)
  assert.equal(await others.tasks.read(connector), undefined)
  await others.tasks.publish(connector, set(1, ['b']), undefined)
  assert.deepEqual(await others.tasks.read(connector), set(2, ['b']))
})

/** There, and deleted while somebody is about to do something for it. */
const made = async (others: Stores): Promise<() => Promise<void>> => {
  await others.configs.put(row(), undefined)
  await others.tasks.publish(connector, set(1, ['a']), undefined)
  return async () => {
    await others.configs.put(row(true), 1)
    await others.configs.remove(connector, 2)
  }
}

test('a lease that is to be taken while its connector is cleared away is taken by nobody', async () => {
  const { rows, others, when } = world()
  const clear = await made(others)

  const answer = await when('transact', clear).leases.take(wishOf({ connector, generation: 1 }))
  const late = await others.leases.take(wishOf({ connector, generation: 1 }))

  assert.deepEqual([answer, late], [{ gone: true }, { gone: true }])
  assert.deepEqual(await rows.sortKeys(connectorPk(connector), ''), [])
  await others.configs.put(row(), undefined)
  await others.tasks.publish(connector, set(1, ['b']), undefined)
  assert.equal((await taken(others, { connector, generation: 2 })).generation, 2)
})

for (const unit of ['connector', 0] as const)
  test(`a status of ${unit} that is written while its connector is cleared away is refused`, async () => {
    const { rows, others, when } = world()
    const clear = await made(others)

    const isWritten = await when('transact', clear).statuses.write(connector, unit, status)

    assert.equal(isWritten, false)
    assert.equal(await others.statuses.write(connector, unit, status), false)
    assert.deepEqual(await rows.sortKeys(connectorPk(connector), ''), [])
    assert.equal(await others.statuses.write(connector, unit, { ...status, generation: 2 }), true)
  })

test('the tasks of a publication that comes after the clearing away are removed again', async () => {
  const { rows, others, when } = world()
  const clear = await made(others)

  const { tasks } = when('putAll', clear)
  await assert.rejects(tasks.publish(connector, set(2, ['late', 'too']), 1), ConflictError)

  assert.deepEqual(await rows.sortKeys(connectorPk(connector), ''), [])
})

test('of two publications of the very same set the one that is refused removes nothing', async () => {
  const { others, when } = world()
  await made(others)
  const same = () => others.tasks.publish(connector, set(2, ['b', 'c']), 1)

  await assert.rejects(when('transact', same).tasks.publish(connector, set(2, ['b', 'c']), 1))

  assert.deepEqual(await others.tasks.read(connector), set(2, ['b', 'c']))
})

test('a version that is written while its connector is cleared away leaves no history', async () => {
  const { rows, others, when } = world()
  const clear = await made(others)

  const put = when('transact', clear).configs.put({ ...row(), version: 2 }, 1)

  await assert.rejects(put, ConflictError)
  assert.deepEqual(await rows.sortKeys(historyPk(connector), ''), [])
})

test('clearing away leaves no row but epoch, versions and offsets', async () => {
  const { rows, others } = world()
  const lease = await taken(others, { connector })
  await others.offsets.commit(lease, [{ partition: { a: 1 }, offset: { b: 1 } }])
  await others.statuses.write(connector, 0, status)

  await comeAndGo(others)

  assert.deepEqual(await rows.sortKeys(connectorPk(connector), ''), [])
  assert.deepEqual(await rows.sortKeys(historyPk(connector), ''), [])
  assert.deepEqual(await rows.sortKeys(offsetsPk(connector), ''), [
    'epoch',
    'offset#{"a":1}',
    'versions',
  ])
})

const status: Status = {
  state: 'RUNNING',
  workerId: 'w',
  version: '1',
  since: 1,
  generation: 1,
  restart: 0,
}

test('a status that says nothing new is not written', async () => {
  const { others, when } = world()
  let writes = 0
  const { statuses } = when('transact', async () => writes++)
  await others.statuses.write(connector, 0, status)

  const same = await statuses.write(connector, 0, { ...status, since: 2 })
  const writesOfSame = writes
  const other = await statuses.write(connector, 0, { ...status, since: 2, reason: 'new' })

  assert.deepEqual([same, writesOfSame], [true, 0])
  assert.deepEqual([other, writes], [true, 1])
})

test('a status gives way to a newer one that is written a moment before', async () => {
  const { others, when } = world()
  const newer: Status = { ...status, restart: 1, state: 'FAILED' }

  const { statuses } = when('transact', () => others.statuses.write(connector, 0, newer))
  const written = await statuses.write(connector, 0, status)

  assert.equal(written, false)
  assert.deepEqual(await others.statuses.get(connector, 0), newer)
})
