import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FencedError } from '../../lib/errors.ts'
import { FILE_SOURCE, offsetWorker, STOP_FIRST } from './offset-worker.ts'

test('source offsets are answered with every digit, in any state', async () => {
  const { send, leased, stores } = offsetWorker()
  await send('PUT', '/connectors/c/config', FILE_SOURCE)
  const lease = await leased('c')
  await stores.offsets.commit(lease, [
    { partition: { table: 'a', shard: 1n }, offset: { id: 9223372036854775807n, ts: 1.5 } },
  ])

  for (const call of ['resume', 'pause', 'stop']) {
    await send('PUT', `/connectors/c/${call}`)
    const { status, body } = await send('GET', '/connectors/c/offsets')

    assert.equal(status, 200)
    assert.equal(
      body,
      '{"offsets":[{"partition":{"table":"a","shard":1},"offset":{"id":9223372036854775807,"ts":1.5}}]}',
    )
  }
})

test('no offsets are an empty list', async () => {
  const { send } = offsetWorker()
  await send('PUT', '/connectors/c/config', FILE_SOURCE)

  assert.deepEqual((await send('GET', '/connectors/c/offsets')).json, { offsets: [] })
})

test('what is sent is read first, then the connector is looked for, then its state', async () => {
  const { send, message } = offsetWorker()
  await send('PUT', '/connectors/c/config', FILE_SOURCE)
  const body = { offsets: [{ partition: { filename: 'x' }, offset: null }] }

  assert.deepEqual(
    [
      await message('PATCH', '/connectors/nope/offsets', {}),
      await message('PATCH', '/connectors/nope/offsets', body),
      await message('PATCH', '/connectors/c/offsets', body),
      await message('DELETE', '/connectors/nope/offsets'),
      await message('DELETE', '/connectors/c/offsets'),
    ],
    [
      [400, 'Partitions / offsets need to be provided for an alter offsets request'],
      [404, 'Connector nope not found'],
      [400, STOP_FIRST('c')],
      [404, 'Connector nope not found'],
      [400, STOP_FIRST('c')],
    ],
  )
  await send('PUT', '/connectors/c/pause')
  assert.deepEqual(await message('PATCH', '/connectors/c/offsets', body), [400, STOP_FIRST('c')])
})

const BODIES: readonly (readonly [string, string])[] = [
  [
    '5',
    'Cannot construct instance of `org.apache.kafka.connect.runtime.rest.entities.ConnectorOffsets`',
  ],
  ['{"offsets":{}}', 'Cannot deserialize value of type `java.util.ArrayList<'],
  ['{"offsets":[],"more":1}', 'Unrecognized field "more"'],
  [
    '{"offsets":[null]}',
    'Cannot invoke "org.apache.kafka.connect.runtime.rest.entities.ConnectorOffset.partition()" because "offset" is null',
  ],
  ['{"offsets":[{"partition":{},"other":1}]}', 'Unrecognized field "other"'],
  ['{"offsets":[{"partition":[]}]}', 'Cannot deserialize value of type `java.util.LinkedHashMap<'],
  [
    '{"offsets":[{"partition":{"a":9223372036854775808},"offset":null}]}',
    'Offsets may only contain primitive types as values, but field a contains class java.math.BigInteger',
  ],
  [
    '{"offsets":[{"partition":{"a":[1]},"offset":null}]}',
    'Offsets may only contain primitive types as values, but field a contains ARRAY',
  ],
]
for (const [body, message] of BODIES)
  test(`a body such as ${body} is a 500 in the words of Kafka Connect`, async () => {
    const worker = offsetWorker()
    await worker.stoppedSource('c')

    const [status, said] = await worker.message('PATCH', '/connectors/c/offsets', body)

    assert.equal(status, 500)
    assert.ok(said.startsWith(message), said)
  })

