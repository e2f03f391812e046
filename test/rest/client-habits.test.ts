/** What clients, UIs and providers made for Kafka Connect do in practice. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { taken } from '../contract/made-stores.ts'
import { exampleSource } from './example-plugins.ts'
import { restWorker } from './rest-worker.ts'

const SOURCE = {
  'connector.class': exampleSource.name,
  'database.url': 'jdbc:mysql://db/shop',
  'database.username': 'app',
  'database.password': 'app',
  'database.tables': 'orders',
}

for (const { title, method, path, body } of [
  { title: 'PUT', method: 'PUT', path: '/connectors/c/config', body: SOURCE },
  { title: 'PATCH', method: 'PATCH', path: '/connectors/c/config', body: { note: 'x' } },
  { title: 'a roll back', method: 'PUT', path: '/connectors/c/config/history/1', body: undefined },
])
  for (const { call, state } of [
    { call: 'stop', state: 'STOPPED' },
    { call: 'pause', state: 'PAUSED' },
  ])
    test(`a connector that is ${state} stays so when ${title} changes its config`, async () => {
      const { send, coordinated } = restWorker()
      await send('POST', '/connectors', { name: 'c', config: SOURCE })
      await send('PUT', `/connectors/c/${call}`)

      const answer = await send(method, path, body)
      await coordinated('c', 0)

      assert.equal(answer.status, 200, answer.body)
      const { json } = await send('GET', '/connectors/c/status')
      assert.equal((json as { connector: { state: string } }).connector.state, state)
    })

for (const state of ['PAUSED', 'STOPPED'])
  test(`a connector made ${state} is shown so, with no tasks yet`, async () => {
    const { send, coordinated } = restWorker()

    const made = await send('POST', '/connectors', {
      name: 'c',
      config: SOURCE,
      initial_state: state,
    })
    await coordinated('c', 0)

    const info = { ...SOURCE, name: 'c', 'database.password': '[hidden]' }
    assert.equal(made.status, 201)
    assert.deepEqual(made.json, { name: 'c', config: info, tasks: [], type: 'source' })
    const status = (await send('GET', '/connectors/c/status')).json
    const { connector, tasks } = status as { connector: { state: string }; tasks: object[] }
    assert.deepEqual([connector.state, tasks], [state, []])
    assert.deepEqual((await send('GET', '/connectors/c/tasks')).json, [])
  })

test('expand[], which some clients send, is no expand', async () => {
  const { send } = restWorker()
  await send('POST', '/connectors', { name: 'c', config: SOURCE })

  for (const query of ['expand[]=status&expand[]=info', 'expand%5B%5D=status'])
    assert.deepEqual((await send('GET', `/connectors?${query}`)).json, ['c'])
})

test('a slash at the end of a path says nothing', async () => {
  const { send } = restWorker()

  assert.equal((await send('POST', '/connectors/', { name: 'c', config: SOURCE })).status, 201)
  assert.deepEqual((await send('GET', '/connectors/')).json, ['c'])
  assert.equal((await send('GET', '/connectors/c/config/')).status, 200)
})

for (const [call, status] of [
  ['pause', 202],
  ['resume', 202],
  ['stop', 204],
] as const)
  test(`PUT ${call} needs no body, and minds none: ${status}`, async () => {
    const { send } = restWorker()
    await send('POST', '/connectors', { name: 'c', config: SOURCE })

    for (const [body, headers] of [
      [undefined, {}],
      [undefined, { 'content-type': 'application/json' }],
      ['', { 'content-type': 'text/plain' }],
      ['{}', { 'content-type': 'application/json' }],
    ] as const)
      assert.equal((await send('PUT', `/connectors/c/${call}`, body, headers)).status, status)
  })

test('offsets survive a DELETE, and the connector made anew goes on from them', async () => {
  const { send, stores } = restWorker()
  await send('POST', '/connectors', { name: 'c', config: SOURCE })
  const lease = await taken(stores, { connector: 'c' })
  const stored = [{ partition: { table: 'orders' }, offset: { id: 42n } }]
  await stores.offsets.commit(lease, stored)

  await send('DELETE', '/connectors/c')
  const row = await stores.configs.get('c')
  await stores.configs.remove('c', row?.revision ?? 0)
  await send('POST', '/connectors', { name: 'c', config: SOURCE })

  assert.equal(
    (await send('GET', '/connectors/c/offsets')).body,
    '{"offsets":[{"partition":{"table":"orders"},"offset":{"id":42}}]}',
  )
})

for (const name of ['Größe 順序 🙂', 'a b+c', 'q?x=1&y#z', "it's; (a) [list]:,@", 'e\u0301', '..c'])
  test(`a connector named ${name} is reached under its percent-encoded name`, async () => {
    const { send, coordinated } = restWorker()
    const path = `/connectors/${encodeURIComponent(name)}`

    const made = await send('POST', '/connectors', { name, config: SOURCE })
    await coordinated(name, 1)

    assert.equal(made.status, 201)
    assert.deepEqual((await send('GET', '/connectors')).json, [name])
    const { pathname } = new URL(made.headers.location ?? '')
    for (const one of [path, pathname]) {
      const { status, json } = await send('GET', one)
      assert.deepEqual([status, (json as { name: string }).name], [200, name])
    }
    for (const below of ['/status', '/config', '/tasks', '/offsets', '/config/history'])
      assert.equal((await send('GET', path + below)).status, 200)
    assert.equal((await send('PATCH', `${path}/config`, { note: 'x' })).status, 200)
    assert.equal((await send('PUT', `${path}/pause`)).status, 202)
    assert.equal((await send('DELETE', path)).status, 204)
    assert.equal((await send('GET', path)).status, 404)
  })
