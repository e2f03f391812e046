import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConflictError, RetriableError } from '../../lib/errors.ts'
import type { Stores } from '../../lib/store/stores.ts'
import { exampleSink, exampleSource } from './example-plugins.ts'
import { restWorker } from './rest-worker.ts'

const SOURCE = {
  'connector.class': exampleSource.name,
  'tasks.max': '1',
  'database.url': 'jdbc:mysql://db/shop',
  'database.username': 'app',
  'database.password': 'app',
  'database.tables': 'orders',
}
const SHOWN = { ...SOURCE, 'database.password': '[hidden]' }

const at = (column: number): string =>
  `\n at [Source: REDACTED (\`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION\` disabled); line: 1, column: ${column}]`
const CREATE = 'org.apache.kafka.connect.runtime.rest.entities.CreateConnectorRequest'

for (const { title, body, status, message } of [
  {
    title: 'no body',
    body: undefined,
    status: 500,
    message: `Cannot invoke "${CREATE}.name()" because "createRequest" is null`,
  },
  {
    title: 'an empty body',
    body: '',
    status: 500,
    message: `Cannot invoke "${CREATE}.name()" because "createRequest" is null`,
  },
  {
    title: 'null',
    body: 'null',
    status: 500,
    message: `Cannot invoke "${CREATE}.name()" because "createRequest" is null`,
  },
  {
    title: 'no config',
    body: '{"name":"a"}',
    status: 500,
    message: 'Cannot invoke "java.util.Map.get(Object)" because "connectorConfig" is null',
  },
  {
    title: 'an unknown field',
    body: '{"name":"a","config":{},"foo":1}',
    status: 500,
    message: `Unrecognized field "foo" (class ${CREATE}), not marked as ignorable (3 known properties: "config", "name", "initial_state")${at(33)} (through reference chain: ${CREATE}["foo"])`,
  },
  {
    title: 'an initial state that is none',
    body: '{"name":"a","config":{},"initial_state":"banana"}',
    status: 500,
    message: `Cannot construct instance of \`${CREATE}$InitialState\`, problem: No enum constant ${CREATE}.InitialState.BANANA${at(41)} (through reference chain: ${CREATE}["initial_state"])`,
  },
  {
    title: 'a config value that is an array',
    body: '{"name":"a","config":{"topics":["x"]}}',
    status: 500,
    message: `Cannot deserialize value of type \`java.lang.String\` from Array value (token \`JsonToken.START_ARRAY\`)${at(32)} (through reference chain: ${CREATE}["config"]->java.util.LinkedHashMap["topics"])`,
  },
  {
    title: 'a list in place of the request',
    body: '[]',
    status: 500,
    message: `Cannot deserialize value of type \`${CREATE}\` from Array value (token \`JsonToken.START_ARRAY\`)${at(1)}`,
  },
  {
    title: 'no connector class',
    body: '{"name":"a","config":{}}',
    status: 400,
    message: 'Connector config {name=a} contains no connector type',
  },
  {
    title: 'a config with the name alone',
    body: '{"config":{"name":"a"}}',
    status: 400,
    message: "Connector name configuration (a) doesn't match connector name in the URL ()",
  },
]) {
  test(`creating a connector with ${title} is ${status}`, async () => {
    const { send, nudges, lines } = restWorker()

    const answer = await send('POST', '/connectors', body, { 'content-type': 'application/json' })

    assert.equal(answer.status, status)
    assert.deepEqual(answer.json, { error_code: status, message })
    assert.deepEqual([nudges, lines], [[], []])
  })
}

const invalid = (...messages: readonly string[]): string =>
  [
    `Connector configuration is invalid and contains the following ${messages.length} error(s):`,
    ...messages,
    'You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`',
  ].join('\n')