test('offsets of a source are altered: of the same partition the last one counts, integers keep all digits', async () => {
  const { send, stoppedSource, changed } = offsetWorker()
  await stoppedSource('c')
  const answer = await send(
    'PATCH',
    '/connectors/c/offsets',
    `{"offsets":[
      {"partition":{"filename":"a","shard":1},"offset":{"position":1}},
      {"partition":{"shard":1,"filename":"a"},"offset":{"position":9223372036854775807,"real":1.5,"ok":true,"none":null}},
      {"partition":{"filename":"b"}}]}`,
  )

  assert.equal(
    answer.body,
    '{"message":"The offsets for this connector have been altered successfully"}',
  )
  assert.equal(
    (await send('GET', '/connectors/c/offsets')).body,
    '{"offsets":[{"partition":{"shard":1,"filename":"a"},"offset":{"position":9223372036854775807,"real":1.5,"ok":true,"none":null}}]}',
  )
  assert.equal(changed.length, 0)
})

test('a reset takes all away, is the same when repeated, and fences who still held a lease', async () => {
  const { send, stoppedSource, leased, stores } = offsetWorker()
  await stoppedSource('c')
  const lease = await leased('c')
  await stores.offsets.commit(lease, [{ partition: { filename: 'a' }, offset: { position: 1n } }])

  for (let time = 0; time < 2; time++)
    assert.deepEqual(await send('DELETE', '/connectors/c/offsets').then(({ json }) => json), {
      message: 'The offsets for this connector have been reset successfully',
    })

  assert.deepEqual((await send('GET', '/connectors/c/offsets')).json, { offsets: [] })
  await assert.rejects(
    stores.offsets.commit(lease, [{ partition: { filename: 'a' }, offset: { position: 2n } }]),
    FencedError,
  )
})

test('a connector without a word on it alters what the framework manages, and the answer says so', async () => {
  const { message, send } = offsetWorker()
  await send('POST', '/connectors', {
    name: 'c',
    initial_state: 'STOPPED',
    config: {
      'connector.class': 'ExampleSource',
      'database.url': 'u',
      'database.username': 'u',
      'database.password': 'p',
      'database.tables': 't',
    },
  })
  const body = { offsets: [{ partition: { currentTable: 't' }, offset: { position: 1 } }] }

  assert.deepEqual(
    [
      await message('PATCH', '/connectors/c/offsets', body),
      await message('DELETE', '/connectors/c/offsets'),
    ],
    ['altered', 'reset'].map((done) => [
      200,
      `The Connect framework-managed offsets for this connector have been ${done} successfully. However, if this connector manages offsets externally, they will need to be manually ${done} in the system that the connector uses.`,
    ]),
  )
})

test('offsets of standard input are not changed', async () => {
  const { message, send } = offsetWorker()
  const config = { 'connector.class': 'FileStreamSource', topic: 't' }
  await send('POST', '/connectors', { name: 'c', initial_state: 'STOPPED', config })

  const [status, said] = await message('DELETE', '/connectors/c/offsets')

  assert.equal(status, 500)
  assert.match(said, /^Offsets cannot be modified if the 'file' configuration is unspecified\./)
})

test('a connector that is resumed while its offsets are about to be altered is refused, and nothing is altered', async () => {
  const worker = offsetWorker({
    stores: (stores) => ({
      ...stores,
      offsets: {
        ...stores.offsets,
        async alter(connector, revision, changes) {
          await worker.send('PUT', `/connectors/${connector}/resume`)
          return stores.offsets.alter(connector, revision, changes)
        },
      },
    }),
  })
  await worker.stoppedSource('c')
  const body = { offsets: [{ partition: { filename: 'x' }, offset: { position: 1 } }] }

  const answer = await worker.message('PATCH', '/connectors/c/offsets', body)

  assert.deepEqual(answer, [400, STOP_FIRST('c')])
  assert.deepEqual((await worker.send('GET', '/connectors/c/offsets')).json, { offsets: [] })
})

test('a task that is about to end is waited for: what it commits in its last moment is altered too', async () => {
  const worker = offsetWorker()
  await worker.stoppedSource('c')
  const lease = await worker.leased('c')
  worker.onSleep = async () => {
    await worker.stores.offsets.commit(lease, [
      { partition: { filename: 'a' }, offset: { position: 7n } },
    ])
    await worker.stores.leases.release(lease)
  }

  const [status] = await worker.message('DELETE', '/connectors/c/offsets')

  assert.equal(status, 200)
  assert.deepEqual((await worker.send('GET', '/connectors/c/offsets')).json, { offsets: [] })
})
