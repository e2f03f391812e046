/**
 * Requests and answers recorded from an Apache Kafka Connect 4.1.0 worker, in the order they were made there. What changes
 * from run to run is «marked». One thing is not as recorded: a password is shown as [hidden], there it was in clear.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { restWorker } from './rest-worker.ts'

const worker = restWorker()
const { send, coordinated, reported } = worker

const SOURCE = {
  'connector.class': 'com.github.taven.source.ExampleSourceConnector',
  'tasks.max': '1',
  'database.url': 'jdbc:mysql://db/shop',
  'database.username': 'app',
  'database.password': 'app',
  'database.tables': 'orders',
}
const SHOWN_SOURCE = { ...SOURCE, 'database.password': '[hidden]', name: 'orders-src' }
const SINK = {
  'connector.class': 'com.github.taven.sink.ExampleSinkConnector',
  'tasks.max': '1',
  topics: 'orders',
  'redis.host': 'redis',
  'redis.port': '6379',
  'redis.database': '5',
  'redis.password': '',
}
const SHOWN_SINK = { ...SINK, 'redis.password': '[hidden]', name: 'orders-sink' }
const RUNNING = { state: 'RUNNING', worker_id: '«worker»', version: '«version»' }
const TASKS = [{ connector: 'orders-src', task: 0 }]

/** Worker, version and prose are marked, and the fields that are ours alone left out. */
function normal(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json ?? null), (key, value: unknown) => {
    if (['since', 'reason', 'health'].includes(key)) return undefined
    if (key === 'worker_id' || key === 'documentation')
      return typeof value === 'string' && `«${key === 'worker_id' ? 'worker' : 'text'}»`
    return key === 'version' ? '«version»' : value
  })
}

async function exchange(
  line: string,
  body: object | string | undefined,
  want: { readonly status: number; readonly json?: unknown },
): Promise<void> {
  const [method = '', path = ''] = line.split(' ')
  const answer = await send(method, path, body)

  assert.equal(answer.status, want.status, answer.body)
  if (want.json === undefined) assert.equal(answer.body, '')
  else assert.deepEqual(normal(answer.json), normal(want.json))
}

const error = (status: number, message: string) => ({
  status,
  json: { error_code: status, message },
})

test('1: cluster and health', async () => {
  await exchange('GET /', undefined, {
    status: 200,
    json: {
      version: '«version»',
      commit: '26b251a451ce941d',
      kafka_cluster_id: 'w4FVwsEsRCuAuR9joataTA',
    },
  })
  await exchange('GET /health', undefined, {
    status: 200,
    json: {
      status: 'healthy',
      message: 'Worker has completed startup and is ready to handle requests.',
    },
  })
})

test('2: sinks before sources, each by class name', async () => {
  const { json } = await send('GET', '/connector-plugins')

  assert.deepEqual(json, [
    { class: 'com.github.taven.sink.ExampleSinkConnector', type: 'sink', version: '4.3.1' },
    {
      class: 'org.apache.kafka.connect.file.FileStreamSinkConnector',
      type: 'sink',
      version: '4.3.1',
    },
    { class: 'com.github.taven.source.ExampleSourceConnector', type: 'source', version: '4.3.1' },
    {
      class: 'org.apache.kafka.connect.file.FileStreamSourceConnector',
      type: 'source',
      version: '4.3.1',
    },
  ])
})

test('3: settings of a plugin that is not there', () =>
  exchange('GET /connector-plugins/Nope/config', undefined, error(404, 'Unknown plugin Nope.')))

test('4: the created connector has no tasks yet, its name in its config, and no status', async () => {
  const created = await send('POST', '/connectors', { name: 'orders-src', config: SOURCE })

  assert.equal(created.status, 201)
  assert.equal(created.headers.location, 'http://connect.test:8083/connectors/orders-src')
  assert.deepEqual(created.json, {
    name: 'orders-src',
    config: SHOWN_SOURCE,
    tasks: [],
    type: 'source',
  })
  await exchange(
    'GET /connectors/orders-src/status',
    undefined,
    error(404, 'No status found for connector orders-src'),
  )
})

test('5, 6: then it runs, and tells what each task was given', async () => {
  await coordinated('orders-src', 1)
  await reported('orders-src', 0, { state: 'RUNNING' })

  await exchange('GET /connectors/orders-src/status', undefined, {
    status: 200,
    json: {
      name: 'orders-src',
      connector: RUNNING,
      tasks: [{ id: 0, ...RUNNING }],
      type: 'source',
    },
  })
  await exchange('GET /connectors/orders-src/tasks/0/status', undefined, {
    status: 200,
    json: { id: 0, ...RUNNING },
  })
  await exchange('GET /connectors/orders-src', undefined, {
    status: 200,
    json: { name: 'orders-src', config: SHOWN_SOURCE, tasks: TASKS, type: 'source' },
  })
  await exchange('GET /connectors/orders-src/tasks', undefined, {
    status: 200,
    json: [
      {
        id: { connector: 'orders-src', task: 0 },
        config: { ...SHOWN_SOURCE, 'task.class': 'Task' },
      },
    ],
  })
})