for (const { title, name, config, messages } of [
  {
    title: 'a blank name',
    name: '  ',
    config: SOURCE,
    messages: ['Invalid value  for configuration name: String may not be empty'],
  },
  {
    title: 'a control character in its name',
    name: 'a\u0001b',
    config: SOURCE,
    messages: [
      'Invalid value a\u0001b for configuration name: String may not contain control sequences but had the following ASCII chars: 1',
    ],
  },
  {
    title: 'null for a key of the framework',
    name: 'a',
    config: { ...SOURCE, 'tasks.max': null },
    messages: [
      'Invalid value null for configuration tasks.max: Value must be non-null',
      'Null value can not be supplied as the configuration value.',
    ],
  },
  {
    title: 'null for a key that nobody declares, which comes first',
    name: '',
    config: { ...SOURCE, note: null },
    messages: [
      'Null value can not be supplied as the configuration value.',
      'Invalid value  for configuration name: String may not be empty',
    ],
  },
  {
    title: "what the connector's own check refuses",
    name: 'a',
    config: { ...SOURCE, 'database.tables': 'no such table' },
    messages: ['No such table: no such table'],
  },
  {
    title: 'transforms of which one is not there and one has no type',
    name: 'a',
    config: { ...SOURCE, transforms: 'a, b', 'transforms.a.type': 'Nope' },
    messages: [
      'Invalid value Nope for configuration transforms.a.type: Class Nope could not be found.',
      'Missing required configuration "transforms.b.type" which has no default value.',
    ],
  },
  {
    title: 'a class that is no header converter',
    name: 'a',
    config: { ...SOURCE, 'header.converter': 'java.lang.String' },
    messages: ['Class class java.lang.String does not implement the HeaderConverter interface'],
  },
  {
    title: 'exactly-once delivery required, which is not there yet',
    name: 'a',
    config: { ...SOURCE, 'exactly.once.support': 'required' },
    messages: ['This worker does not have exactly-once source support enabled.'],
  },
  {
    title: 'a converter that is not there',
    name: 'a',
    config: { ...SOURCE, 'key.converter': 'nope' },
    messages: [
      'Invalid value nope for configuration key.converter: Class nope could not be found.',
    ],
  },
  {
    title: "a wrong setting of the connector's own converter",
    name: 'a',
    config: {
      ...SOURCE,
      'value.converter': 'JsonConverter',
      'value.converter.schemas.enable': 'maybe',
    },
    messages: [
      'Invalid value maybe for configuration schemas.enable: Expected value to be either true or false',
    ],
  },
]) {
  test(`creating a connector with ${title} is 400 with every message`, async () => {
    const { send, stores } = restWorker()

    const answer = await send('POST', '/connectors', { name, config })

    assert.equal(answer.status, 400)
    assert.deepEqual(answer.json, { error_code: 400, message: invalid(...messages) })
    assert.deepEqual(await stores.configs.list(), [])
  })
}

test('topics by pattern are refused by name while they are not there yet, a dead letter queue is not', async () => {
  const sink = {
    'connector.class': exampleSink.name,
    'redis.host': 'h',
    'redis.port': 1,
    'redis.database': 0,
    'redis.password': '',
  }
  const { send } = restWorker()

  const [dlq, pattern] = [
    await send('PUT', '/connectors/k/config', {
      ...sink,
      topics: 'a',
      'errors.deadletterqueue.topic.name': 'dlq',
    }),
    await send('PUT', '/connectors/k/config', { ...sink, 'topics.regex': 'a.*' }),
  ]

  assert.equal(dlq.status, 201)
  assert.equal(pattern.status, 400)
  assert.match(
    pattern.body,
    /a\.\* for configuration topics\.regex: Topics by pattern are not supported yet/,
  )
})

test('validation comes before the question whether the connector exists', async () => {
  const { send } = restWorker()
  await send('POST', '/connectors', { name: 'c', config: SOURCE })

  const answer = await send('POST', '/connectors', {
    name: 'c',
    config: { ...SOURCE, 'tasks.max': 0 },
  })

  assert.equal(answer.status, 400)
  assert.match(
    answer.body,
    /Invalid value 0 for configuration tasks\.max: Value must be at least 1/,
  )
})

