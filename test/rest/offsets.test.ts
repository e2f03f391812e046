import assert from 'node:assert/strict'
import { test } from 'node:test'
import { restWorker } from './rest-worker.ts'

const FILE_SOURCE = { 'connector.class': 'FileStreamSource', topic: 't' }

test('source offsets are answered with every digit, in any state', async () => {
  const { send, stores } = restWorker()
  await send('PUT', '/connectors/c/config', FILE_SOURCE)
  const wish = {
    connector: 'c',
    task: 0,
    owner: 'w',
    invocation: 'i',
    generation: 1,
    ttlMs: 1_000,
    invocationEndsAt: 0,
  }
  const lease = await stores.leases.take(wish)
  assert.ok('taken' in lease)
  await stores.offsets.commit(lease.taken, [
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
  const { send } = restWorker()
  await send('PUT', '/connectors/c/config', FILE_SOURCE)

  assert.deepEqual((await send('GET', '/connectors/c/offsets')).json, { offsets: [] })
})

test('the offsets of a sink are refused clearly: they are not in the rows', async () => {
  const { send } = restWorker()
  await send('PUT', '/connectors/k/config', { 'connector.class': 'FileStreamSink', topics: 'a' })

  const { status, json } = await send('GET', '/connectors/k/offsets')

  assert.equal(status, 500)
  assert.deepEqual(json, {
    error_code: 500,
    message: 'Reading the consumer group offsets of sink connector k is not supported yet',
  })
})
