import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConfigKey } from '../../lib/config/config-def.ts'
import { type Converter, converter, predicate, transform } from '../../lib/plugin.ts'
import { examplePlugins, exampleSink, exampleSource } from './example-plugins.ts'
import { restWorker } from './rest-worker.ts'

const SECRET = 'hunter2'

const SOURCE = {
  'connector.class': exampleSource.name,
  'database.url': 'jdbc:mysql://db/shop',
  'database.username': 'app',
  'database.password': SECRET,
  'database.tables': 'orders',
}

const registryConverter: Converter = converter({
  name: 'test.RegistryConverter',
  version: '1',
  doc: 'A converter with a password.',
  config: {
    'auth.password': { type: 'password', importance: 'low', default: '', doc: 'A password.' },
  },
  configure: () => {
    throw new Error('the REST API converts nothing')
  },
})

const SECRETS = {
  ...SOURCE,
  'value.converter': 'test.RegistryConverter',
  'value.converter.auth.password': SECRET,
  'producer.override.sasl.jaas.config': SECRET,
}

test('no answer shows a password: neither the plugin’s, nor a converter’s, nor a client’s', async () => {
  const { send, coordinated, lines } = restWorker({
    plugins: [...examplePlugins, registryConverter],
  })

  const answers = [await send('POST', '/connectors', { name: 'c', config: SECRETS })]
  await coordinated('c', 1)
  answers.push(
    await send('PUT', '/connectors/c/config', SECRETS),
    await send('GET', '/connectors/c'),
    await send('GET', '/connectors/c/config'),
    await send('GET', '/connectors/c/tasks'),
    await send('GET', '/connectors?expand=info&expand=status'),
    await send('PUT', '/connector-plugins/ExampleSource/config/validate', SECRETS),
  )

  for (const { status, body } of answers) {
    assert.ok(status === 200 || status === 201, body)
    assert.doesNotMatch(body, /hunter2/)
    assert.match(body, /\[hidden\]/)
  }
  assert.deepEqual(lines, [])
})

const config = {
  key: { type: 'password', importance: 'low', default: '', doc: 'A password.' },
} as const

const encrypting = [
  transform({
    name: 'test.Encrypt',
    version: '1',
    doc: 'A transform with a password.',
    config,
    configure: () => {
      throw new Error('the REST API transforms nothing')
    },
  }),
  predicate({
    name: 'test.IsSigned',
    version: '1',
    doc: 'A predicate with a password.',
    config,
    configure: () => {
      throw new Error('the REST API tests nothing')
    },
  }),
]

test('passwords of transforms and predicates are hidden, also under aliases that no list names', async () => {
  const { send } = restWorker({ plugins: [...examplePlugins, ...encrypting] })
  const chain = {
    ...SOURCE,
    transforms: 'a',
    'transforms.a.type': 'Encrypt',
    'transforms.a.key': SECRET,
    'transforms.b.type': 'test.Encrypt',
    'transforms.b.key': SECRET,
    predicates: 'p',
    'predicates.p.type': 'IsSigned',
    'predicates.p.key': SECRET,
  }

  const answers = [
    await send('PUT', '/connectors/c/config', chain),
    await send('GET', '/connectors/c/config'),
    await send('PUT', '/connector-plugins/ExampleSource/config/validate', chain),
  ]

  for (const { status, body } of answers) {
    assert.ok(status === 200 || status === 201, body)
    assert.doesNotMatch(body, /hunter2/)
  }
})

test('a transform whose plugin is gone still shows no password', async () => {
  const worker = restWorker({ plugins: [...examplePlugins, ...encrypting] })
  await worker.send('PUT', '/connectors/c/config', SOURCE)
  const row = await worker.stores.configs.get('c')
  assert.ok(row)
  const config = { ...row.config, 'transforms.a.type': 'Gone', 'transforms.a.key': SECRET }
  await worker.stores.configs.put({ ...row, config }, row.revision)

  const { body } = await worker.send('GET', '/connectors/c/config')

  assert.doesNotMatch(body, /hunter2/)
})

test('an empty password is shown like any other', async () => {
  const { send } = restWorker()
  await send('PUT', '/connectors/c/config', { ...SOURCE, 'database.password': '' })

  const { json } = await send('GET', '/connectors/c/config')

  assert.equal((json as { 'database.password': string })['database.password'], '[hidden]')
})