test('a name is trimmed, and numbers and booleans in the config become text', async () => {
  const { send, stores, nudges } = restWorker()

  const answer = await send('POST', '/connectors', {
    name: ' c\t',
    config: { ...SOURCE, 'tasks.max': 3, 'errors.log.enable': true },
  })

  assert.equal(answer.status, 201)
  assert.deepEqual((await stores.configs.get('c'))?.config, {
    ...SOURCE,
    'tasks.max': '3',
    'errors.log.enable': 'true',
    name: 'c',
  })
  assert.deepEqual(nudges, [{ connector: 'c' }])
})

for (const [sent, state] of [
  ['stopped', 'STOPPED'],
  ['Paused', 'PAUSED'],
  ['RUNNING', 'RUNNING'],
  [null, 'RUNNING'],
  [undefined, 'RUNNING'],
] as const) {
  test(`initial_state ${sent} is ${state}`, async () => {
    const { send, stores } = restWorker()

    const answer = await send('POST', '/connectors', {
      name: 'c',
      config: SOURCE,
      initial_state: sent,
    })

    assert.equal(answer.status, 201)
    assert.equal((await stores.configs.target('c'))?.targetState, state)
  })
}

test('an unknown key is no error, and stays as it was sent', async () => {
  const { send } = restWorker()

  await send('POST', '/connectors', { name: 'c', config: { ...SOURCE, ' my key': ' x ' } })

  assert.deepEqual((await send('GET', '/connectors/c/config')).json, {
    ...SHOWN,
    ' my key': ' x ',
    name: 'c',
  })
})

test('a config too large to be stored is a 400 that says so', async () => {
  const { send } = restWorker()

  const answer = await send('POST', '/connectors', {
    name: 'c',
    config: { ...SOURCE, note: 'x'.repeat(310_000) },
  })

  assert.equal(answer.status, 400)
  assert.match(answer.body, /The configuration of connector c takes 310\d{3} bytes/)
})

test('two creates of one name at once make one connector', async () => {
  const { send } = restWorker()

  const answers = await Promise.all(
    [1, 2].map(() => send('POST', '/connectors', { name: 'c', config: SOURCE })),
  )

  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409])
  assert.match(answers.map(({ body }) => body).join(), /Connector c already exists/)
})

test('PUT creates a connector that is not there, with 201 and Location', async () => {
  const { send, nudges } = restWorker()

  const answer = await send('PUT', '/connectors/a%20b/config', SOURCE)

  assert.equal(answer.status, 201)
  assert.equal(answer.headers.location, 'http://connect.test:8083/connectors/a%20b')
  assert.deepEqual(answer.json, {
    name: 'a b',
    config: { ...SHOWN, name: 'a b' },
    tasks: [],
    type: 'source',
  })
  assert.deepEqual(nudges, [{ connector: 'a b' }])
})

test('PUT keeps target state and restarts, and raises the version', async () => {
  const { send, stores, coordinated } = restWorker()
  await send('PUT', '/connectors/c/config', SOURCE)
  await coordinated('c', 2)
  await send('POST', '/connectors/c/restart')
  await send('POST', '/connectors/c/tasks/1/restart')
  await send('PUT', '/connectors/c/pause')
  const before = await stores.configs.get('c')

  const answer = await send('PUT', '/connectors/c/config', { ...SOURCE, note: 'x' })

  assert.equal(answer.status, 200)
  assert.equal(answer.headers.location, undefined)
  assert.deepEqual((answer.json as { tasks: unknown }).tasks, [
    { connector: 'c', task: 0 },
    { connector: 'c', task: 1 },
  ])
  const after = await stores.configs.get('c')
  assert.equal(after?.version, (before?.version ?? 0) + 1)
  assert.equal(after?.targetState, 'PAUSED')
  assert.deepEqual(after?.restarts, { connector: 1, tasks: { '1': 1 } })
})

test('PUT may change a source into a sink', async () => {
  const { send } = restWorker()
  await send('PUT', '/connectors/c/config', SOURCE)

  const answer = await send('PUT', '/connectors/c/config', {
    'connector.class': 'FileStreamSink',
    topics: 'a',
  })

  assert.equal(answer.status, 200)
  assert.equal((answer.json as { type: string }).type, 'sink')
})

