import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Status } from '../../lib/ports.ts'
import { type MakeStores, newName, testClock } from './made-stores.ts'

export function statusStoreContract(name: string, makeStores: MakeStores): void {
  const status = (change: Partial<Status> = {}): Status => ({
    state: 'RUNNING',
    workerId: '10.0.0.1:8083',
    version: '1.2.3',
    since: 1_000,
    generation: 5,
    restart: 2,
    ...change,
  })

  suite(`status store on ${name}`, () => {
    test('statuses come back by unit', async () => {
      const { statuses } = await makeStores(testClock())
      const connector = newName()
      const failed = status({ state: 'FAILED', trace: 'org…\n\tat line\n', reason: 'no table' })

      assert.equal(await statuses.write(connector, 'connector', status()), true)
      assert.equal(await statuses.write(connector, 12, failed), true)
      assert.equal(await statuses.write(connector, 0, status({ restart: 0 })), true)

      assert.deepEqual(
        [...(await statuses.read(connector))],
        [
          ['connector', status()],
          [0, status({ restart: 0 })],
          [12, failed],
        ],
      )
      assert.deepEqual(await statuses.get(connector, 'connector'), status())
      assert.deepEqual(await statuses.get(connector, 12), failed)
      assert.equal(await statuses.get(connector, 1), undefined)
      assert.deepEqual(await statuses.read(newName()), new Map())
    })

    const writes: readonly {
      readonly title: string
      readonly stored: Partial<Status>
      readonly said: Partial<Status>
      readonly inPlaceOf?: string
      readonly written: boolean
    }[] = [
      { title: 'a state of the same run', stored: {}, said: { state: 'PAUSED' }, written: true },
      { title: 'FAILED over RUNNING', stored: {}, said: { state: 'FAILED' }, written: true },
      {
        title: 'RUNNING over FAILED',
        stored: { state: 'FAILED' },
        said: { state: 'RUNNING' },
        written: false,
      },
      {
        title: 'STOPPED over FAILED',
        stored: { state: 'FAILED' },
        said: { state: 'STOPPED' },
        written: true,
      },
      {
        title: 'FAILED over FAILED',
        stored: { state: 'FAILED', trace: 'first' },
        said: { state: 'FAILED', trace: 'second' },
        written: false,
      },
      {
        title: 'the very same FAILED',
        stored: { state: 'FAILED' },
        said: { state: 'FAILED' },
        written: false,
      },
      {
        title: 'a restart over FAILED',
        stored: { state: 'FAILED' },
        said: { restart: 3 },
        written: true,
      },
      {
        title: 'a new generation over FAILED',
        stored: { state: 'FAILED' },
        said: { generation: 6, restart: 0 },
        written: true,
      },
      { title: 'an older restart', stored: {}, said: { restart: 1 }, written: false },
      {
        title: 'an older generation with a higher restart',
        stored: {},
        said: { generation: 4, restart: 9 },
        written: false,
      },
      {
        title: 'an older generation’s FAILED',
        stored: {},
        said: { generation: 4, state: 'FAILED' },
        written: false,
      },
      {
        title: 'what goes by older rows',
        stored: { asOf: 7 },
        said: { asOf: 6, state: 'FAILED' },
        written: false,
      },
      {
        title: 'what goes by the same rows',
        stored: { asOf: 7 },
        said: { asOf: 7, state: 'PAUSED' },
        written: true,
      },
      {
        title: 'a newer run, whatever rows it goes by,',
        stored: { asOf: 7 },
        said: { asOf: 6, restart: 3 },
        written: true,
      },
      {
        title: 'one in place of a worker that still has the word',
        stored: { workerId: 'dead' },
        said: { workerId: 'heir', state: 'PAUSED' },
        inPlaceOf: 'dead',
        written: true,
      },
      {
        title: 'one in place of a worker that another has replaced already',
        stored: { workerId: 'heir' },
        said: { workerId: 'second', state: 'PAUSED' },
        inPlaceOf: 'dead',
        written: false,
      },
      {
        title: 'a newer run, in whose place ever,',
        stored: { workerId: 'heir' },
        said: { workerId: 'second', restart: 3 },
        inPlaceOf: 'dead',
        written: true,
      },
    ]
    for (const { title, stored, said, inPlaceOf, written } of writes)
      test(`${title} is ${written ? 'written' : 'refused and changes nothing'}`, async () => {
        const { statuses } = await makeStores(testClock())
        const connector = newName()
        await statuses.write(connector, 3, status(stored))

        const next = status({ since: 2_000, ...said })
        const answer = await statuses.write(connector, 3, next, inPlaceOf)

        assert.equal(answer, written)
        const { ranMs: _, ...now } = (await statuses.get(connector, 3)) ?? {}
        assert.deepEqual(now, written ? status({ since: 2_000, ...said }) : status(stored))
      })

    test('since tells when a state began: it stays while state, generation and restart do', async () => {
      const { statuses } = await makeStores(testClock())
      const connector = newName()
      await statuses.write(connector, 0, status({ since: 1_000 }))
      const sinceAfter = async (change: Partial<Status>) => {
        assert.equal(await statuses.write(connector, 0, status(change)), true)
        return (await statuses.get(connector, 0))?.since
      }

      assert.equal(await sinceAfter({ since: 2_000, reason: 'starts again' }), 1_000)
      assert.equal((await statuses.get(connector, 0))?.reason, 'starts again')
      assert.equal(await sinceAfter({ since: 3_000, workerId: 'other' }), 1_000)
      assert.equal((await statuses.get(connector, 0))?.reason, undefined)
      assert.equal(await sinceAfter({ since: 4_000, state: 'PAUSED' }), 4_000)
      assert.equal(await sinceAfter({ since: 5_000 }), 5_000)
      assert.equal(await sinceAfter({ since: 6_000, restart: 3 }), 6_000)
      assert.equal(await sinceAfter({ since: 7_000, restart: 0, generation: 6 }), 7_000)
    })

    test('how long its run had been RUNNING before is told, whatever came in between', async () => {
      const { statuses } = await makeStores(testClock())
      const connector = newName()
      await statuses.write(connector, 0, status({ state: 'PAUSED', since: 1_000 }))
      const ranMsAfter = async (change: Partial<Status>) => {
        assert.equal(await statuses.write(connector, 0, status(change)), true)
        return (await statuses.get(connector, 0))?.ranMs
      }

      assert.equal(await ranMsAfter({ since: 2_000 }), undefined)
      assert.equal(await ranMsAfter({ since: 3_000, reason: 'starts again' }), undefined)
      assert.equal(await ranMsAfter({ since: 4_000, state: 'PAUSED' }), 2_000)
      assert.equal(await ranMsAfter({ since: 5_000 }), 2_000)
      assert.equal(await ranMsAfter({ since: 5_500, reason: 'starts again' }), 2_000)
      assert.equal(await ranMsAfter({ since: 6_000, state: 'PAUSED', ranMs: 77 }), 3_000)
      assert.equal(await ranMsAfter({ since: 9_000, state: 'FAILED' }), 3_000)
      assert.equal(await ranMsAfter({ since: 9_500, state: 'FAILED', restart: 3 }), undefined)
    })

    test('the last error stays through later states, until a newer one or another configuration', async () => {
      const { statuses } = await makeStores(testClock())
      const connector = newName()
      const [early, late] = ['2026-01-01T00:00:00.000Z x', '2026-01-01T00:00:01.000Z y']
      const after = async (change: Partial<Status>) => {
        assert.equal(await statuses.write(connector, 0, status(change)), true)
        return (await statuses.get(connector, 0))?.lastError
      }

      assert.equal(await after({ configVersion: 1, lastError: early }), early)
      assert.equal(await after({ configVersion: 1, state: 'PAUSED' }), early)
      assert.equal(await after({ configVersion: 1, generation: 6, lastError: late }), late)
      assert.equal(await after({ configVersion: 1, generation: 6, lastError: early }), late)
      assert.equal(await after({ configVersion: 2, generation: 7 }), undefined)
    })

    test('nothing is written when a status says the same by newer rows', async () => {
      const { statuses } = await makeStores(testClock())
      const connector = newName()
      await statuses.write(connector, 0, status({ asOf: 3 }))

      assert.equal(await statuses.write(connector, 0, status({ asOf: 4 })), true)

      assert.equal((await statuses.get(connector, 0))?.asOf, 3)
    })

    test('a status is stored whatever its texts are', async () => {
      const { statuses } = await makeStores(testClock())
      const connector = newName()
      const long = status({ state: 'FAILED', trace: 'ä'.repeat(1_000_000), reason: 'odd \ud800' })

      assert.equal(await statuses.write(connector, 0, long), true)
      const stored = await statuses.get(connector, 0)

      assert.match(stored?.trace ?? '', /^ä{20000}… \(cut\)$/)
      assert.equal(stored?.reason, 'odd \ufffd')
    })

    test('of writers at once the newest run wins', async () => {
      const { statuses } = await makeStores(testClock())
      const connector = newName()
      const restarts = [3, 1, 4, 1, 5, 9, 2, 6]

      await Promise.all(
        restarts.map((restart) => statuses.write(connector, 0, status({ restart }))),
      )

      assert.equal((await statuses.get(connector, 0))?.restart, 9)
    })

    test('a FAILED that comes together with others of its run stays', async () => {
      const { statuses } = await makeStores(testClock())
      const connector = newName()

      await Promise.all(
        (['RUNNING', 'FAILED', 'PAUSED', 'RUNNING'] as const).map((state) =>
          statuses.write(connector, 0, status({ state })),
        ),
      )

      assert.equal((await statuses.get(connector, 0))?.state, 'FAILED')
    })
  })
}