test('7: a state to begin with', async () => {
  const body = { name: 'orders-sink', initial_state: 'PAUSED', config: SINK }
  await exchange('POST /connectors', body, {
    status: 201,
    json: { name: 'orders-sink', config: SHOWN_SINK, tasks: [], type: 'sink' },
  })

  await coordinated('orders-sink', 0)

  await exchange('GET /connectors/orders-sink/status', undefined, {
    status: 200,
    json: {
      name: 'orders-sink',
      connector: { ...RUNNING, state: 'PAUSED' },
      tasks: [],
      type: 'sink',
    },
  })
})

test('8: what is refused', async () => {
  await exchange(
    'POST /connectors',
    { name: 'orders-src', config: SOURCE },
    error(409, 'Connector orders-src already exists'),
  )
  await exchange(
    'POST /connectors',
    { name: 'a', config: { ...SOURCE, name: 'b' } },
    error(400, "Connector name configuration (b) doesn't match connector name in the URL (a)"),
  )
  await exchange(
    'POST /connectors',
    {
      name: 'bad',
      config: {
        'connector.class': 'com.github.taven.sink.ExampleSinkConnector',
        'redis.port': 'abc',
      },
    },
    error(
      400,
      'Connector configuration is invalid and contains the following 6 error(s):\nMust configure one of topics or topics.regex\nMust configure one of topics or topics.regex\nMissing required configuration "redis.host" which has no default value.\nInvalid value abc for configuration redis.port: Not a number of type INT\nMissing required configuration "redis.database" which has no default value.\nMissing required configuration "redis.password" which has no default value.\nYou can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`',
    ),
  )
  const unknown = await send('POST', '/connectors', {
    name: 'bad',
    config: { 'connector.class': 'Nope' },
  })
  assert.equal(unknown.status, 400)
  assert.match(
    unknown.body,
    /Failed to find any class that implements Connector and which name matches Nope, available connectors are: .*ExampleSourceConnector/,
  )
})

test('9: what the framework refuses', async () => {
  await exchange(
    'POST /connectors',
    '{bad',
    error(
      500,
      "Unexpected character ('b' (code 98)): was expecting double-quote to start field name\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 2]",
    ),
  )
  const text = await send('POST', '/connectors', 'x', { 'content-type': 'text/plain' })
  assert.deepEqual(text.json, { error_code: 415, message: 'HTTP 415 Unsupported Media Type' })
  await exchange('PUT /connectors', undefined, error(405, 'HTTP 405 Method Not Allowed'))
  await exchange('GET /nope', undefined, error(404, 'HTTP 404 Not Found'))
})

test('10: PUT replaces the whole config and answers the tasks of before', () =>
  exchange(
    'PUT /connectors/orders-src/config',
    { ...SOURCE, note: 'x' },
    {
      status: 200,
      json: {
        name: 'orders-src',
        config: { ...SHOWN_SOURCE, note: 'x' },
        tasks: TASKS,
        type: 'source',
      },
    },
  ))

test('13: one call for a whole screen', async () => {
  await send('PUT', '/connectors/orders-src/config', SOURCE)
  await coordinated('orders-src', 1)
  await reported('orders-src', 0, { state: 'RUNNING' })
  await send('DELETE', '/connectors/orders-sink')

  await exchange('GET /connectors?expand=info&expand=status', undefined, {
    status: 200,
    json: {
      'orders-src': {
        info: { name: 'orders-src', config: SHOWN_SOURCE, tasks: TASKS, type: 'source' },
        status: {
          name: 'orders-src',
          connector: RUNNING,
          tasks: [{ id: 0, ...RUNNING }],
          type: 'source',
        },
      },
    },
  })
  await exchange('GET /connectors?expand=info,status', undefined, {
    status: 200,
    json: { 'orders-src': {} },
  })
  await exchange('GET /connectors?expand[]=status', undefined, {
    status: 200,
    json: ['orders-src'],
  })
})

test('14: pause and resume', async () => {
  await exchange('PUT /connectors/orders-src/pause', undefined, { status: 202 })
  await coordinated('orders-src', 1)
  await reported('orders-src', 0, { state: 'PAUSED' })

  const paused = { ...RUNNING, state: 'PAUSED' }
  await exchange('GET /connectors/orders-src/status', undefined, {
    status: 200,
    json: { name: 'orders-src', connector: paused, tasks: [{ id: 0, ...paused }], type: 'source' },
  })
  await exchange('PUT /connectors/orders-src/resume', undefined, { status: 202 })
})

test('15: restart', async () => {
  await exchange('POST /connectors/orders-src/restart', undefined, { status: 204 })
  const restarting = { ...RUNNING, state: 'RESTARTING' }
  await exchange('POST /connectors/orders-src/restart?includeTasks=true', undefined, {
    status: 202,
    json: {
      name: 'orders-src',
      connector: restarting,
      tasks: [{ id: 0, ...restarting }],
      type: 'source',
    },
  })
  await exchange('POST /connectors/orders-src/tasks/0/restart', undefined, { status: 204 })
  await exchange(
    'POST /connectors/orders-src/tasks/9/restart',
    undefined,
    error(404, 'Unknown task: orders-src-9'),
  )
})

