import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exampleSink, exampleSource } from './example-plugins.ts'
import { restWorker } from './rest-worker.ts'

const SOURCE = {
  'connector.class': exampleSource.name,
  'database.url': 'jdbc:mysql://db/shop',
  'database.username': 'app',
  'database.password': 'first secret',
  'database.tables': 'orders',
}

const SECOND = { ...SOURCE, 'database.password': 'second secret', 'database.tables': 'customers' }

async function withTwoVersions() {
  const worker = restWorker()
  await worker.send('POST', '/connectors', { name: 'c', config: SOURCE })
  worker.time.now += 60_000
  await worker.send('PUT', '/connectors/c/config', SECOND)
  await worker.coordinated('c', 2)
  return worker
}

test('the history has every version, newest first, with its time and masked', async () => {
  const { send } = await withTwoVersions()
  const masked = { name: 'c', 'database.password': '[hidden]' }

  const all = await send('GET', '/connectors/c/config/history')
  const one = await send('GET', '/connectors/c/config/history/1')

  const first = {
    version: 1,
    modified: '2026-01-02T03:04:05.000Z',
    config: { ...SOURCE, ...masked },
  }
  assert.deepEqual(all.json, [
    { version: 2, modified: '2026-01-02T03:05:05.000Z', config: { ...SECOND, ...masked } },
    first,
  ])
  assert.deepEqual([one.status, one.json], [200, first])
  assert.doesNotMatch(all.body + one.body, /secret/)
})

test('pause, resume and restart make no version', async () => {
  const { send } = await withTwoVersions()

  await send('PUT', '/connectors/c/pause')
  await send('PUT', '/connectors/c/resume')
  await send('POST', '/connectors/c/restart?includeTasks=true')

  assert.equal(((await send('GET', '/connectors/c/config/history')).json as object[]).length, 2)
})

test('a roll back is a new version with the old config and its secret; target state and restarts stay', async () => {
  const { send, stores, nudges } = await withTwoVersions()
  await send('PUT', '/connectors/c/stop')
  await send('POST', '/connectors/c/restart')
  const before = await stores.configs.get('c')
  nudges.length = 0

  const answer = await send('PUT', '/connectors/c/config/history/1')

  assert.equal(answer.status, 200)
  assert.deepEqual(answer.json, {
    name: 'c',
    config: { ...SOURCE, name: 'c', 'database.password': '[hidden]' },
    tasks: [],
    type: 'source',
  })
  const row = await stores.configs.get('c')
  assert.deepEqual(row, {
    ...before,
    config: { ...SOURCE, name: 'c' },
    version: 3,
    revision: (before?.revision ?? 0) + 1,
  })
  assert.deepEqual([row?.targetState, row?.restarts.connector], ['STOPPED', 1])
  assert.deepEqual(nudges, [{ connector: 'c' }])
  assert.equal(((await send('GET', '/connectors/c/config/history')).json as object[]).length, 3)
})

test('a roll back answers with the tasks there are, as PUT config does', async () => {
  const { send } = await withTwoVersions()

  const { json } = await send('PUT', '/connectors/c/config/history/1')

  assert.deepEqual((json as { tasks: object }).tasks, [
    { connector: 'c', task: 0 },
    { connector: 'c', task: 1 },
  ])
})

test('a roll back to what is no longer valid is a 400 and changes nothing', async () => {
  const { send, stores } = await withTwoVersions()
  const row = await stores.configs.get('c')
  if (!row) throw new Error('no c')
  const bad = { ...row, version: 3, config: { ...row.config, 'tasks.max': 'x' } }
  await stores.configs.put(bad, row.revision)
  await send('PUT', '/connectors/c/config', SOURCE)
  const before = await stores.configs.get('c')

  const answer = await send('PUT', '/connectors/c/config/history/3')

  assert.equal(answer.status, 400)
  assert.match(answer.body, /Invalid value x for configuration tasks.max: Not a number of type INT/)
  assert.deepEqual(await stores.configs.get('c'), before)
})

for (const { line, message } of [
  { line: 'GET /connectors/nope/config/history', message: 'Connector nope not found' },
  { line: 'GET /connectors/nope/config/history/1', message: 'Connector nope not found' },
  { line: 'PUT /connectors/nope/config/history/1', message: 'Connector nope not found' },
  {
    line: 'GET /connectors/c/config/history/7',
    message: 'No version 7 found of the config of connector c',
  },
  {
    line: 'PUT /connectors/c/config/history/-1',
    message: 'No version -1 found of the config of connector c',
  },
  { line: 'GET /connectors/c/config/history/last', message: 'HTTP 404 Not Found' },
])
  test(`${line} is 404`, async () => {
    const { send } = await withTwoVersions()
    const [method = '', path = ''] = line.split(' ')

    const { status, json } = await send(method, path)

    assert.deepEqual([status, json], [404, { error_code: 404, message }])
  })

test('the masked config of an entry may be put as it is: the stored secret stays', async () => {
  const { send, stores } = await withTwoVersions()
  const entry = (await send('GET', '/connectors/c/config/history/1')).json as { config: object }

  const answer = await send('PUT', '/connectors/c/config', entry.config)

  assert.equal(answer.status, 200)
  assert.deepEqual((await stores.configs.get('c'))?.config, {
    ...SOURCE,
    name: 'c',
    'database.password': 'second secret',
  })
})

test('a mask whose key has been removed meanwhile stands for the newest secret there was', async () => {
  const { send, stores } = await withTwoVersions()
  const entry = (await send('GET', '/connectors/c/config/history/1')).json as { config: object }
  const other = { 'connector.class': exampleSink.name, topics: 't', 'redis.host': 'r' }
  const sink = { ...other, 'redis.port': '1', 'redis.database': '0', 'redis.password': 'other' }
  assert.equal((await send('PUT', '/connectors/c/config', sink)).status, 200)

  const answer = await send('PUT', '/connectors/c/config', entry.config)

  assert.equal(answer.status, 200, answer.body)
  assert.equal((await stores.configs.get('c'))?.config['database.password'], 'second secret')
})

test('a connector made anew has nothing of the history of the one that was deleted', async () => {
  const { send } = await withTwoVersions()
  await send('DELETE', '/connectors/c')
  const gone = await send('GET', '/connectors/c/config/history')

  await send('POST', '/connectors', { name: 'c', config: SOURCE })

  assert.equal(gone.status, 404)
  const versions = (await send('GET', '/connectors/c/config/history')).json as { version: number }[]
  assert.deepEqual(
    versions.map(({ version }) => version),
    [3],
  )
  const masked = { ...SOURCE, 'value.converter': 'x', 'database.password': '[hidden]' }
  assert.equal((await send('PUT', '/connectors/d/config', masked)).status, 400)
})
