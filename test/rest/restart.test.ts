import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exampleSource } from './example-plugins.ts'
import { type RestWorker, restWorker } from './rest-worker.ts'

const SOURCE = {
  'connector.class': exampleSource.name,
  'database.url': 'jdbc:mysql://db/shop',
  'database.username': 'app',
  'database.password': 'app',
  'database.tables': 'orders',
}

/** Task 0 runs, task 1 has failed; the connector runs. */
async function halfFailed(): Promise<RestWorker> {
  const worker = restWorker()
  await worker.send('PUT', '/connectors/c/config', SOURCE)
  await worker.coordinated('c', 2)
  await worker.reported('c', 0, { state: 'RUNNING' })
  await worker.reported('c', 1, { state: 'FAILED', trace: 'boom\n' })
  worker.nudges.length = 0
  return worker
}

type Plan = { connector: { state: string }; tasks: { state: string; trace?: string }[] }

const statesOf = (json: unknown): string[] => {
  const { connector, tasks } = json as Plan
  return [connector.state, ...tasks.map(({ state }) => state)]
}

for (const { query, states, restarts } of [
  {
    query: 'includeTasks=true',
    states: ['RESTARTING', 'RESTARTING', 'RESTARTING'],
    restarts: { connector: 1, tasks: { '0': 1, '1': 1 } },
  },
  {
    query: 'includeTasks=True&onlyFailed=TRUE',
    states: ['RUNNING', 'RUNNING', 'RESTARTING'],
    restarts: { connector: 0, tasks: { '1': 1 } },
  },
  {
    query: 'onlyFailed=true',
    states: ['RUNNING', 'RUNNING', 'FAILED'],
    restarts: { connector: 0, tasks: {} },
  },
  {
    query: 'onlyFailed=true&includeTasks=yes',
    states: ['RUNNING', 'RUNNING', 'FAILED'],
    restarts: { connector: 0, tasks: {} },
  },
]) {
  test(`restart?${query} answers the plan and raises the restarts in one write`, async () => {
    const { send, stores, nudges } = await halfFailed()
    const before = await stores.configs.get('c')

    const answer = await send('POST', `/connectors/c/restart?${query}`)

    assert.equal(answer.status, 202)
    assert.deepEqual(statesOf(answer.json), states)
    assert.equal((answer.json as Plan).tasks[1]?.trace, 'boom\n')
    const after = await stores.configs.get('c')
    assert.deepEqual(after?.restarts, restarts)
    const writes = states.includes('RESTARTING') ? 1 : 0
    assert.equal(after?.revision, (before?.revision ?? 0) + writes)
    assert.equal(after?.version, before?.version)
    assert.deepEqual(nudges, [{ connector: 'c' }])
  })
}

test('a failed connector is restarted by onlyFailed, without its tasks', async () => {
  const { send, stores, reported } = restWorker()
  await send('PUT', '/connectors/c/config', SOURCE)
  await reported('c', 'connector', { state: 'FAILED', trace: 'x\n', generation: 1 })

  const answer = await send('POST', '/connectors/c/restart?onlyFailed=true')

  assert.equal(answer.status, 202)
  assert.deepEqual(statesOf(answer.json), ['RESTARTING'])
  assert.deepEqual((await stores.configs.get('c'))?.restarts, { connector: 1, tasks: {} })
})

for (const query of ['', '?includeTasks=false&onlyFailed=banana', '?includeTasks=']) {
  test(`restart${query} is 204 and restarts the connector alone`, async () => {
    const { send, stores, nudges } = await halfFailed()

    const answer = await send('POST', `/connectors/c/restart${query}`)

    assert.equal(answer.status, 204)
    assert.equal(answer.body, '')
    assert.deepEqual((await stores.configs.get('c'))?.restarts, { connector: 1, tasks: {} })
    assert.deepEqual(nudges, [{ connector: 'c' }])
  })
}

test('what failed is RESTARTING, with its trace, until it has started; then its restart is over', async () => {
  const { send, reported } = await halfFailed()

  await send('POST', '/connectors/c/tasks/1/restart')
  const asked = await send('GET', '/connectors/c/tasks/1/status')
  await reported('c', 1, { state: 'RUNNING' })
  const started = await send('GET', '/connectors/c/tasks/1/status')

  assert.equal((asked.json as Plan['tasks'][0]).state, 'RESTARTING')
  assert.equal((asked.json as Plan['tasks'][0]).trace, 'boom\n')
  assert.equal((started.json as Plan['tasks'][0]).state, 'RUNNING')
  assert.equal((started.json as Plan['tasks'][0]).trace, undefined)
})

test('restarting what failed a second time, before it has started, asks for nothing more', async () => {
  const { send, stores } = await halfFailed()

  await send('POST', '/connectors/c/restart?includeTasks=true&onlyFailed=true')
  const again = await send('POST', '/connectors/c/restart?includeTasks=true&onlyFailed=true')

  assert.equal(again.status, 202)
  assert.deepEqual(statesOf(again.json), ['RUNNING', 'RUNNING', 'RESTARTING'])
  assert.deepEqual((await stores.configs.get('c'))?.restarts.tasks, { '1': 1 })
})

test('a task is restarted whatever its state, each time anew', async () => {
  const { send, stores, nudges } = await halfFailed()

  const answers = [
    await send('POST', '/connectors/c/tasks/0/restart'),
    await send('POST', '/connectors/c/tasks/0/restart'),
  ]

  assert.deepEqual(
    answers.map(({ status }) => status),
    [204, 204],
  )
  assert.deepEqual((await stores.configs.get('c'))?.restarts, { connector: 0, tasks: { '0': 2 } })
  assert.equal(nudges.length, 2)
})

test('restarts keep the target state', async () => {
  const { send, stores } = await halfFailed()
  for (const call of ['pause', 'stop']) {
    await send('PUT', `/connectors/c/${call}`)
    const target = (await stores.configs.target('c'))?.targetState

    assert.equal((await send('POST', '/connectors/c/restart')).status, 204)
    assert.equal((await stores.configs.target('c'))?.targetState, target)
  }
})

for (const [line, message] of [
  ['POST /connectors/nope/restart', 'Unknown connector: nope'],
  ['POST /connectors/nope/restart?includeTasks=true', 'Unknown connector: nope'],
  ['POST /connectors/new/restart?includeTasks=true', 'Status for connector new not found'],
  ['POST /connectors/nope/tasks/0/restart', 'Unknown connector: nope'],
  ['POST /connectors/c/tasks/2/restart', 'Unknown task: c-2'],
  ['POST /connectors/c/tasks/-1/restart', 'Unknown task: c--1'],
  ['POST /connectors/new/tasks/0/restart', 'Unknown task: new-0'],
  ['POST /connectors/stopped/tasks/0/restart', 'Unknown task: stopped-0'],
] as const) {
  test(`${line} is 404`, async () => {
    const { send, coordinated, nudges } = await halfFailed()
    await send('PUT', '/connectors/new/config', SOURCE)
    await send('PUT', '/connectors/stopped/config', SOURCE)
    await coordinated('stopped', 1)
    await send('PUT', '/connectors/stopped/stop')
    nudges.length = 0
    const [method = '', path = ''] = line.split(' ')

    const answer = await send(method, path)

    assert.equal(answer.status, 404)
    assert.deepEqual(answer.json, { error_code: 404, message })
    assert.deepEqual(nudges, [])
  })
}
