import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SinkRecord } from '../../lib/data/record.ts'
import { RetriableError } from '../../lib/errors.ts'
import { eventOf, type SinkWorld, sinkWorld } from './scripted-sink.ts'
import { change, invocation } from './scripted-source.ts'
import { chainOf, flaky, TRANSFORMS } from './scripted-transforms.ts'

const deliver = ({ tasks }: SinkWorld, ...values: (string | null)[]) =>
  tasks.deliver('c', eventOf({ 't-0': values }), invocation('one'))
const stateOf = async ({ ports }: SinkWorld) => (await ports.statuses.get('c', 0))?.state
const texts = ({ letters }: SinkWorld) => letters.map(({ value }) => String(value))

const DLQ = { 'errors.deadletterqueue.topic.name': 'dlq' }
const ALL = { 'errors.tolerance': 'all', ...DLQ }

describe('transforms of a sink', () => {
  test('come after the converters, and change what the target gets', async () => {
    const world = await sinkWorld({}, chainOf('Mark:a', 'Mark:b?', 'Mark:c?!'), TRANSFORMS)

    await deliver(world, 'x', 'bad')

    assert.deepEqual(world.target, ['xac', 'badab'])
  })

  test('may drop a record, which is taken all the same', async () => {
    const world = await sinkWorld({}, chainOf('Drop?', 'Mark:a'), TRANSFORMS)

    await deliver(world, 'x', 'bad', 'y')
    await deliver(world, 'bad')

    assert.deepEqual(world.target, ['xa', 'ya'])
    assert.equal(world.counts.puts, 2)
    assert.equal(world.total('sink-record-read-total'), 4)
    assert.equal(world.total('sink-record-send-total'), 2)
  })

  test('leave a record’s place as it was', async () => {
    const seen: SinkRecord[] = []
    const put = (records: readonly SinkRecord[]) => void seen.push(...records)
    const world = await sinkWorld({ put }, chainOf('Route'), TRANSFORMS)

    await deliver(world, 'x')

    const [record] = seen
    assert.deepEqual(
      [
        record?.topic,
        record?.key,
        record?.originalTopic,
        record?.originalPartition,
        record?.offset,
      ],
      ['routed', 'other key', 't', 0, 0],
    )
  })

  test('that cannot be set up fail the task', async () => {
    const world = await sinkWorld({}, { transforms: 'a', 'transforms.a.type': 'Nope' })

    await assert.rejects(deliver(world, 'x'), /Class Nope could not be found/)

    assert.equal(await stateOf(world), 'FAILED')
  })
})

test('headers are converted, each bytes of its own', async () => {
  const seen: SinkRecord[] = []
  const world = await sinkWorld({ put: (records) => void seen.push(...records) })
  const event = eventOf({ 't-0': ['x'] })
  const [record] = event.records['t-0'] ?? []
  const headers = [{ a: [0x31] }, { a: [0x32, 0x33] }, { none: null }]

  await world.tasks.deliver(
    'c',
    { ...event, records: { 't-0': record ? [{ ...record, headers }] : [] } },
    invocation('one'),
  )

  assert.deepEqual(
    seen[0]?.headers.map(({ key, value }) => [key, value]),
    [
      ['a', '1'],
      ['a', '23'],
      ['none', null],
    ],
  )
})

test('a time before 1970 fails the task, whatever is tolerated', async () => {
  const world = await sinkWorld({}, ALL)
  const event = eventOf({ 't-0': ['x'] })
  const records = event.records['t-0']?.map((record) => ({ ...record, timestamp: -5 })) ?? []

  await assert.rejects(
    world.tasks.deliver('c', { ...event, records: { 't-0': records } }, invocation('one')),
    /Invalid record timestamp -5/,
  )

  assert.deepEqual(world.target, [])
})

describe('what may heal on a sink’s way', () => {
  const FOREVER = {
    'errors.retry.timeout': '-1',
    transforms: 'f',
    'transforms.f.type': 'test.Flaky',
  }

  test('is waited for, and the order stays', async () => {
    const { plugin } = flaky(3)
    const world = await sinkWorld({}, FOREVER, [plugin])

    await deliver(world, 'a', 'flaky', 'b')

    assert.deepEqual(world.target, ['a', 'flaky', 'b'])
    assert.ok(world.clock.monotonic() >= 300 + 600 + 1_200)
    assert.equal(world.total('total-retries'), 3)
  })

  test('is handed back with its batch when the time is up: nothing was put, and the task has not failed', async () => {
    const { plugin } = flaky(Number.POSITIVE_INFINITY)
    const world = await sinkWorld({}, { ...FOREVER, ...ALL }, [plugin])
    const remainingMs = () => 20_000 - world.clock.monotonic()

    await assert.rejects(
      world.tasks.deliver('c', eventOf({ 't-0': ['a', 'flaky'] }), { id: 'one', remainingMs }),
      RetriableError,
    )

    assert.deepEqual([world.target, world.letters], [[], []])
    const status = await world.ports.statuses.get('c', 0)
    assert.deepEqual(
      [status?.state, status?.reason],
      ['RUNNING', 'processes a record again: not now'],
    )
  })

  test('holds up no pause', async () => {
    const { plugin } = flaky(Number.POSITIVE_INFINITY)
    const world = await sinkWorld({}, FOREVER, [plugin])
    const outcome = assert.rejects(deliver(world, 'flaky'), RetriableError)
    await world.clock.sleep(20_000)

    await change(world.ports, { targetState: 'PAUSED' })
    await outcome

    assert.ok(world.clock.monotonic() < 23_000, `${world.clock.monotonic()} ms`)
  })

  test('is given up when errors.retry.timeout is over', async () => {
    const { plugin } = flaky(Number.POSITIVE_INFINITY)
    const config = { ...FOREVER, ...ALL, 'errors.retry.timeout': '5000' }
    const world = await sinkWorld({}, config, [plugin])

    await deliver(world, 'a', 'flaky')

    assert.deepEqual(world.target, ['a'])
    assert.deepEqual(texts(world), ['flaky'])
  })
})