for (const { title, body, status, message } of [
  {
    title: 'another name',
    body: { ...SOURCE, name: 'b' },
    status: 400,
    message: "Connector name configuration (b) doesn't match connector name in the URL (a)",
  },
  {
    title: 'no body',
    body: undefined,
    status: 500,
    message: 'Cannot invoke "java.util.Map.get(Object)" because "connectorConfig" is null',
  },
]) {
  test(`PUT with ${title} is ${status}`, async () => {
    const answer = await restWorker().send('PUT', '/connectors/a/config', body)

    assert.deepEqual(answer.json, { error_code: status, message })
    assert.equal(answer.status, status)
  })
}

for (const line of [
  'GET /connectors/nope',
  'GET /connectors/nope/config',
  'GET /connectors/nope/tasks',
  'GET /connectors/nope/offsets',
  'DELETE /connectors/nope',
]) {
  test(`${line} is 404`, async () => {
    const [method = '', path = ''] = line.split(' ')
    const answer = await restWorker().send(method, path)

    assert.equal(answer.status, 404)
    assert.deepEqual(answer.json, { error_code: 404, message: 'Connector nope not found' })
  })
}

test('a deleted connector is gone for every reader before the coordinator has cleared it away', async () => {
  const { send, stores, coordinated, reported, nudges } = restWorker()
  await send('PUT', '/connectors/c/config', SOURCE)
  await coordinated('c', 1)
  await reported('c', 0, { state: 'RUNNING' })

  const answer = await send('DELETE', '/connectors/c')

  assert.equal(answer.status, 204)
  assert.deepEqual(nudges.at(-1), { connector: 'c' })
  assert.deepEqual(await stores.configs.listDeleted(), ['c'])
  assert.deepEqual((await send('GET', '/connectors')).json, [])
  assert.deepEqual((await send('GET', '/connectors?expand=info')).json, {})
  for (const line of [
    'GET /connectors/c',
    'GET /connectors/c/config',
    'GET /connectors/c/status',
    'GET /connectors/c/tasks',
    'GET /connectors/c/tasks/0/status',
    'GET /connectors/c/offsets',
    'PUT /connectors/c/pause',
    'PUT /connectors/c/resume',
    'PUT /connectors/c/stop',
    'POST /connectors/c/restart',
    'POST /connectors/c/restart?includeTasks=true',
    'POST /connectors/c/tasks/0/restart',
    'DELETE /connectors/c',
  ]) {
    const [method = '', path = ''] = line.split(' ')
    assert.equal((await send(method, path)).status, 404, line)
  }
})

test('a connector made anew over one that is not cleared away yet starts with a clean slate', async () => {
  const { send, stores, coordinated, reported } = restWorker()
  await send('PUT', '/connectors/c/config', SOURCE)
  await coordinated('c', 2)
  await reported('c', 1, { state: 'FAILED', trace: 'boom\n' })
  await send('POST', '/connectors/c/tasks/1/restart')
  await reported('c', 1, { state: 'FAILED', trace: 'boom\n' })
  await send('PUT', '/connectors/c/stop')
  const old = await stores.configs.get('c')
  await send('DELETE', '/connectors/c')

  const created = await send('POST', '/connectors', { name: 'c', config: SOURCE })

  assert.equal(created.status, 201)
  assert.deepEqual((created.json as { tasks: unknown }).tasks, [])
  const row = await stores.configs.get('c')
  assert.equal(row?.version, (old?.version ?? 0) + 1)
  assert.equal(row?.targetState, 'RUNNING')
  assert.equal(row?.deleted, false)
  assert.deepEqual(row?.restarts, { connector: 1, tasks: { '0': 1, '1': 2 } })
  // The old failure gives way, even while the task set is the old one.
  await reported('c', 1, { state: 'RUNNING' })
  assert.equal((await stores.statuses.get('c', 1))?.state, 'RUNNING')
})

