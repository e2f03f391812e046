import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ConnectError, RetriableError } from '../../lib/errors.ts'
import { eventOf, POISON, type SinkWorld, sinkWorld } from './scripted-sink.ts'
import { invocation } from './scripted-source.ts'
import { chainOf, TRANSFORMS } from './scripted-transforms.ts'

const deliver = ({ tasks }: SinkWorld, ...values: (string | null)[]) =>
  tasks.deliver('c', eventOf({ 't-0': values }), invocation('one'))
const stateOf = async ({ ports }: SinkWorld) => (await ports.statuses.get('c', 0))?.state
const texts = ({ letters }: SinkWorld) => letters.map(({ value }) => String(value))

const DLQ = { 'errors.deadletterqueue.topic.name': 'dlq' }
const ALL = { 'errors.tolerance': 'all', ...DLQ }

describe('the dead letter queue of a sink', () => {
  test('is made at the start of the task, with one partition', async () => {
    const world = await sinkWorld(
      {},
      { ...ALL, 'errors.deadletterqueue.topic.replication.factor': '2' },
    )

    await deliver(world, 'x')

    assert.deepEqual(world.ensured, [['dlq', { partitions: 1, replicationFactor: 2 }]])
    assert.equal(world.counts.connects, 0)
  })

  test('takes what cannot be converted, once the others are in the target', async () => {
    const world = await sinkWorld(
      { send: () => assert.deepEqual(world.target, ['a', 'b']) },
      { ...ALL },
    )

    await deliver(world, 'a', POISON, 'b', POISON)

    assert.deepEqual(texts(world), [POISON, POISON])
    assert.deepEqual(world.clients, ['connector-dlq-producer-c-0'])
    assert.equal(world.counts.sends, 1)
    assert.equal(world.total('deadletterqueue-produce-requests'), 2)
    const [letter] = world.letters
    assert.deepEqual(
      [letter?.topic, letter?.partition, String(letter?.key), letter?.timestamp, letter?.headers],
      ['dlq', null, 'k', 1_700_000_000_000, []],
    )
  })

  test('takes what a transform refuses, as it was before all transforms', async () => {
    const config = { ...ALL, ...chainOf('Mark:a', 'Route', 'Refuse?') }
    const context = { 'errors.deadletterqueue.context.headers.enable': 'true' }
    const world = await sinkWorld({}, { ...config, ...context }, TRANSFORMS)

    await deliver(world, 'x', 'bad')

    assert.deepEqual(world.target, ['xa'])
    assert.deepEqual(texts(world), ['bad'])
    const headers = world.letters[0]?.headers.map(({ key, value }) => [key, String(value)]) ?? []
    assert.deepEqual(headers.slice(0, 9), [
      ['__connect.errors.topic', 't'],
      ['__connect.errors.partition', '0'],
      ['__connect.errors.offset', '1'],
      ['__connect.errors.connector.name', 'c'],
      ['__connect.errors.task.id', '0'],
      ['__connect.errors.stage', 'TRANSFORMATION'],
      ['__connect.errors.class.name', 'test.Refuse'],
      ['__connect.errors.exception.class.name', 'org.apache.kafka.connect.errors.DataException'],
      ['__connect.errors.exception.message', 'refused bada'],
    ])
    assert.match(headers[9]?.[1] ?? '', /DataException: refused bada\n\tat /)
  })

  test('has null for the message of an error that has none', async () => {
    const world = await sinkWorld(
      { put: ([record], { context }) => record && context.reportErrant(record, new Error()) },
      { ...ALL, 'errors.deadletterqueue.context.headers.enable': 'true' },
    )

    await deliver(world, 'x')

    const message = world.letters[0]?.headers.find(({ key }) => key.endsWith('.message'))
    assert.equal(message?.value, null)
  })

  test('takes the record that fails its task, too', async () => {
    const world = await sinkWorld({}, DLQ)

    await assert.rejects(deliver(world, 'a', POISON, 'b'), /Tolerance exceeded/)

    assert.deepEqual(texts(world), [POISON])
    assert.deepEqual(world.target, [])
    assert.equal(await stateOf(world), 'FAILED')
  })

  test('that does not answer has nothing acknowledged: its letters are sent again, from another producer', async () => {
    const world = await sinkWorld(
      {
        send: (_letters, sends) => {
          if (sends < 4) throw new RetriableError('the broker is gone')
        },
      },
      ALL,
    )

    await deliver(world, 'a', POISON)

    assert.deepEqual(texts(world), [POISON])
    assert.deepEqual(world.target, ['a'])
    assert.equal(world.counts.puts, 1)
    const { connects, disconnects } = world.counts
    assert.deepEqual([connects, disconnects], [4, 3])
    assert.equal(world.total('deadletterqueue-produce-failures'), 3)
    await world.tasks.close()
    assert.equal(world.counts.disconnects, 4)
  })

  for (const tolerance of ['all', 'none'])
    test(`that stays away has the batch handed back, and fails no task: tolerance ${tolerance}`, async () => {
      const world = await sinkWorld(
        {
          send: () => {
            throw new RetriableError('the broker is gone')
          },
        },
        { ...DLQ, 'errors.tolerance': tolerance },
      )
      const remainingMs = () => 10_000 - world.clock.monotonic()

      await assert.rejects(
        world.tasks.deliver('c', eventOf({ 't-0': ['a', POISON] }), { id: 'one', remainingMs }),
        (error: Error) =>
          error instanceof RetriableError &&
          /Could not produce message to dead letter queue\. topic=dlq/.test(error.message),
      )

      assert.notEqual(await stateOf(world), 'FAILED')
      assert.ok(world.clock.monotonic() < 10_000)
    })

  test('that refuses for good fails the task', async () => {
    const world = await sinkWorld(
      {
        send: () => {
          throw new ConnectError('not authorized')
        },
      },
      ALL,
    )

    await assert.rejects(deliver(world, 'a', POISON), /topic=dlq: not authorized/)

    assert.equal(await stateOf(world), 'FAILED')
  })

  test('is written to by no delivery whose time is over', async () => {
    const world = await sinkWorld(
      {
        send() {
          left = 0
        },
      },
      ALL,
    )
    let left = 60_000

    await assert.rejects(
      world.tasks.deliver('c', eventOf({ 't-0': [POISON] }), {
        id: 'one',
        remainingMs: () => left,
      }),
      RetriableError,
    )

    assert.deepEqual(world.letters, [])
    assert.notEqual(await stateOf(world), 'FAILED')
  })
})

test('the error log has Kafka Connect’s line, with the record’s place and never its content', async () => {
  const lines: string[] = []
  const world = await sinkWorld(
    {},
    {
      'errors.tolerance': 'all',
      'errors.log.enable': 'true',
      'errors.log.include.messages': 'true',
    },
  )
  world.ports.log.error = (message) => void lines.push(message)

  await deliver(world, 'a', POISON)

  assert.deepEqual(lines, [
    "Error encountered in task c-0. Executing stage 'VALUE_CONVERTER' with class 'test.FussyReadingConverter', where consumed record is {topic='t', partition=0, offset=1, timestamp=1700000000000, timestampType=CreateTime}.",
  ])
})
