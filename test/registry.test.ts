import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { examplesByPlugin } from '../infra/docs/examples.ts'
import { localPlugins } from '../lib/local/plugins.ts'
import { converter, type Plugin } from '../lib/plugin.ts'
import { plugins, pluginsOf } from '../lib/registry.ts'

const root = new URL('../', import.meta.url)
const { all } = localPlugins

const isPlugin = (one: unknown): one is Plugin =>
  typeof one === 'object' && one !== null && 'kind' in one && 'config' in one && 'name' in one

const files = globSync('lib/{connectors,converters,transforms,predicates}/**/*.ts', {
  cwd: fileURLToPath(root),
})

for (const file of files)
  test(`${file}: every plugin it exports is registered`, async () => {
    const exported: Readonly<Record<string, unknown>> = await import(new URL(file, root).href)

    const missing = Object.values(exported)
      .flat()
      .filter((one) => isPlugin(one) && !all.includes(one))
      .map((one) => (one as Plugin).name)

    assert.deepEqual(missing, [], `add it to PLUGINS in lib/registry.ts: ${missing}`)
  })

// One that needs something of its process is made by a function; then its file's name tells which it is.
const connectorFiles = globSync('lib/connectors/{*.ts,*/index.ts}', { cwd: fileURLToPath(root) })

for (const file of connectorFiles)
  test(`${file}: the connector that it is named after is registered`, () => {
    const name = basename(file) === 'index.ts' ? basename(dirname(file)) : basename(file, '.ts')
    const simpleNames = all.map((plugin) =>
      kebab(plugin.name.slice(plugin.name.lastIndexOf('.') + 1)),
    )

    assert.ok(
      simpleNames.includes(`${name}-connector`),
      'add it to PLUGINS in lib/registry.ts or, for one machine alone, to lib/local/plugins.ts',
    )
  })

const kebab = (name: string): string =>
  name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase()

test('there are plugins of each kind', () => {
  const kinds = new Set(all.map(({ kind }) => kind))

  assert.deepEqual([...kinds].sort(), ['converter', 'predicate', 'sink', 'source', 'transform'])
  assert.ok(connectorFiles.length >= 4)
})

test('every plugin and each of its keys is documented', () => {
  const silent = all.flatMap(({ name, doc, config }) => [
    ...(doc.trim() === '' ? [name] : []),
    ...Object.entries(config)
      .filter(([, key]) => key.doc.trim() === '')
      .map(([key]) => `${name} ${key}`),
  ])

  assert.deepEqual(silent, [], 'give it a doc')
})

test('every transform and predicate has examples', async () => {
  const examples = await examplesByPlugin(all)
  const bare = all
    .filter(({ kind }) => kind === 'transform' || kind === 'predicate')
    .filter(({ name }) => !examples.get(name)?.length)

  assert.deepEqual(
    bare.map(({ name }) => name),
    [],
    'export examples from its file',
  )
})

test('a class name is one plugin’s', () => {
  const [first] = all
  assert.ok(first)
  const same = converter({
    name: first.name,
    version: '1',
    doc: 'Another.',
    config: {},
    configure: () => assert.fail('nothing is converted'),
  })

  assert.equal(new Set(all.map(({ name }) => name)).size, all.length)
  assert.throws(() => pluginsOf([...all, same]), {
    name: 'ConnectException',
    message: `There are two plugins of the class ${first.name}`,
  })
})

test('connectors of files and standard streams are for one machine: the others are deployed', () => {
  const local = all.filter((plugin) => !plugins.all.includes(plugin)).map(({ name }) => name)

  assert.deepEqual(local.sort(), [
    'org.apache.kafka.connect.file.FileStreamSinkConnector',
    'org.apache.kafka.connect.file.FileStreamSourceConnector',
  ])
})

for (const name of [
  'FileStreamSource',
  'FileStreamSourceConnector',
  'org.apache.kafka.connect.file.FileStreamSourceConnector',
])
  test(`a connector is found as ${name}`, () => {
    assert.equal(
      localPlugins.connector(name).taskClass,
      'org.apache.kafka.connect.file.FileStreamSourceTask',
    )
  })
