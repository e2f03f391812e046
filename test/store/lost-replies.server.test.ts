import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { FencedError, RetriableError } from '../../lib/errors.ts'
import type { ConnectorRow, Status } from '../../lib/ports.ts'
import { newName, TTL_MS, taken, wishOf } from '../contract/made-stores.ts'
import { faultyDynamodb } from './faulty-dynamodb.ts'

const { clock, direct, throughProxy, proxy, spoil } = faultyDynamodb()

const row = (name: string, change: Partial<ConnectorRow> = {}) => ({
  name,
  config: { a: 'b' },
  targetState: 'RUNNING' as const,
  version: 1,
  restarts: { connector: 0, tasks: {} },
  deleted: false,
  ...change,
})

const failed: Status = {
  state: 'FAILED',
  workerId: 'w',
  version: '1',
  since: 0,
  generation: 1,
  restart: 0,
}
const set = { generation: 1, version: 1, configs: [{ a: 'b' }, { a: 'c' }] }
const offset = { partition: { table: 't' }, offset: { id: 1n } }

/** Each prepares past the proxy and gives the call that is spoiled, and what must be so after it took place. */
const operations: readonly {
  readonly title: string
  readonly prepare: (connector: string) => Promise<{
    readonly call: () => Promise<unknown>
    readonly assess: (answer: unknown) => Promise<void>
  }>
}[] = [
  {
    title: 'taking a lease',
    prepare: async (connector) => ({
      call: () => throughProxy().leases.take(wishOf({ connector })),
      assess: async (answer) => {
        const [lease] = await direct.leases.list(connector)
        assert.deepEqual(answer, { taken: lease })
        assert.equal(lease?.epoch, 1)
      },
    }),
  },
  {
    title: 'renewing a lease',
    prepare: async (connector) => {
      const lease = await taken(direct, { connector })
      return {
        call: () => throughProxy().leases.renew(lease, TTL_MS * 2),
        assess: async (answer) => {
          assert.deepEqual(answer, { ...lease, expiresAt: clock.now() + TTL_MS * 2 })
          assert.deepEqual(await direct.leases.list(connector), [answer])
        },
      }
    },
  },
  {
    title: 'claiming and releasing a lease',
    prepare: async (connector) => {
      const lease = await taken(direct, { connector })
      return {
        call: async () => {
          await throughProxy().leases.claim(lease, 'successor')
          await throughProxy().leases.release(lease)
        },
        assess: async () =>
          assert.deepEqual(await direct.leases.list(connector), [
            { ...lease, claim: 'successor', released: true },
          ]),
      }
    },
  },
  {
    title: 'committing an offset',
    prepare: async (connector) => {
      const lease = await taken(direct, { connector })
      return {
        call: () => throughProxy().offsets.commit(lease, [offset]),
        assess: async () => assert.deepEqual(await direct.offsets.read(connector), [offset]),
      }
    },
  },
  {
    title: 'putting a new connector',
    prepare: async (connector) => ({
      call: () => throughProxy().configs.put(row(connector), undefined),
      assess: async (answer) => assert.deepEqual(answer, await direct.configs.get(connector)),
    }),
  },
  {
    title: 'putting a connector over another',
    prepare: async (connector) => {
      await direct.configs.put(row(connector), undefined)
      return {
        call: () => throughProxy().configs.put(row(connector, { version: 2 }), 1),
        assess: async (answer) => {
          assert.deepEqual(answer, await direct.configs.get(connector))
          assert.deepEqual(answer, { ...row(connector, { version: 2 }), revision: 2 })
        },
      }
    },
  },
  {
    title: 'clearing a connector away',
    prepare: async (connector) => {
      await direct.configs.put(row(connector, { deleted: true }), undefined)
      await direct.tasks.publish(connector, set, undefined)
      return {
        call: () => throughProxy().configs.remove(connector, 1),
        assess: async () => {
          assert.equal(await direct.configs.get(connector), undefined)
          assert.equal(await direct.tasks.read(connector), undefined)
        },
      }
    },
  },
  {
    title: 'publishing tasks',
    prepare: async (connector) => ({
      call: () => throughProxy().tasks.publish(connector, set, undefined),
      assess: async () => assert.deepEqual(await direct.tasks.read(connector), set),
    }),
  },
  {
    title: 'writing a status',
    prepare: async (connector) => ({
      call: () => throughProxy().statuses.write(connector, 0, failed),
      assess: async (answer) => {
        assert.equal(answer, true)
        assert.deepEqual(await direct.statuses.get(connector, 0), failed)
      },
    }),
  },
]

suite('a DynamoDB whose replies get lost', () => {
  for (const { title, prepare } of operations) {
    test(`${title} has its right outcome when one reply is lost`, async () => {
      const { call, assess } = await prepare(newName())

      spoil('lose reply', 1)
      const answer = await call()

      assert.equal(proxy().faults, 1)
      await assess(answer)
    })

    test(`${title} is retriable, and told as not known, when no reply comes`, async () => {
      const connector = newName()
      const { call } = await prepare(connector)

      spoil('lose reply', Number.POSITIVE_INFINITY)
      await assert.rejects(call(), (error: unknown) => {
        assert.ok(error instanceof RetriableError, String(error))
        assert.match(error.message, /it is not known whether it took place/)
        return true
      })

      assert.ok(proxy().faults >= 2)
    })
  }

  test('a commit that nobody answered can be made again', async () => {
    const lease = await taken(direct, { connector: newName() })
    spoil('lose reply', 3)

    await assert.rejects(throughProxy().offsets.commit(lease, [offset]), RetriableError)
    await throughProxy().offsets.commit(lease, [offset])

    assert.deepEqual(await direct.offsets.read(lease.connector), [offset])
  })

  test('a take that nobody answered can be made again by the same invocation', async () => {
    const connector = newName()
    spoil('lose reply', 3)

    await assert.rejects(throughProxy().leases.take(wishOf({ connector })), RetriableError)
    const lease = await taken(throughProxy(), { connector })

    assert.equal(lease.epoch, 2)
    await direct.offsets.commit(lease, [offset])
  })

  test('a lease that really is another’s is told as fenced also when the reply is lost', async () => {
    const lease = await taken(direct, { connector: newName() })
    await direct.leases.release(lease)
    spoil('lose reply', 1)

    await assert.rejects(throughProxy().offsets.commit(lease, [offset]), FencedError)

    assert.equal(proxy().faults, 1)
  })

  test('a server that keeps silent is asked again after 2 s', async () => {
    const lease = await taken(direct, { connector: newName() })
    spoil('keep silent', 1)
    const since = performance.now()

    await throughProxy().offsets.commit(lease, [offset])

    assert.equal(proxy().faults, 1)
    const tookMs = performance.now() - since
    assert.ok(tookMs > 1_900 && tookMs < 4_000, `${tookMs} ms`)
    assert.deepEqual(await direct.offsets.read(lease.connector), [offset])
  })
})
