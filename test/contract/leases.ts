import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { FencedError } from '../../lib/errors.ts'
import type { Lease } from '../../lib/ports.ts'
import { type MakeStores, newName, TTL_MS, taken, testClock, wishOf } from './made-stores.ts'

export function leasesContract(name: string, makeStores: MakeStores): void {
  suite(`leases on ${name}`, () => {
    test('a free lease is taken with what was wished', async () => {
      const clock = testClock()
      const { leases } = await makeStores(clock)
      const wish = wishOf({ connector: newName(), task: 3, generation: 2 })

      const answer = await leases.take(wish)

      const { ttlMs: _, ...holder } = wish
      const lease = { ...holder, epoch: 1, expiresAt: clock.now() + TTL_MS, released: false }
      assert.deepEqual(answer, { taken: lease })
      assert.deepEqual(await leases.list(wish.connector), [lease])
      assert.deepEqual(await leases.list(newName()), [])
    })

    test('a lease that another invocation holds is held until it expires', async () => {
      const clock = testClock()
      const stores = await makeStores(clock)
      const connector = newName()
      const lease = await taken(stores, { connector })

      clock.advance(TTL_MS - 1)
      const before = await stores.leases.take(wishOf({ connector, invocation: 'second' }))
      clock.advance(1)
      const after = await taken(stores, { connector, invocation: 'second' })

      assert.deepEqual(before, { held: lease })
      assert.deepEqual([after.invocation, after.epoch], ['second', 2])
    })

    test('the holding invocation may take it again, with a new epoch', async () => {
      const stores = await makeStores(testClock())
      const connector = newName()
      const lease = await taken(stores, { connector })

      const again = await taken(stores, { connector })

      assert.equal(again.epoch, 2)
      await assert.rejects(stores.leases.renew(lease, TTL_MS), FencedError)
    })

    test('how far the task had come is told to whoever takes it next', async () => {
      const stores = await makeStores(testClock())
      const connector = newName()
      const first = await taken(stores, { connector })

      await stores.leases.renew(first, TTL_MS, 1_000)
      await stores.leases.renew(first, TTL_MS)
      const listed = await stores.leases.list(connector)
      await stores.leases.release(first, 2_000)
      const second = await taken(stores, { connector, invocation: 'second' })
      await stores.leases.release(second)
      const third = await taken(stores, { connector, invocation: 'third' })

      assert.deepEqual(
        [first, listed[0], second, third].map((lease) => lease?.caughtUpAt),
        [undefined, 1_000, 2_000, 2_000],
      )
    })

    test('a released lease is free at once and keeps its epoch', async () => {
      const stores = await makeStores(testClock())
      const connector = newName()
      const lease = await taken(stores, { connector })

      await stores.leases.release(lease)
      const listed = await stores.leases.list(connector)
      const next = await taken(stores, { connector, invocation: 'second' })

      assert.deepEqual(listed, [{ ...lease, released: true }])
      assert.equal(next.epoch, 2)
      await assert.rejects(stores.leases.renew(lease, TTL_MS), FencedError)
    })

    test('a released lease cannot be renewed, also when nobody has taken it', async () => {
      const { leases, ...stores } = await makeStores(testClock())
      const lease = await taken({ leases, ...stores }, { connector: newName() })

      await leases.release(lease)

      await assert.rejects(leases.renew(lease, TTL_MS), FencedError)
    })

    test('releasing what is another invocation’s by now does nothing', async () => {
      const clock = testClock()
      const stores = await makeStores(clock)
      const connector = newName()
      const lease = await taken(stores, { connector })
      clock.advance(TTL_MS)
      const next = await taken(stores, { connector, invocation: 'second' })

      await stores.leases.release(lease)
      await stores.leases.release({ ...lease, connector: newName() })

      assert.deepEqual(await stores.leases.list(connector), [next])
    })

    test('a renewal prolongs by the time given, from now, and keeps the epoch', async () => {
      const clock = testClock()
      const stores = await makeStores(clock)
      const connector = newName()
      const lease = await taken(stores, { connector })

      clock.advance(5_000)
      const renewed = await stores.leases.renew(lease, 20_000)

      assert.deepEqual(renewed, { ...lease, expiresAt: clock.now() + 20_000 })
      clock.advance(19_999)
      const other = await stores.leases.take(wishOf({ connector, invocation: 'second' }))
      assert.deepEqual(other, { held: renewed })
    })

    test('an expired lease that nobody took can be renewed', async () => {
      const clock = testClock()
      const stores = await makeStores(clock)
      const connector = newName()
      const lease = await taken(stores, { connector })

      clock.advance(TTL_MS * 10)
      await stores.leases.renew(lease, TTL_MS)

      const other = await stores.leases.take(wishOf({ connector, invocation: 'second' }))
      assert.ok('held' in other)
    })

    test('a renewal of what was taken by another is fenced and changes nothing', async () => {
      const clock = testClock()
      const stores = await makeStores(clock)
      const connector = newName()
      const lease = await taken(stores, { connector })
      clock.advance(TTL_MS)
      const next = await taken(stores, { connector, invocation: 'second' })

      await assert.rejects(stores.leases.renew(lease, TTL_MS), FencedError)

      assert.deepEqual(await stores.leases.list(connector), [next])
    })

    test('a claim is told by the next renewal and stays until the lease is another’s', async () => {
      const clock = testClock()
      const stores = await makeStores(clock)
      const connector = newName()
      const lease = await taken(stores, { connector })

      await stores.leases.claim(lease, 'successor')
      const renewed = await stores.leases.renew(lease, TTL_MS)
      const again = await stores.leases.renew(lease, TTL_MS)

      assert.deepEqual([renewed.claim, again.claim], ['successor', 'successor'])
      const seen = await stores.leases.take(wishOf({ connector, invocation: 'third' }))
      assert.equal('held' in seen && seen.held.claim, 'successor')
      await stores.leases.release(lease)
      const next = await taken(stores, { connector, invocation: 'successor' })
      assert.equal(next.claim, undefined)
    })

    test('a claim on what is no longer the lease seen does nothing', async () => {
      const clock = testClock()
      const stores = await makeStores(clock)
      const connector = newName()
      const lease = await taken(stores, { connector })
      await stores.leases.claim(lease, 'successor')

      await stores.leases.claim(lease, 'too late')
      const claimed = await stores.leases.list(connector)
      await stores.leases.release(lease)
      const next = await taken(stores, { connector, invocation: 'second' })
      await stores.leases.claim(lease, 'much too late')

      assert.deepEqual(
        claimed.map(({ claim }) => claim),
        ['successor'],
      )
      assert.deepEqual(await stores.leases.list(connector), [next])
    })

    test('tasks of one generation do not stand in each other’s way; their leases are listed by task', async () => {
      const stores = await makeStores(testClock())
      const connector = newName()

      for (const task of [11, 2, 0])
        await taken(stores, { connector, task, invocation: `i${task}` })

      const listed = await stores.leases.list(connector)
      assert.deepEqual(
        listed.map(({ task, epoch }) => [task, epoch]),
        [
          [0, 3],
          [2, 2],
          [11, 1],
        ],
      )
    })

    test('a living lease of an older generation of any task blocks a newer one', async () => {
      const clock = testClock()
      const stores = await makeStores(clock)
      const connector = newName()
      const older = await taken(stores, { connector, task: 1, generation: 1 })
      const newer = { connector, task: 0, invocation: 'second', generation: 2 }

      const blocked = await stores.leases.take(wishOf(newer))
      await stores.leases.release(older)
      const free = await taken(stores, newer)

      assert.deepEqual(blocked, { held: older })
      assert.deepEqual([free.generation, free.epoch], [2, 2])
    })

    test('an expired lease of an older generation is over for good once a newer one is taken', async () => {
      const clock = testClock()
      const stores = await makeStores(clock)
      const connector = newName()
      const older = await taken(stores, { connector, task: 1, generation: 1 })
      clock.advance(TTL_MS)

      await taken(stores, { connector, task: 0, invocation: 'second', generation: 2 })

      await assert.rejects(stores.leases.renew(older, TTL_MS), FencedError)
      const moved = [{ partition: { table: 'moved' }, offset: { id: 1n } }]
      await assert.rejects(stores.offsets.commit(older, moved), FencedError)
      assert.deepEqual(await stores.offsets.read(connector), [])
    })

    test('a wish of an older generation is refused once a newer one was taken, dead or alive', async () => {
      const clock = testClock()
      const stores = await makeStores(clock)
      const connector = newName()
      const newer = await taken(stores, { connector, task: 0, generation: 2 })
      const outdated = wishOf({ connector, task: 1, invocation: 'second', generation: 1 })

      const whileAlive = await stores.leases.take(outdated)
      await stores.leases.release(newer)
      const whenReleased = await stores.leases.take(outdated)

      assert.deepEqual(whileAlive, { held: newer })
      assert.deepEqual(whenReleased, { held: { ...newer, released: true } })
    })

    test('of 20 invocations that take at once exactly one gets the lease', async () => {
      const { leases } = await makeStores(testClock())
      const connector = newName()

      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, at) =>
          leases.take(wishOf({ connector, invocation: `invocation ${at}` })),
        ),
      )

      const winners = answers.flatMap((answer) => ('taken' in answer ? [answer.taken] : []))
      assert.equal(winners.length, 1)
      for (const answer of answers) if ('held' in answer) assert.deepEqual(answer.held, winners[0])
      assert.deepEqual(await leases.list(connector), winners)
    })

    test('20 tasks that take at once all get their lease, each with an epoch of its own', async () => {
      const stores = await makeStores(testClock())
      const connector = newName()

      const leases = await Promise.all(
        Array.from({ length: 20 }, (_, task) =>
          taken(stores, { connector, task, invocation: `invocation ${task}` }),
        ),
      )

      const epochs = leases.map(({ epoch }) => epoch).sort((one, other) => one - other)
      assert.deepEqual(
        epochs,
        Array.from({ length: 20 }, (_, at) => at + 1),
      )
    })

    test('an old and a new generation that take at once never both live', async () => {
      const stores = await makeStores(testClock())

      for (let round = 0; round < 10; round++) {
        const connector = newName()
        const answers = await Promise.all([
          stores.leases.take(wishOf({ connector, task: 0, invocation: 'old', generation: 1 })),
          stores.leases.take(wishOf({ connector, task: 1, invocation: 'new', generation: 2 })),
        ])

        assert.equal(answers.filter((answer) => 'taken' in answer).length, 1)
      }
    })

    test('epochs strictly grow over 100 takes of several tasks', async () => {
      const clock = testClock()
      const stores = await makeStores(clock)
      const connector = newName()
      const epochs: number[] = []

      for (let take = 0; take < 100; take++) {
        const wish = { connector, task: take % 3, invocation: `invocation ${take}` }
        const lease: Lease = await taken(stores, wish)
        epochs.push(lease.epoch)
        if (take % 2) await stores.leases.release(lease)
        clock.advance(TTL_MS)
      }

      assert.deepEqual(
        epochs,
        Array.from({ length: 100 }, (_, at) => at + 1),
      )
    })
  })
}
