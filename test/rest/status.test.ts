import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exampleSource } from './example-plugins.ts'
import { NOW, type RestWorker, restWorker, WORKER } from './rest-worker.ts'

const SOURCE = {
  'connector.class': exampleSource.name,
  'database.url': 'jdbc:mysql://db/shop',
  'database.username': 'app',
  'database.password': 'app',
  'database.tables': 'orders',
}

const SINCE = new Date(NOW).toISOString()
const RUNNING = { state: 'RUNNING', worker_id: WORKER, version: '9.9', since: SINCE }

/** A connector with as many tasks, of which none has said anything yet. */
async function withTasks(tasks: number): Promise<RestWorker & { readonly generation: number }> {
  const worker = restWorker()
  await worker.send('PUT', '/connectors/c/config', SOURCE)
  return { ...worker, generation: await worker.coordinated('c', tasks) }
}

const take = async ({ stores }: RestWorker, task: number, generation: number) => {
  const wish = {
    connector: 'c',
    task,
    owner: 'host-2:8083',
    invocation: `i${task}`,
    generation,
    ttlMs: 15_000,
    invocationEndsAt: NOW + 60_000,
  }
  const answer = await stores.leases.take(wish)
  assert.ok('taken' in answer)
  return answer.taken
}

test('a status tells reason and since as text, after the fields of Kafka Connect', async () => {
  const { send, reported } = await withTasks(1)
  await reported('c', 0, { state: 'FAILED', trace: 'Boom: x\n\tat y\n', reason: 'x' })

  const { body } = await send('GET', '/connectors/c/status')

  assert.equal(
    body,
    `{"name":"c","connector":{"state":"RUNNING","worker_id":"${WORKER}","version":"9.9","reason":"1 of 1 tasks FAILED: task 0: x","since":"${SINCE}"},"tasks":[{"id":0,"state":"FAILED","worker_id":"${WORKER}","version":"9.9","trace":"Boom: x\\n\\tat y\\n","reason":"x","since":"${SINCE}"}],"type":"source","health":"unhealthy"}`,
  )
})

test('a version that is not known is left out', async () => {
  const { send, reported } = await withTasks(1)
  await reported('c', 0, { state: 'RUNNING', version: '' })

  const { json } = await send('GET', '/connectors/c/tasks/0/status')

  assert.deepEqual(json, { id: 0, state: 'RUNNING', worker_id: WORKER, since: SINCE })
})

test('a task that has no status yet is UNASSIGNED', async () => {
  const { send, reported } = await withTasks(2)
  await reported('c', 1, { state: 'RUNNING' })

  const { json } = await send('GET', '/connectors/c/status')

  assert.deepEqual(json, {
    name: 'c',
    connector: {
      ...RUNNING,
      reason: '1 of 2 tasks UNASSIGNED: task 0: no worker has begun it yet',
    },
    tasks: [
      {
        id: 0,
        state: 'UNASSIGNED',
        worker_id: WORKER,
        version: '9.9',
        reason: 'no worker has begun it yet',
      },
      { id: 1, ...RUNNING },
    ],
    type: 'source',
    health: 'degraded',
  })
})

test('a status of an older task set makes its task UNASSIGNED, without its old trace', async () => {
  const { send, coordinated, reported } = await withTasks(1)
  await reported('c', 0, { state: 'FAILED', trace: 'old\n', workerId: 'host-2:8083' })
  await coordinated('c', 1)

  const { json } = await send('GET', '/connectors/c/tasks/0/status')

  assert.deepEqual(json, {
    id: 0,
    state: 'UNASSIGNED',
    worker_id: 'host-2:8083',
    version: '9.9',
    reason: 'the tasks were shared out anew, and no worker has begun it yet',
  })
})

test('a status of a task that is in the set no more is left out', async () => {
  const { send, coordinated, reported } = await withTasks(2)
  await reported('c', 1, { state: 'RUNNING' })
  await coordinated('c', 1)
  await reported('c', 0, { state: 'RUNNING' })

  const [status, task] = [
    await send('GET', '/connectors/c/status'),
    await send('GET', '/connectors/c/tasks/1/status'),
  ]

  assert.deepEqual((status.json as { tasks: unknown }).tasks, [{ id: 0, ...RUNNING }])
  assert.deepEqual(task.json, { error_code: 404, message: 'No status found for task c-1' })
})