test('an alias of two connectors is a 400 that names them, and the class name still means one', async () => {
  const twin = { ...exampleSource, name: 'org.example.ExampleSourceConnector' }
  const { send } = restWorker({ plugins: [exampleSource, twin] })

  const [alias, full] = [
    await send('PUT', '/connectors/c/config', { ...SOURCE, 'connector.class': 'ExampleSource' }),
    await send('PUT', '/connectors/c/config', { ...SOURCE, 'connector.class': twin.name }),
  ]

  assert.equal(alias.status, 400)
  assert.match(
    alias.body,
    /More than one connector matches alias ExampleSource\. Please use full package and class name instead\. Classes found: com\.github\.taven\.source\.ExampleSourceConnector, org\.example\.ExampleSourceConnector/,
  )
  assert.equal(full.status, 201)
})

test('a converter that only the worker names is not validated for its connectors', async () => {
  const { send } = restWorker()

  const answer = await send('PUT', '/connectors/c/config', {
    ...SOURCE,
    'value.converter.schemas.enable': 'maybe',
  })

  assert.equal(answer.status, 201)
})

const losingRaces = (times: number) => {
  let left = times
  return (stores: Stores): Stores => ({
    ...stores,
    configs: {
      ...stores.configs,
      async put(row, seen) {
        if (left-- > 0) throw new ConflictError('somebody else was first')
        return stores.configs.put(row, seen)
      },
    },
  })
}

test('a change that is overtaken is made again on what is there then', async () => {
  const { send, stores } = restWorker({ stores: losingRaces(3) })

  assert.equal((await send('PUT', '/connectors/c/config', SOURCE)).status, 201)
  assert.equal((await stores.configs.get('c'))?.version, 1)
})

test('a change that is overtaken again and again is a 409 that clients repeat', async () => {
  const { send, nudges } = restWorker({ stores: losingRaces(Number.POSITIVE_INFINITY) })

  const answer = await send('PUT', '/connectors/c/config', SOURCE)

  assert.equal(answer.status, 409)
  assert.deepEqual(answer.json, {
    error_code: 409,
    message:
      'Cannot complete request momentarily due to stale configuration (typically caused by a concurrent config change)',
  })
  assert.deepEqual(nudges, [])
})

test('a create that loses its race against another create says that it exists', async () => {
  const worker = restWorker({
    stores: (stores) => ({
      ...stores,
      configs: {
        ...stores.configs,
        async put(row, seen) {
          if (seen === undefined && !(await stores.configs.get(row.name)))
            await stores.configs.put(
              { ...row, config: { ...row.config, by: 'another' } },
              undefined,
            )
          return stores.configs.put(row, seen)
        },
      },
    }),
  })

  const answer = await worker.send('POST', '/connectors', { name: 'c', config: SOURCE })

  assert.equal(answer.status, 409)
  assert.match(answer.body, /"Connector c already exists"/)
  assert.equal((await worker.stores.configs.get('c'))?.config.by, 'another')
})

test('a store that is overloaded is a 409 that clients repeat, and a line for the operator', async () => {
  const { send, lines } = restWorker({
    stores: (stores) => ({
      ...stores,
      connectors: { view: () => Promise.reject(new RetriableError('the table is throttled')) },
    }),
  })

  const answer = await send('GET', '/connectors/c')

  assert.deepEqual(answer.json, { error_code: 409, message: 'the table is throttled' })
  assert.equal(lines.length, 1)
})

test('a nudge that fails is a warning, and the change stands', async () => {
  const { send, api, lines, stores } = restWorker()
  api.ports.invoker.coordinator = () => Promise.reject(new Error('throttled'))

  const answer = await send('POST', '/connectors', { name: 'c', config: SOURCE })

  assert.equal(answer.status, 201)
  assert.ok(await stores.configs.get('c'))
  assert.deepEqual(lines, [
    {
      level: 'warn',
      message: 'Nudging the coordinator failed, its next tick goes on from there: throttled',
    },
  ])
})
