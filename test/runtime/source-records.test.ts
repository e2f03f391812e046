import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { KafkaRecord } from '../../lib/data/record.ts'
import { runSource } from '../../lib/runtime/source-task.ts'
import {
  change,
  EVENT,
  invocation,
  recordOf,
  rowsUpTo,
  type Script,
  sourceWorld,
  storedPosition,
  tableOf,
  type World,
} from './scripted-source.ts'
import { chainOf, flaky, TRANSFORMS } from './scripted-transforms.ts'

const run = ({ ports, plugins }: World, id = 'one', remainingMs?: () => number) =>
  runSource(EVENT, invocation(id, remainingMs), ports, plugins)
const stateOf = async ({ ports }: World) => (await ports.statuses.get('c', 0))?.state

const DLQ = { 'errors.deadletterqueue.topic.name': 'dlq' }
const ALL = { 'errors.tolerance': 'all', ...DLQ }

/** A world that keeps what was sent, call by call. */
async function sending(
  script: Script,
  config: Readonly<Record<string, string>>,
  plugins = TRANSFORMS,
) {
  const calls: (readonly KafkaRecord[])[] = []
  const world = await sourceWorld(
    {
      ...script,
      async send(records, sends) {
        await script.send?.(records, sends)
        calls.push(records)
      },
    },
    { config, plugins },
  )
  return { ...world, calls }
}

const topicsOf = (calls: readonly (readonly KafkaRecord[])[]) =>
  calls.map((records) => records.map(({ topic }) => topic))

describe('transforms of a source', () => {
  test('come before the converters, which are given the final topic', async () => {
    const world = await sending(
      { poll: tableOf(rowsUpTo(2)) },
      chainOf('Mark:a', 'Mark:b?', 'Route'),
    )

    await run(world)

    const [sent] = world.calls[0] ?? []
    assert.deepEqual(
      [sent?.topic, String(sent?.key), String(sent?.value)],
      ['routed', 'other key', 'row 1a'],
    )
    assert.deepEqual(sent?.headers, [{ key: 'h', value: Buffer.from('one') }])
  })

  test('may drop a record: its offset moves on', async () => {
    const rows = [recordOf(1), recordOf(2, 'bad'), recordOf(3), recordOf(4, 'bad')]
    const world = await sending({ poll: tableOf(rows, 2) }, chainOf('Drop?'))

    await run(world)

    assert.deepEqual(world.kafka, ['row 1', 'row 3'])
    assert.equal(await storedPosition(world.ports), 4)
    assert.equal(world.total('source-record-poll-total'), 4)
    assert.equal(world.total('source-record-write-total'), 2)
  })

  test('may drop all: nothing is sent, and the offset moves on', async () => {
    const world = await sending({ poll: tableOf(rowsUpTo(12)) }, chainOf('Drop'))

    await run(world)

    assert.deepEqual(world.calls, [])
    assert.equal(await storedPosition(world.ports), 12)
  })

  test('that cannot be set up fail the task', async () => {
    const config = { transforms: 'a', 'transforms.a.type': 'Nope' }
    const world = await sending({ poll: () => [] }, config)

    await run(world)

    const status = await world.ports.statuses.get('c', 0)
    assert.equal(status?.state, 'FAILED')
    assert.match(status?.trace ?? '', /Class Nope could not be found/)
    assert.equal(world.counts.starts, 0)
  })

  test('that refuse a record fail the task with stage, class and cause; those before it are in Kafka', async () => {
    const rows = [...rowsUpTo(7), recordOf(8, 'bad'), recordOf(9)]
    const world = await sending({ poll: tableOf(rows) }, chainOf('Refuse?'))

    await run(world)

    assert.equal(world.kafka.length, 7)
    assert.equal(await storedPosition(world.ports), 7)
    const status = await world.ports.statuses.get('c', 0)
    assert.match(
      status?.trace ?? '',
      /Tolerance exceeded in error handler\n\(stage TRANSFORMATION, class test\.Refuse, (?:.|\n)*Caused by: org\.apache\.kafka\.connect\.errors\.DataException: refused bad/,
    )
  })
})

test('a time before 1970 fails the task, -1 stands for none', async () => {
  const rows = [
    { ...recordOf(1), timestamp: -1 },
    { ...recordOf(2), timestamp: -2 },
  ]
  const world = await sending({ poll: tableOf(rows, 1) }, ALL)

  await run(world)

  assert.deepEqual(
    world.calls.map(([record]) => record?.timestamp),
    [null],
  )
  assert.equal(await storedPosition(world.ports), 1)
  assert.match((await world.ports.statuses.get('c', 0))?.trace ?? '', /Invalid record timestamp -2/)
})

describe('what may heal on a source’s way', () => {
  const FOREVER = {
    'errors.retry.timeout': '-1',
    transforms: 'f',
    'transforms.f.type': 'test.Flaky',
  }
  const rows = [...rowsUpTo(7), recordOf(8, 'flaky'), ...rowsUpTo(12).slice(8)]
  const values = rows.map(({ value }) => value)

  test('is waited for, and the order stays', async () => {
    const { plugin } = flaky(4)
    const world = await sending({ poll: tableOf(rows) }, FOREVER, [plugin])

    await run(world)

    assert.deepEqual(world.kafka, values)
    assert.ok(world.clock.monotonic() >= 300 + 600 + 1_200 + 2_400)
    assert.equal(world.total('total-retries'), 4)
  })

  test('keeps its lease meanwhile, and stores the offset of the page before', async () => {
    const { plugin, failures } = flaky(Number.POSITIVE_INFINITY)
    const world = await sending({ poll: tableOf(rows) }, FOREVER, [plugin])
    const running = run(world, 'one', () => 120_000 - world.clock.monotonic())
    await world.clock.sleep(60_000)

    assert.equal(await storedPosition(world.ports), 5)
    const [lease] = await world.ports.leases.list('c')
    assert.ok((lease?.expiresAt ?? 0) > world.clock.now())
    assert.ok(failures.count > 5)
    await running
  })

  for (const [title, end] of [
    ['the time of its invocation is up', undefined],
    ['it is paused', (world: World) => change(world.ports, { targetState: 'PAUSED' })],
  ] as const)
    test(`is handed back when ${title}: nothing is lost, and the task has not failed`, async () => {
      const { plugin, failures } = flaky(Number.POSITIVE_INFINITY)
      const world = await sending({ poll: tableOf(rows) }, FOREVER, [plugin])
      const first = run(world, 'one', () => (end ? 900_000 : 60_000 - world.clock.monotonic()))
      await world.clock.sleep(30_000)
      await end?.(world)
      await first

      assert.ok(world.clock.monotonic() < 60_000)
      assert.equal(await storedPosition(world.ports), 5)
      assert.notEqual(await stateOf(world), 'FAILED')

      failures.left = 0
      await change(world.ports, { targetState: 'RUNNING' })
      await run(world, 'two')

      assert.deepEqual(world.kafka, values)
      assert.equal(await storedPosition(world.ports), 12)
    })

  test('is given up when errors.retry.timeout is over', async () => {
    const { plugin } = flaky(Number.POSITIVE_INFINITY)
    const config = { ...FOREVER, ...ALL, 'errors.retry.timeout': '5000' }
    const world = await sending({ poll: tableOf(rows) }, config, [plugin])

    await run(world)

    assert.equal(world.kafka.length, 12)
    assert.deepEqual(topicsOf(world.calls)[1], ['t', 't', 't', 't', 'dlq'])
    assert.equal(await storedPosition(world.ports), 12)
  })
})