const TRACE = "java.lang.RuntimeException: Table 'shop.no_such_table' doesn't exist\n\tat «…»\n"

test('16: a task that fails leaves its connector RUNNING', async () => {
  await send('PUT', '/connectors/broken/config', SOURCE)
  await coordinated('broken', 1)
  await reported('broken', 0, { state: 'FAILED', trace: TRACE })

  await exchange('GET /connectors/broken/status', undefined, {
    status: 200,
    json: {
      name: 'broken',
      connector: RUNNING,
      tasks: [{ id: 0, ...RUNNING, state: 'FAILED', trace: TRACE }],
      type: 'source',
    },
  })
})

test('17: restarting what failed: the plan still carries the old trace', () =>
  exchange('POST /connectors/broken/restart?includeTasks=true&onlyFailed=true', undefined, {
    status: 202,
    json: {
      name: 'broken',
      connector: RUNNING,
      tasks: [{ id: 0, ...RUNNING, state: 'RESTARTING', trace: TRACE }],
      type: 'source',
    },
  }))

test('18: stop: tasks vanish', async () => {
  await exchange('PUT /connectors/orders-src/stop', undefined, { status: 204 })
  await coordinated('orders-src', 0)

  await exchange('GET /connectors/orders-src/status', undefined, {
    status: 200,
    json: {
      name: 'orders-src',
      connector: { ...RUNNING, state: 'STOPPED' },
      tasks: [],
      type: 'source',
    },
  })
})

test('20: source offsets', async () => {
  const wish = {
    connector: 'orders-src',
    task: 0,
    owner: 'w',
    invocation: 'i',
    generation: 9,
    ttlMs: 1_000,
    invocationEndsAt: 1_000,
  }
  const lease = await worker.stores.leases.take(wish)
  assert.ok('taken' in lease)
  await worker.stores.offsets.commit(lease.taken, [
    { partition: { currentTable: 'orders' }, offset: { position: 3n } },
  ])

  await exchange('GET /connectors/orders-src/offsets', undefined, {
    status: 200,
    json: { offsets: [{ partition: { currentTable: 'orders' }, offset: { position: 3 } }] },
  })
})

test('24: validate answers 200 with the errors inside', async () => {
  const answer = await send('PUT', '/connector-plugins/ExampleSink/config/validate', {
    'connector.class': 'com.github.taven.sink.ExampleSinkConnector',
    name: 'v',
    topics: 'orders',
    'redis.port': 'abc',
  })

  assert.equal(answer.status, 200)
  // This file's answers are read back as JSON of this shape.
  const { configs, ...rest } = answer.json as {
    configs: { definition: { name: string; order_in_group: number } }[]
  }
  assert.deepEqual(rest, {
    name: 'com.github.taven.sink.ExampleSinkConnector',
    error_count: 4,
    groups: ['Common', 'Transforms', 'Predicates', 'Error Handling'],
  })
  assert.equal(configs.length, 28)
  const shown = configs.filter(({ definition }) =>
    ['tasks.max', 'redis.port'].includes(definition.name),
  )
  for (const { definition } of shown) Reflect.deleteProperty(definition, 'order_in_group')
  assert.deepEqual(normal(shown), [
    {
      definition: {
        name: 'tasks.max',
        type: 'INT',
        required: false,
        default_value: '1',
        importance: 'HIGH',
        documentation: '«text»',
        group: 'Common',
        width: 'SHORT',
        display_name: 'Tasks max',
        dependents: [],
        order: 4,
      },
      value: { name: 'tasks.max', value: '1', recommended_values: [], errors: [], visible: true },
    },
    {
      definition: {
        name: 'redis.port',
        type: 'INT',
        required: true,
        default_value: null,
        importance: 'HIGH',
        documentation: '«text»',
        group: null,
        width: 'NONE',
        display_name: 'redis.port',
        dependents: [],
        order: -1,
      },
      value: {
        name: 'redis.port',
        value: null,
        recommended_values: [],
        errors: ['Invalid value abc for configuration redis.port: Not a number of type INT'],
        visible: true,
      },
    },
  ])
})

test('26: three wordings for what is not there', async () => {
  await exchange('DELETE /connectors/orders-src', undefined, { status: 204 })
  for (const [line, message] of [
    ['GET /connectors/orders-src', 'Connector orders-src not found'],
    ['GET /connectors/orders-src/status', 'No status found for connector orders-src'],
    ['PUT /connectors/orders-src/pause', 'Unknown connector orders-src'],
    ['POST /connectors/orders-src/restart', 'Unknown connector: orders-src'],
  ] as const)
    await exchange(line, undefined, error(404, message))
})

after(() => assert.deepEqual(worker.lines, [], 'nobody has to look into any of it'))
