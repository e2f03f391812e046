import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Lease } from '../../lib/ports.ts'
import { pluginsOf } from '../../lib/registry.ts'
import { handleRequest } from '../../lib/rest/router.ts'
import type { Attributes, Rows } from '../../lib/store/rows.ts'
import { storesOver } from '../../lib/store/stores.ts'
import { workerRows } from '../../lib/store/worker-rows.ts'
import { examplePlugins } from '../rest/example-plugins.ts'
import { portsForTest } from '../runtime/ports-for-test.ts'
import { rowNamed } from './made-stores.ts'

export type RawRow = readonly [pk: string, sk: string, attributes: Attributes]

/** Rows as they stand in the store, without the code under test. */
export type RawStore = {
  readonly rows: Rows
  readonly read: () => Promise<RawRow[]>
}

/** As `record-rows.ts` recorded them of release 0.1, which gave them no format. */
const RECORDED = readFileSync(new URL('../fixtures/rows-format-1.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line): RawRow => JSON.parse(line))

const NEWER = RECORDED.map(([pk, sk, attributes]): RawRow => [pk, sk, { ...attributes, format: 2 }])
const IS_NEWER =
  /^Row .+ of .+ was written by a newer release, in format 2, .*: go forward to that release again$/

const clock = {
  now: () => 1_700_000_001_000,
  monotonic: () => 0,
  sleep: async () => undefined,
}

/** What every store promises of rows of other releases. `open`: a store that holds these rows and no others. */
export function rowFormatContract(
  kind: string,
  open: (rows: readonly RawRow[]) => Promise<RawStore>,
): void {
  const opened = async (recorded: readonly RawRow[]) => {
    const { rows, read } = await open(recorded)
    const formats = async () => (await read()).map(([, , { format }]) => format)
    return {
      read,
      formats,
      rows,
      stores: storesOver(rows, clock),
      workers: workerRows(rows, clock),
    }
  }

  test(`${kind}: connectors, histories and tasks of release 0.1 are read`, async () => {
    const { stores } = await opened(RECORDED)

    const view = await stores.connectors.view('orders')
    const history = await stores.configs.history('orders')
    const paused = await stores.configs.get('to redis')

    assert.deepEqual((await stores.configs.list()).sort(), ['orders', 'to redis'])
    assert.equal(view?.row.config.note, 'Größe 順序')
    assert.deepEqual([view?.row.version, view?.row.revision], [2, 2])
    assert.deepEqual(
      history.map(({ version, config }) => [version, config.password]),
      [
        [2, 'secret'],
        [1, undefined],
      ],
    )
    assert.deepEqual(
      view?.tasks?.configs.map(({ tables }) => tables),
      ['a', 'b'],
    )
    assert.deepEqual([...(view?.statuses ?? [])].map(([unit, { state }]) => [unit, state]).sort(), [
      [0, 'RUNNING'],
      [1, 'FAILED'],
      ['connector', 'RUNNING'],
    ])
    assert.deepEqual(
      [paused?.targetState, paused?.restarts, paused?.topicsReset],
      ['PAUSED', { connector: 1, tasks: { 0: 2 } }, 3],
    )
  })

  test(`${kind}: offsets, topics, levels and workers of release 0.1 are read, with every digit`, async () => {
    const { stores, workers } = await opened(RECORDED)

    const offsets = await stores.offsets.read('orders')

    assert.deepEqual(
      offsets.map(({ offset }) => offset),
      [
        { id: 1n, ratio: 0.5, done: true },
        { id: 9_007_199_254_740_993n, at: null },
      ],
    )
    assert.deepEqual(await stores.activeTopics.read('orders', 0), ['orders-a', 'orders-b'])
    assert.deepEqual(
      (await stores.logLevels.read('worker-1')).map(({ logger, level }) => [logger, level]),
      [
        ['root', 'DEBUG'],
        ['org.apache.kafka', 'TRACE'],
      ],
    )
    assert.deepEqual(await workers.living(), ['worker-1'])
  })

  test(`${kind}: the REST API shows connectors of release 0.1 and their offsets`, async () => {
    const { rows } = await opened(RECORDED)

    const status = await get(rows, '/connectors/orders/status')
    const offsets = await get(rows, '/connectors/orders/offsets')

    assert.equal(status.status, 200)
    assert.deepEqual(
      JSON.parse(status.body ?? '').tasks.map(({ state }: { state: string }) => state),
      ['RUNNING', 'FAILED'],
    )
    assert.match(offsets.body ?? '', /"id":9007199254740993,/)
  })

  test(`${kind}: work goes on where release 0.1 left it, in rows of this format`, async () => {
    const { stores, read } = await opened(RECORDED)
    const [held] = await stores.leases.list('orders')
    const row = await stores.configs.get('orders')
    assert.ok(held && row)

    const renewed = await stores.leases.renew(held, 20_000)
    await stores.offsets.commit(renewed, [{ partition: { table: 'a' }, offset: { id: 2n } }])
    await stores.configs.put({ ...row, targetState: 'PAUSED' }, row.revision)
    const again = await stores.configs.put(rowNamed('former'), undefined)

    assert.deepEqual([renewed.claim, renewed.expiresAt], ['successor', clock.now() + 20_000])
    // Above what the deleted connector of this name had reached.
    assert.deepEqual([again.version, again.revision], [2, 3])
    // Lists and indexes aside.
    const own = (pk: string) => /^(connector|history|offsets)#/.test(pk)
    const written = (await read()).filter(([pk, , { format }]) => format === 1 && own(pk))
    assert.deepEqual(
      written.map(([pk, sk]) => `${pk} ${sk}`).sort(),
      [
        'connector#former config',
        'connector#former target',
        'connector#orders config',
        'connector#orders target',
        'history#former 0000000002',
        'offsets#orders offset#{"table":"a"}',
      ].sort(),
    )
  })

  test(`${kind}: a row of a newer release is an error that names it, in the REST API too`, async () => {
    const { stores, rows } = await opened(NEWER)

    await assert.rejects(stores.configs.get('orders'), {
      message:
        'Row config of connector#orders was written by a newer release, in format 2, and this one reads formats up to 1: go forward to that release again',
    })
    const answer = await get(rows, '/connectors/orders/status')
    assert.equal(answer.status, 500)
    assert.match(JSON.parse(answer.body ?? '').message, IS_NEWER)
  })

  test(`${kind}: no store writes over rows of a newer release`, async () => {
    const { stores, read } = await opened(NEWER)
    const before = await read()

    for (const [what, write] of Object.entries(writes(stores)))
      await assert.rejects(write, { message: IS_NEWER }, what)

    assert.deepEqual(await read(), before)
  })

  test(`${kind}: a lease that a newer release has taken over is not touched by a renewal`, async () => {
    const { rows, read } = await opened(NEWER)
    const before = await read()
    const key = { pk: 'connector#orders', sk: 'lease#000000' }

    // As its holder would: all that it expects is still so.
    await assert.rejects(rows.update(key, { expiresAt: 1 }, { epoch: 1 }), { message: IS_NEWER })
    assert.equal(
      await rows.update(key, { expiresAt: 1 }, { epoch: 7 }).catch(() => 'known'),
      'known',
    )

    assert.deepEqual(await read(), before)
  })
}

/** Of each store all that changes rows; what a process writes of itself alone is left out. */
function writes(stores: ReturnType<typeof storesOver>) {
  const row = { ...rowNamed('orders'), version: 3 }
  const wish = { connector: 'orders', owner: 'w', invocation: 'i', ttlMs: 1, invocationEndsAt: 1 }
  const lease: Lease = { ...LEASE }
  const status = { state: 'RUNNING', version: '', workerId: 'w', since: 1, restart: 9 } as const
  const set = { generation: 9, version: 9, configs: [{}] }
  return {
    'a config': () => stores.configs.put(row, 2),
    'a new connector': () => stores.configs.put(rowNamed('former'), undefined),
    'the end of one': () => stores.configs.remove('orders', 2),
    'a lease': () => stores.leases.take({ ...wish, task: 0, generation: 1 }),
    'a renewal': () => stores.leases.renew(lease, 1),
    'a release': () => stores.leases.release(lease),
    'a claim': () => stores.leases.claim(lease, 'next'),
    'a status': () => stores.statuses.write('orders', 0, { ...status, generation: 9 }),
    'offsets by REST': () => stores.offsets.alter('orders', 2, 'forget all'),
    levels: () => stores.logLevels.set(undefined, 'root', 'INFO'),
    'new tasks': () => stores.tasks.publish('former', set, undefined),
  }
}

const LEASE = {
  connector: 'orders',
  task: 0,
  owner: 'worker-1',
  invocation: 'one',
  generation: 1,
  epoch: 1,
  expiresAt: 1_700_000_015_000,
  invocationEndsAt: 1_700_000_900_000,
  released: false,
  claim: 'successor',
}

const get = (rows: Rows, path: string) =>
  handleRequest(
    { method: 'GET', path, query: '', headers: { host: 'test' }, body: undefined },
    { ports: portsForTest({ clock, rows }), plugins: pluginsOf(examplePlugins) },
  )
