import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Worker } from '../../lib/ports.ts'
import { fileStreamSource } from './example-plugins.ts'
import { restWorker } from './rest-worker.ts'

const SOURCE = { 'connector.class': fileStreamSource.name, topic: 't' }

async function withConnector(tracking?: Worker['topicTracking']) {
  const worker = restWorker({ worker: { ...(tracking && { topicTracking: tracking }) } })
  const { status } = await worker.send('PUT', '/connectors/c/config', SOURCE)
  assert.equal(status, 201)
  /** as a running function does */
  const record = async (...topics: string[]) => {
    const target = await worker.stores.configs.target('c')
    await worker.stores.activeTopics.add('c', target?.topicsReset ?? 0, topics)
  }
  const topics = async () => (await worker.send('GET', '/connectors/c/topics')).json
  return { ...worker, record, topics }
}

test('the topics of a connector are those its functions recorded', async () => {
  const { record, topics } = await withConnector()

  const atFirst = await topics()
  await record('b', 'a')

  assert.deepEqual(atFirst, { c: { topics: [] } })
  assert.deepEqual(await topics(), { c: { topics: ['a', 'b'] } })
})

test('a connector that does not exist has none, and they can be reset', async () => {
  const { send } = restWorker()

  const read = await send('GET', '/connectors/nope/topics')
  const reset = await send('PUT', '/connectors/nope/topics/reset')

  assert.deepEqual([read.status, read.json], [200, { nope: { topics: [] } }])
  assert.deepEqual([reset.status, reset.body, reset.headers], [202, '', {}])
})

test('a reset empties the list, and what is recorded after it counts again', async () => {
  const { send, record, topics, stores } = await withConnector()
  await record('a', 'b')
  const before = await stores.configs.target('c')

  const { status } = await send('PUT', '/connectors/c/topics/reset')
  const emptied = await topics()
  await stores.activeTopics.add('c', before?.topicsReset ?? 0, ['late'])
  await record('b')

  assert.equal(status, 202)
  assert.deepEqual(emptied, { c: { topics: [] } })
  assert.deepEqual(await topics(), { c: { topics: ['b'] } })
  assert.equal((await stores.configs.target('c'))?.version, before?.version)
})

test('the list survives another configuration, a restart and a stop', async () => {
  const { send, record, topics } = await withConnector()
  await send('PUT', '/connectors/c/topics/reset')
  await record('a')

  await send('PUT', '/connectors/c/config', { ...SOURCE, topic: 'other' })
  await send('POST', '/connectors/c/restart')
  await send('PUT', '/connectors/c/stop')

  assert.deepEqual(await topics(), { c: { topics: ['a'] } })
})

test('a deleted connector has none, and neither has one made in its place before it is cleared away', async () => {
  const { send, record, topics } = await withConnector()
  await record('a')

  await send('DELETE', '/connectors/c')
  const deleted = await topics()
  await send('PUT', '/connectors/c/config', SOURCE)

  assert.deepEqual(deleted, { c: { topics: [] } })
  assert.deepEqual(await topics(), { c: { topics: [] } })
})

test('without tracking both are forbidden, and a reset alone may be', async () => {
  const off = await withConnector({ enabled: false, mayReset: true })
  const kept = await withConnector({ enabled: true, mayReset: false })

  const answers = [
    await off.send('GET', '/connectors/c/topics'),
    await off.send('PUT', '/connectors/c/topics/reset'),
    await kept.send('PUT', '/connectors/c/topics/reset'),
  ].map(({ json }) => json)

  assert.deepEqual(answers, [
    { error_code: 403, message: 'Topic tracking is disabled.' },
    { error_code: 403, message: 'Topic tracking is disabled.' },
    { error_code: 403, message: 'Topic tracking reset is disabled.' },
  ])
  assert.equal((await kept.send('GET', '/connectors/c/topics')).status, 200)
})