test('a key that only sounds like a password is shown', async () => {
  const { send } = restWorker()
  await send('PUT', '/connectors/c/config', { ...SOURCE, 'my.password': 'x' })

  const { json } = await send('GET', '/connectors/c/config')

  assert.equal((json as { 'my.password': string })['my.password'], 'x')
})

test('a config that comes back with the mask keeps the password that is stored', async () => {
  const { send, stores } = restWorker()
  await send('PUT', '/connectors/c/config', SOURCE)
  const shown = (await send('GET', '/connectors/c/config')).json as object

  const answer = await send('PUT', '/connectors/c/config', { ...shown, note: 'x' })

  assert.equal(answer.status, 200)
  assert.deepEqual((await stores.configs.get('c'))?.config, { ...SOURCE, name: 'c', note: 'x' })
})

test('a new password replaces the one that is stored', async () => {
  const { send, stores } = restWorker()
  await send('PUT', '/connectors/c/config', SOURCE)

  await send('PUT', '/connectors/c/config', { ...SOURCE, 'database.password': 'other' })

  assert.equal((await stores.configs.get('c'))?.config['database.password'], 'other')
})

test('a mask behind which there is nothing is refused, and so does not become the password', async () => {
  const { send, stores } = restWorker()

  for (const [method, path, body] of [
    ['POST', '/connectors', { name: 'c', config: { ...SOURCE, 'database.password': '[hidden]' } }],
    ['PUT', '/connectors/c/config', { ...SOURCE, 'database.password': '[hidden]' }],
  ] as const) {
    const answer = await send(method, path, body)
    assert.equal(answer.status, 400)
    assert.match(
      answer.body,
      /Invalid value \[hidden\] for configuration database\.password: It stands for a stored value, and there is none/,
    )
  }
  assert.deepEqual(await stores.configs.list(), [])
})

test('the password of a deleted connector is not kept for the next of its name', async () => {
  const { send } = restWorker()
  await send('PUT', '/connectors/c/config', SOURCE)
  await send('DELETE', '/connectors/c')

  const answer = await send('PUT', '/connectors/c/config', {
    ...SOURCE,
    'database.password': '[hidden]',
  })

  assert.equal(answer.status, 400)
})

test('a message about a config without a class hides what is a password to any plugin', async () => {
  const { send } = restWorker()

  const answer = await send('POST', '/connectors', {
    name: 'c',
    config: { 'database.password': SECRET, x: 'y' },
  })

  assert.equal(answer.status, 400)
  assert.doesNotMatch(answer.body, /hunter2/)
  assert.match(answer.body, /database\.password=\[hidden\]/)
})

test('a connector whose plugin is gone still shows no password, and is of unknown type', async () => {
  const worker = restWorker()
  await worker.send('PUT', '/connectors/c/config', SOURCE)
  const row = await worker.stores.configs.get('c')
  assert.ok(row)
  await worker.stores.configs.put(
    { ...row, config: { ...row.config, 'connector.class': 'Gone' } },
    row.revision,
  )

  const { body, json } = await worker.send('GET', '/connectors/c')

  assert.equal((json as { type: string }).type, 'unknown')
  assert.doesNotMatch(body, /hunter2/)
})

const SINK = {
  'connector.class': exampleSink.name,
  topics: 't',
  'redis.host': 'cache',
  'redis.port': '6379',
  'redis.database': '0',
  'redis.password': SECRET,
}

const CHAIN = {
  ...SECRETS,
  transforms: 'a',
  'transforms.a.type': 'test.Encrypt',
  'transforms.a.key': SECRET,
  'transforms.b.c.type': 'test.Encrypt',
  'transforms.b.c.key': SECRET,
  predicates: 'p',
  'predicates.p.type': 'test.IsSigned',
  'predicates.p.key': SECRET,
}

const shownSecrets = (config: object) => ({ ...config, ...maskedIn(config) })

const maskedIn = (config: object) =>
  Object.fromEntries(
    Object.entries(config)
      .filter(([, value]) => value === SECRET)
      .map(([key]) => [key, '[hidden]']),
  )

