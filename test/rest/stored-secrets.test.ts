/** What is stored as a secret stays one, whatever the configuration names as classes later. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConfigKey } from '../../lib/config/config-def.ts'
import { transform } from '../../lib/plugin.ts'
import { examplePlugins, exampleSink } from './example-plugins.ts'
import { restWorker } from './rest-worker.ts'
import { CHAIN, encrypting, registryConverter, SECRET, SOURCE } from './secret-plugins.ts'

const SINK = {
  'connector.class': exampleSink.name,
  topics: 't',
  'redis.host': 'cache',
  'redis.port': '6379',
  'redis.database': '0',
  'redis.password': SECRET,
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
