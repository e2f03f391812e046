import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ConflictError, ConnectError, RetriableError } from '../../lib/errors.ts'
import { offsetWorker } from './offset-worker.ts'

const entry = (topic: unknown, partition: unknown, offset: unknown) => ({
  partition: { kafka_topic: topic, kafka_partition: partition },
  offset: offset === null ? null : { kafka_offset: offset },
})

const ACTIVE = (verb: string) =>
  `Failed to ${verb} consumer group offsets for connector c either because its tasks haven't stopped completely yet or the connector was resumed before the request to ${verb} its offsets could be successfully completed. If the connector is in a stopped state, this operation can be safely retried. If it doesn't eventually succeed, the Connect cluster may need to be restarted to get rid of the zombie sink tasks.`

test('offsets of a sink are those of the groups that its topics are read by, in the order of topics and partitions', async () => {
  const worker = offsetWorker({
    committed: [
      { group: 'connect-c-b', topic: 'b', partition: 10, offset: '7' },
      { group: 'connect-c-b', topic: 'b', partition: 9, offset: '9007199254740993' },
      { group: 'connect-c-a', topic: 'a', partition: 0, offset: '1' },
      // Of a time when it read this topic alone, and of one that it reads no more.
      { group: 'connect-c', topic: 'a', partition: 0, offset: '99' },
      { group: 'connect-c', topic: 'old', partition: 0, offset: '5' },
      { group: 'connect-other', topic: 'a', partition: 0, offset: '3' },
    ],
  })
  await worker.stoppedSink('c', 'a,b')

  const { status, body } = await worker.send('GET', '/connectors/c/offsets')

  assert.equal(status, 200)
  assert.equal(
    body,
    '{"offsets":[{"partition":{"kafka_partition":0,"kafka_topic":"a"},"offset":{"kafka_offset":1}},{"partition":{"kafka_partition":9,"kafka_topic":"b"},"offset":{"kafka_offset":9007199254740993}},{"partition":{"kafka_partition":10,"kafka_topic":"b"},"offset":{"kafka_offset":7}},{"partition":{"kafka_partition":0,"kafka_topic":"old"},"offset":{"kafka_offset":5}}]}',
  )
})

test('changes go to the group of their topic; of the same partition the last one counts', async () => {
  const { send, changed, stoppedSink } = offsetWorker()
  await stoppedSink('c', 'a,b')
  const offsets = [
    entry('a', 0, 1),
    entry('b', '1', '2'),
    entry('a', '0', '+3'),
    entry('b', 2, null),
    entry('x', 0, 4),
  ]

  const { json } = await send('PATCH', '/connectors/c/offsets', { offsets })

  assert.deepEqual(json, {
    message: 'The offsets for this connector have been altered successfully',
  })
  assert.deepEqual(changed, [
    [
      'alterGroups',
      {
        changes: [
          { group: 'connect-c-a', topic: 'a', partition: 0, offset: '3' },
          { group: 'connect-c-b', topic: 'b', partition: 1, offset: '2' },
          { group: 'connect-c-b', topic: 'b', partition: 2, offset: null },
          { group: 'connect-c', topic: 'x', partition: 0, offset: '4' },
        ],
      },
    ],
  ])
})

test('a reset removes all groups of the connector', async () => {
  const { send, changed, stoppedSink } = offsetWorker()
  await stoppedSink('c', 'a,b')
  await stoppedSink('one', 'a')

  const { json } = await send('DELETE', '/connectors/c/offsets')
  await send('DELETE', '/connectors/one/offsets')

  assert.deepEqual(json, { message: 'The offsets for this connector have been reset successfully' })
  assert.deepEqual(changed, [
    ['removeGroups', { groups: ['connect-c', 'connect-c-a', 'connect-c-b'] }],
    ['removeGroups', { groups: ['connect-one'] }],
  ])
})

test('a reset removes the groups of topics that it read once as well, but none that is another connector’s', async () => {
  const { send, changed, stoppedSink, stores } = offsetWorker()
  await stoppedSink('c', 'a,b,x')
  const config = { 'connector.class': 'FileStreamSink', file: '/out', topics: 'a' }
  await send('PUT', '/connectors/c/config', config)
  await stores.activeTopics.add('c', 0, ['long-ago'])
  await stoppedSink('c-x', 't')

  await send('DELETE', '/connectors/c/offsets')

  assert.deepEqual(changed, [
    ['removeGroups', { groups: ['connect-c', 'connect-c-a', 'connect-c-b', 'connect-c-long-ago'] }],
  ])
})

test('a reset leaves the group that another connector reads a topic by, though it has the name of this one', async () => {
  const { send, changed, stoppedSink } = offsetWorker()
  await stoppedSink('orders', 'eu,asia')
  await stoppedSink('orders-eu', 'eu,fr')
  await stoppedSink('orders-us', 'us,ca')

  await send('DELETE', '/connectors/orders-eu/offsets')
  await send('DELETE', '/connectors/orders-us/offsets')

  assert.deepEqual(changed, [
    ['removeGroups', { groups: ['connect-orders-eu-eu', 'connect-orders-eu-fr'] }],
    [
      'removeGroups',
      { groups: ['connect-orders-us', 'connect-orders-us-us', 'connect-orders-us-ca'] },
    ],
  ])
})