test('a RUNNING task whose lease has run out is UNASSIGNED, and says why', async () => {
  const worker = await withTasks(1)
  const lease = await take(worker, 0, worker.generation)
  await worker.reported('c', 0, { state: 'RUNNING', workerId: 'host-2:8083' })

  const alive = await worker.send('GET', '/connectors/c/tasks/0/status')
  worker.time.now = lease.expiresAt
  const lost = await worker.send('GET', '/connectors/c/tasks/0/status')

  assert.deepEqual(alive.json, { id: 0, ...RUNNING, worker_id: 'host-2:8083' })
  assert.deepEqual(lost.json, {
    id: 0,
    state: 'UNASSIGNED',
    worker_id: 'host-2:8083',
    version: '9.9',
    reason: 'host-2:8083 has not renewed its lease; another worker takes the task over',
    since: new Date(lease.expiresAt).toISOString(),
  })
})

test('a task that gave its lease back is RUNNING: its next tick takes it again', async () => {
  const worker = await withTasks(1)
  const lease = await take(worker, 0, worker.generation)
  await worker.reported('c', 0, { state: 'RUNNING' })
  await worker.stores.leases.release(lease)
  worker.time.now = lease.expiresAt + 1

  const { json } = await worker.send('GET', '/connectors/c/tasks/0/status')

  assert.deepEqual(json, { id: 0, ...RUNNING })
})

test('a lease of an older task set, which a source left to a sink, says nothing of the task', async () => {
  const worker = await withTasks(1)
  const lease = await take(worker, 0, worker.generation)
  await worker.coordinated('c', 1)
  await worker.reported('c', 0, { state: 'RUNNING' })
  worker.time.now = lease.expiresAt + 1

  const { json } = await worker.send('GET', '/connectors/c/tasks/0/status')

  assert.deepEqual(json, { id: 0, ...RUNNING })
})

test('a PAUSED or FAILED task stays so when its lease has run out', async () => {
  const worker = await withTasks(2)
  for (const task of [0, 1]) await take(worker, task, worker.generation)
  await worker.reported('c', 0, { state: 'PAUSED' })
  await worker.reported('c', 1, { state: 'FAILED', trace: 'x\n' })
  worker.time.now += 60_000

  const { json } = await worker.send('GET', '/connectors/c/status')

  const { tasks } = json as { tasks: { state: string }[] }
  assert.deepEqual(
    tasks.map(({ state }) => state),
    ['PAUSED', 'FAILED'],
  )
})

test('a STOPPED connector has no tasks, before the coordinator has taken them away', async () => {
  const { send, reported } = await withTasks(1)
  await reported('c', 0, { state: 'RUNNING' })

  await send('PUT', '/connectors/c/stop')

  const { json } = await send('GET', '/connectors/c/status')
  assert.deepEqual((json as { tasks: unknown }).tasks, [])
  assert.deepEqual((await send('GET', '/connectors/c/tasks')).json, [])
  assert.equal((await send('GET', '/connectors/c/tasks/0/status')).status, 404)
  assert.deepEqual(((await send('GET', '/connectors/c')).json as { tasks: unknown }).tasks, [])
})

for (const [path, message] of [
  ['/connectors/nope/status', 'No status found for connector nope'],
  ['/connectors/nope/tasks/0/status', 'No status found for task nope-0'],
  ['/connectors/c/tasks/9/status', 'No status found for task c-9'],
  ['/connectors/c/tasks/-1/status', 'No status found for task c--1'],
] as const) {
  test(`GET ${path} is 404`, async () => {
    const { send } = await withTasks(1)

    const answer = await send('GET', path)

    assert.equal(answer.status, 404)
    assert.deepEqual(answer.json, { error_code: 404, message })
  })
}

test('a connector without a status is left out of the map while statuses are asked for', async () => {
  const { send } = await withTasks(0)
  await send('PUT', '/connectors/new/config', SOURCE)

  const [status, info, other] = [
    await send('GET', '/connectors?expand=status&expand=info'),
    await send('GET', '/connectors?expand=info'),
    await send('GET', '/connectors?expand='),
  ]

  assert.deepEqual(Object.keys(status.json as object), ['c'])
  assert.deepEqual(Object.keys((status.json as { c: object }).c), ['status', 'info'])
  assert.deepEqual(Object.keys(info.json as object), ['c', 'new'])
  assert.deepEqual(other.json, { c: {}, new: {} })
})

test('hundreds of connectors are expanded in one call', async () => {
  const { send, stores } = restWorker()
  const row = {
    config: { 'connector.class': exampleSource.name },
    targetState: 'RUNNING',
    version: 1,
    restarts: { connector: 0, tasks: {} },
    deleted: false,
  } as const
  const names = Array.from({ length: 300 }, (_, number) => `c${number}`)
  for (const name of names) await stores.configs.put({ ...row, name }, undefined)

  const { json } = await send('GET', '/connectors?expand=info')

  assert.deepEqual(Object.keys(json as object).sort(), names.sort())
})
