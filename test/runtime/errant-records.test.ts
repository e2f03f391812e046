import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SinkRecord } from '../../lib/data/record.ts'
import { RetriableError } from '../../lib/errors.ts'
import { eventOf, type SinkWorld, sinkWorld } from './scripted-sink.ts'
import { invocation } from './scripted-source.ts'
import { chainOf, TRANSFORMS } from './scripted-transforms.ts'

const deliver = ({ tasks }: SinkWorld, ...values: (string | null)[]) =>
  tasks.deliver('c', eventOf({ 't-0': values }), invocation('one'))
const stateOf = async ({ ports }: SinkWorld) => (await ports.statuses.get('c', 0))?.state
const texts = ({ letters }: SinkWorld) => letters.map(({ value }) => String(value))

const DLQ = { 'errors.deadletterqueue.topic.name': 'dlq' }
const ALL = { 'errors.tolerance': 'all', ...DLQ }

/** A target that cannot write what begins with `bad`. */
const picky = {
  async put(
    records: readonly SinkRecord[],
    { context }: { context: { reportErrant(record: SinkRecord, error: unknown): Promise<void> } },
  ) {
    for (const record of records)
      if (String(record.value).startsWith('bad')) await context.reportErrant(record, new Error('x'))
  },
}

describe('a record that the target itself refuses', () => {
  test('is in the queue before its report returns', async () => {
    const world = await sinkWorld(
      {
        async put(records, at) {
          await picky.put(records, at)
          assert.deepEqual(texts(world), ['bad 1', 'bad 2'])
        },
      },
      ALL,
    )

    await deliver(world, 'a', 'bad 1', 'bad 2')
  })

  test('stands in the queue as it was read, whatever was made of it', async () => {
    const world = await sinkWorld(
      {
        put: ([record], { context }) =>
          record && context.reportErrant({ ...record, value: 'y' }, 1),
      },
      { ...ALL, ...chainOf('Mark:a') },
      TRANSFORMS,
    )

    await deliver(world, 'x')

    assert.deepEqual(texts(world), ['x'])
  })

  test('is converted where the task has made it by itself', async () => {
    const config = {
      'key.converter': 'test.TextConverter',
      'value.converter': 'test.TextConverter',
    }
    const world = await sinkWorld(
      {
        put: ([record], { context }) =>
          record &&
          context.reportErrant(
            {
              ...record,
              offset: 99,
              value: 'new',
              headers: [{ key: 'h', schema: null, value: 'v' }],
            },
            new Error('x'),
          ),
      },
      { ...ALL, ...config },
    )

    await deliver(world, 'x')

    assert.deepEqual(texts(world), ['new'])
    assert.deepEqual(world.letters[0]?.headers, [{ key: 'h', value: Buffer.from('v') }])
  })

  test('is waited for also when the task does not: the delivery returns when Kafka has it', async () => {
    const world = await sinkWorld(
      {
        put(records, { context }) {
          for (const record of records) context.reportErrant(record, new Error('x')).catch(() => 0)
        },
        send: () => world.clock.sleep(5_000),
      },
      ALL,
    )

    await deliver(world, 'a', 'b')

    assert.deepEqual(texts(world), ['a', 'b'])
  })

  test('fails its task also when that takes no notice', async () => {
    const world = await sinkWorld(
      {
        async put([record], { context }) {
          if (record) await context.reportErrant(record, new Error('x')).catch(() => undefined)
        },
      },
      DLQ,
    )

    await assert.rejects(deliver(world, 'a'), /Tolerance exceeded/)

    assert.deepEqual(texts(world), ['a'])
    assert.equal(await stateOf(world), 'FAILED')
  })

  test('has the whole batch put again when the queue did not take it', async () => {
    const world = await sinkWorld(
      {
        ...picky,
        send: (_letters, sends) => {
          if (sends === 1) throw new RetriableError('the broker is gone')
        },
      },
      ALL,
    )

    await deliver(world, 'a', 'bad', 'b')

    assert.equal(world.counts.puts, 2)
    assert.deepEqual(texts(world), ['bad'])
  })

  test('that fails the task is the only one reported, be it that many are at once', async () => {
    const world = await sinkWorld(
      {
        put: async (records, { context }) =>
          void (await Promise.all(
            records.map((record) => context.reportErrant(record, new Error(`of ${record.value}`))),
          )),
      },
      DLQ,
    )

    await assert.rejects(deliver(world, 'a', 'b', 'c'), /Tolerance exceeded/)

    assert.deepEqual(texts(world), ['a'])
    assert.equal(await stateOf(world), 'FAILED')
  })

  test('goes out together with those that are reported meanwhile, in their order', async () => {
    const world = await sinkWorld(
      {
        put: async (records, { context }) =>
          void (await Promise.all(records.map((one) => context.reportErrant(one, new Error('x'))))),
      },
      ALL,
    )
    const values = Array.from({ length: 500 }, (_, at) => `v${at}`)

    await deliver(world, ...values)

    assert.deepEqual(texts(world), values)
    assert.equal(world.counts.sends, 2)
  })
})