const FAILURES: readonly (readonly [string, Error, readonly string[]])[] = [
  [
    'a group that still has members',
    new ConflictError('has members'),
    [
      'Failed to retrieve consumer group offsets for sink connector c',
      ACTIVE('alter'),
      'Failed to list offsets prior to resetting offsets for sink connector c',
    ],
  ],
  ...[new ConnectError('no such topic'), new RetriableError('no broker answers')].map(
    (failure) =>
      [
        failure.message,
        failure,
        [
          'Failed to retrieve consumer group offsets for sink connector c',
          'Failed to alter consumer group offsets for connector c',
          'Failed to list offsets prior to resetting offsets for sink connector c',
        ],
      ] as const,
  ),
]
for (const [what, failure, [get, patch, remove]] of FAILURES)
  test(`${what}: 500 in the words of Kafka Connect`, async () => {
    const { message, stoppedSink } = offsetWorker({ failure })
    await stoppedSink('c', 'a')
    const path = '/connectors/c/offsets'

    assert.deepEqual(await message('GET', path), [500, get])
    assert.deepEqual(await message('PATCH', path, { offsets: [entry('a', 0, 1)] }), [500, patch])
    assert.deepEqual(await message('DELETE', path), [500, remove])
  })

test('a reset of groups that still have members, or that are refused, is told in the words of Kafka Connect', async () => {
  const resetting = async (changeFailure: Error) => {
    const { message, stoppedSink } = offsetWorker({ changeFailure })
    await stoppedSink('c', 'a')
    return message('DELETE', '/connectors/c/offsets')
  }

  assert.deepEqual(await resetting(new ConflictError('has members')), [500, ACTIVE('reset')])
  assert.deepEqual(await resetting(new ConnectError('not allowed')), [
    500,
    'Failed to reset consumer group offsets for sink connector c',
  ])
})

test('what is refused by its form reaches no group', async () => {
  const { message, changed, stoppedSink } = offsetWorker()
  await stoppedSink('c', 'a')
  const refused = async (...offsets: object[]) =>
    message('PATCH', '/connectors/c/offsets', { offsets })

  assert.deepEqual(
    [
      await refused(entry('a', 0, 1), entry('a', 2 ** 31, 1)),
      await refused(entry('a', true, 1)),
      await refused(entry('a', [0], 1)),
      await refused({ ...entry('a', 0, 1), offset: { kafka_offset: null } }),
      await refused(entry('a', 0, '9223372036854775808')),
      await refused(entry('a', 0, -1)),
    ].map(([status, text]) => `${status} ${text}`),
    [
      "400 Failed to parse the following Kafka partition value in the provided offsets: '2147483648'. Partition values for sink connectors need to be integers.",
      "400 Failed to parse the following Kafka partition value in the provided offsets: 'true'. Partition values for sink connectors need to be integers.",
      "400 Failed to parse the following Kafka partition value in the provided offsets: '[0]'. Partition values for sink connectors need to be integers.",
      "400 Failed to parse the following Kafka offset value in the provided offsets: 'null'. Offset values for sink connectors need to be integers.",
      "400 Failed to parse the following Kafka offset value in the provided offsets: '9223372036854775808'. Offset values for sink connectors need to be integers.",
      '500 Failed to modify offsets for sink connector c',
    ],
  )
  assert.deepEqual(changed, [])
})

type Recorded = {
  readonly step: { readonly method: string; readonly path: string; readonly body?: unknown }
  readonly status: number
  readonly body: { readonly message?: string }
}
const recorded = readFileSync(
  join(import.meta.dirname, '../fixtures/recorded-session.jsonl'),
  'utf8',
)
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Recorded)

for (const name of ['{run}-snk', 'off'])
  test(`each change of offsets of the recorded ${name} is answered as Kafka Connect did`, async () => {
    const worker = offsetWorker()
    if (name === '{run}-snk') await worker.stoppedSink(name, '{run}-lines')
    else await worker.stoppedSource('off')
    // What it answered while the connector ran is in other tests.
    const changes = recorded.filter(
      ({ step, body }) =>
        step.path === `/connectors/${name}/offsets` &&
        step.method !== 'GET' &&
        !body.message?.startsWith('Connectors must be'),
    )

    for (const { step, status, body } of changes) {
      const sent =
        step.body === undefined || typeof step.body === 'string'
          ? (step.body as string | undefined)
          : JSON.stringify(step.body)
      const [code, message] = await worker.message(step.method, step.path, sent)
      const firstLine = (text: string | undefined) => text?.split('\n')[0]
      assert.deepEqual([code, firstLine(message)], [status, firstLine(body.message)], sent)
    }
    assert.ok(changes.length > 8)
  })
