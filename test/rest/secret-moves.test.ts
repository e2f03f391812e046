import assert from 'node:assert/strict'
import { test } from 'node:test'
import { converter, sourceConnector } from '../../lib/plugin.ts'
import { pluginsOf } from '../../lib/registry.ts'
import { movedSecrets } from '../../lib/rest/secret-moves.ts'
import { examplePlugins, exampleSource } from './example-plugins.ts'

const about = { importance: 'low', default: '', doc: 'A setting.' } as const

/** Says of no key that secrets go there. */
const silentSource = sourceConnector({
  name: 'test.SilentSourceConnector',
  taskClass: 'test.SilentSourceTask',
  version: '1',
  doc: 'A source of somebody else.',
  config: {
    server: { type: 'string', ...about },
    pages: { type: 'string', ...about },
    token: { type: 'password', ...about },
    pin: { type: 'password', ...about },
  },
  taskConfigs: (_config, _maxTasks, raw) => [raw],
  startTask: () => Promise.reject(new Error('no task starts here')),
})

const registryConverter = converter({
  name: 'test.RegistryConverter',
  version: '1',
  doc: 'A converter with a password.',
  config: {
    'registry.url': { type: 'string', secretsGoHere: true, ...about },
    'cache.size': { type: 'string', ...about },
    'auth.password': { type: 'password', ...about },
  },
  configure: () => {
    throw new Error('nothing is converted here')
  },
})

const plugins = pluginsOf([...examplePlugins, silentSource, registryConverter])

const SILENT = {
  'connector.class': silentSource.name,
  server: 'here',
  pages: '1',
  token: 'secret',
  pin: '1234',
}
const SOURCE = {
  'connector.class': exampleSource.name,
  'database.url': 'jdbc:mysql://db/shop',
  'database.username': 'app',
  'database.password': 'secret',
  'database.tables': 'orders',
  'value.converter': registryConverter.name,
  'value.converter.registry.url': 'http://registry',
  'value.converter.auth.password': 'secret',
  'producer.override.bootstrap.servers': 'kafka:9092',
  'producer.override.sasl.jaas.config': 'secret',
}
const AUTH = 'value.converter.auth.password'
const JAAS = 'producer.override.sasl.jaas.config'

type Changes = Readonly<Record<string, string | null>>

for (const { title, stored, masked, changes, moved } of [
  { title: 'nothing else', stored: SILENT, masked: 'token', changes: {}, moved: [] },
  {
    title: 'another password of a plugin that flags no key',
    stored: SILENT,
    masked: 'token',
    changes: { pin: '9', note: 'x' },
    moved: [],
  },
  {
    title: 'any other key of a plugin that flags no key',
    stored: SILENT,
    masked: 'token',
    changes: { pages: '2' },
    moved: ['pages'],
  },
  {
    title: 'a key of a plugin that flags no key, taken away',
    stored: SILENT,
    masked: 'token',
    changes: { server: null },
    moved: ['server'],
  },
  {
    title: 'a class that is not there',
    stored: SILENT,
    masked: 'token',
    changes: { 'connector.class': 'Gone' },
    moved: ['connector.class'],
  },
  {
    title: 'the simple name of the same class',
    stored: SOURCE,
    masked: 'database.password',
    changes: { 'connector.class': 'ExampleSource', 'database.username': 'x' },
    moved: [],
  },
  {
    title: "the address of a converter is not the connector's",
    stored: SOURCE,
    masked: 'database.password',
    changes: { 'value.converter.registry.url': 'http://evil' },
    moved: [],
  },
  {
    title: 'the address of a converter',
    stored: SOURCE,
    masked: AUTH,
    changes: { 'value.converter.registry.url': 'http://evil' },
    moved: ['value.converter.registry.url'],
  },
  {
    title: 'what is no address of a converter',
    stored: SOURCE,
    masked: AUTH,
    changes: { 'value.converter.cache.size': '7' },
    moved: [],
  },
  {
    title: 'the class of a converter',
    stored: SOURCE,
    masked: AUTH,
    changes: { 'value.converter': 'org.apache.kafka.connect.json.JsonConverter' },
    moved: ['value.converter'],
  },
  {
    title: "the address of the connector, with a converter's mask",
    stored: SOURCE,
    masked: AUTH,
    changes: { 'database.url': 'jdbc:mysql://evil/shop' },
    moved: ['database.url'],
  },
  {
    title: "the servers of a client's override",
    stored: SOURCE,
    masked: JAAS,
    changes: { 'producer.override.bootstrap.servers': 'evil:9092' },
    moved: ['producer.override.bootstrap.servers'],
  },
  {
    title: 'an override more',
    stored: SOURCE,
    masked: JAAS,
    changes: { 'producer.override.sasl.login.callback.handler.class': 'x' },
    moved: ['producer.override.sasl.login.callback.handler.class'],
  },
  {
    title: 'the address, with a key that is no secret as the mask',
    stored: SOURCE,
    masked: 'database.username',
    changes: { 'database.url': 'jdbc:mysql://evil/shop' },
    moved: [],
  },
] as readonly {
  readonly title: string
  readonly stored: Changes
  readonly masked: string
  readonly changes: Changes
  readonly moved: readonly string[]
}[])
  test(`where a secret goes when this is changed: ${title}`, () => {
    const messages = movedSecrets({ ...stored, ...changes, [masked]: '[hidden]' }, stored, plugins)

    const told = moved.length === 0 ? [] : [[masked, `(${moved.join(', ')})`]]
    assert.deepEqual(
      Object.entries(messages).map(([key, [text = '']]) => [key, /\(.*\)/.exec(text)?.[0]]),
      told,
    )
  })