const toSink = { ...SINK, 'redis.password': 'x' }

for (const { title, method, path, body } of [
  { title: 'another class by PATCH', method: 'PATCH', path: 'config', body: toSink },
  {
    title: 'another class by PUT, with masks',
    method: 'PUT',
    path: 'config',
    body: { ...shownSecrets(CHAIN), ...toSink },
  },
  {
    title: 'another converter',
    method: 'PATCH',
    path: 'config',
    body: { 'value.converter': 'org.apache.kafka.connect.json.JsonConverter' },
  },
  { title: 'no converter', method: 'PATCH', path: 'config', body: { 'value.converter': null } },
  {
    title: 'transforms and predicates without types',
    method: 'PATCH',
    path: 'config',
    body: {
      transforms: null,
      predicates: null,
      'transforms.a.type': null,
      'transforms.b.c.type': null,
      'predicates.p.type': null,
    },
  },
  {
    title: 'a transform of another type',
    method: 'PATCH',
    path: 'config',
    body: { 'transforms.a.type': 'test.Copy' },
  },
  { title: 'a roll back', method: 'PUT', path: 'config/history/1', body: undefined },
])
  test(`a stored secret stays one: ${title}`, async () => {
    const copy = transform({
      name: 'test.Copy',
      version: '1',
      doc: 'A transform without a password.',
      config: {},
      configure: () => {
        throw new Error('the REST API transforms nothing')
      },
    })
    const worker = restWorker({
      plugins: [...examplePlugins, registryConverter, ...encrypting, copy],
    })
    const { send, coordinated, stores } = worker
    await send('PUT', '/connectors/c/config', CHAIN)
    if (path !== 'config') await send('PATCH', '/connectors/c/config', toSink)

    const answer = await send(method, `/connectors/c/${path}`, body)
    await coordinated('c', 1)

    assert.equal(answer.status, 200, answer.body)
    assert.equal((await stores.configs.get('c'))?.config['database.password'], SECRET)
    for (const { body } of [
      answer,
      await send('GET', '/connectors/c'),
      await send('GET', '/connectors/c/config'),
      await send('GET', '/connectors/c/tasks'),
      await send('GET', '/connectors/c/config/history'),
      await send('GET', '/connectors/c/config/history/2'),
      await send('GET', '/connectors?expand=info'),
    ])
      assert.doesNotMatch(body, /hunter2/)
  })

test('what is a password nowhere, or in no such place, is shown', async () => {
  const { send } = restWorker({ plugins: [...examplePlugins, registryConverter, ...encrypting] })
  const config = {
    ...SOURCE,
    key: 'a',
    'transforms.key': 'b',
    'predicates.p.keys': 'c',
    'value.converter.key': 'd',
    'other.converter.auth.password': 'e',
    'x.database.password': 'f',
    'transforms.a.auth.password': 'g',
  }

  const { json } = await send('PUT', '/connectors/c/config', config)

  assert.deepEqual((json as { config: object }).config, {
    ...config,
    name: 'c',
    'database.password': '[hidden]',
  })
})

for (const key of [
  { type: 'int', importance: 'low', default: 0, doc: 'A number.' },
  { type: 'string', importance: 'low', default: '', doc: 'A text.', oneOf: ['a'] },
  {
    type: 'list',
    importance: 'low',
    default: [],
    doc: 'A list.',
    refuse: (items) => ({ message: `Nobody knows ${items}` }),
  },
] as const satisfies readonly ConfigKey[])
  test(`a stored secret is in no message either when another class takes it for a ${key.type}`, async () => {
    const strict = transform({
      name: 'test.Strict',
      version: '1',
      doc: 'A transform to which the key is no password.',
      config: { key },
      configure: () => {
        throw new Error('the REST API transforms nothing')
      },
    })
    const { send } = restWorker({
      plugins: [...examplePlugins, registryConverter, ...encrypting, strict],
    })
    await send('PUT', '/connectors/c/config', CHAIN)

    const { status, body } = await send('PATCH', '/connectors/c/config', {
      'transforms.a.type': 'test.Strict',
    })

    assert.equal(status, 400)
    assert.doesNotMatch(body, /hunter2/)
    assert.match(body, /\[hidden\]/)
  })
