import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConnectorFile, refuseTwice } from '../../lib/local/connector-file.ts'

const config = { name: 'c', 'connector.class': 'FileStreamSource', topic: 't', 'tasks.max': '1' }
const without = ({ name: _, ...rest }: typeof config) => rest

for (const { title, path = 'c.json', text, state = 'RUNNING' } of [
  {
    title: 'properties',
    path: 'c.properties',
    text: '# one\nname = c\nconnector.class=FileStreamSource\ntopic: t\ntasks.max=1\n',
  },
  { title: 'a bare configuration', text: JSON.stringify({ ...config, 'tasks.max': 1 }) },
  { title: 'name and config', text: JSON.stringify({ name: 'c', config: without(config) }) },
  { title: 'name and a config with the name', text: JSON.stringify({ name: 'c', config }) },
  {
    title: 'name, config and initial_state',
    text: JSON.stringify({ name: 'c', config, initial_state: 'stopped' }),
    state: 'STOPPED',
  },
  { title: 'members that nobody knows', text: JSON.stringify({ name: 'c', config, more: 1 }) },
  { title: 'JSON in a file of any name', path: 'c.config', text: ` ${JSON.stringify(config)}` },
])
  test(`understood: ${title}`, () => {
    const file = readConnectorFile(path, text)

    assert.deepEqual(file, { path, name: 'c', config, initialState: state })
  })

for (const { title, path = 'c.json', text, says } of [
  {
    title: 'no name',
    text: '{"topic":"t"}',
    says: "is missing the mandatory 'name' configuration",
  },
  {
    title: 'no name among properties',
    path: 'c.properties',
    text: 'topic=t',
    says: "is missing the mandatory 'name' configuration",
  },
  {
    title: 'a config without a name anywhere',
    text: '{"config":{"topic":"t"}}',
    says: "is missing the mandatory 'name' configuration",
  },
  {
    title: 'two names',
    text: '{"name":"a","config":{"name":"b"}}',
    says: 'has the name a, which its config does not match: name=b',
  },
  { title: 'an array', text: '[1]', says: 'is no JSON object' },
  { title: 'half of it', text: '{"name":"c","config":{', says: 'Unexpected end-of-input' },
  {
    title: 'a value that is no text',
    text: '{"name":"c","config":{"topic":{}}}',
    says: 'LinkedHashMap["topic"]',
  },
  {
    title: 'an unknown initial state',
    text: '{"name":"c","config":{},"initial_state":"FOO"}',
    says: 'InitialState.FOO',
  },
])
  test(`refused by its file's name: ${title}`, () => {
    assert.throws(
      () => readConnectorFile(path, text),
      ({ message }: Error) =>
        message.startsWith(`Connector configuration at '${path}' `) && message.includes(says),
    )
  })

test('two files of one name are refused, both named', () => {
  const files = ['one.json', 'two.json'].map((path) =>
    readConnectorFile(path, JSON.stringify(config)),
  )

  assert.throws(
    () => refuseTwice(files),
    /'two\.json' has the name c, as has the one at 'one\.json'/,
  )
})
