import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exampleSource } from './example-plugins.ts'
import { restWorker } from './rest-worker.ts'

type Validated = {
  readonly name: string
  readonly error_count: number
  readonly groups: readonly string[]
  readonly configs: readonly {
    readonly definition: { readonly order: number; readonly order_in_group: number } | null
    readonly value: {
      readonly name: string
      readonly value: string | null
      readonly recommended_values: readonly string[]
      readonly errors: readonly string[]
      readonly visible: boolean
    }
  }[]
}

const VALID = { 'connector.class': 'FileStreamSource', name: 's', topic: 't' }

async function validate(body: object): Promise<Validated> {
  const { json } = await restWorker().send(
    'PUT',
    '/connector-plugins/FileStreamSource/config/validate',
    body,
  )
  return json as Validated
}

test('converters and versions are recommended, and each place in a group has both of its names', async () => {
  const { configs } = await validate({ ...VALID, 'key.converter': 'StringConverter' })

  const recommended = Object.fromEntries(
    configs.map(({ value }) => [value.name, value.recommended_values]),
  )
  assert.deepEqual(recommended['key.converter'], [
    'org.apache.kafka.connect.json.JsonConverter',
    'org.apache.kafka.connect.storage.StringConverter',
  ])
  assert.deepEqual(recommended['connector.plugin.version'], ['4.3.1'])
  assert.deepEqual(recommended['key.converter.plugin.version'], ['4.3.1'])
  assert.ok(configs.every(({ definition }) => definition?.order === definition?.order_in_group))
})

test("a converter's own keys follow with their prefix, and a key with errors counts once", async () => {
  const validated = await validate({
    ...VALID,
    'value.converter': 'JsonConverter',
    'value.converter.schemas.cache.size': 'ten',
  })

  const names = validated.configs.map(({ value }) => value.name)
  assert.ok(names.indexOf('value.converter.schemas.cache.size') > names.indexOf('batch.size'))
  assert.ok(names.includes('value.converter.converter.type'))
  assert.equal(validated.error_count, 1)
  assert.deepEqual(validated.groups.slice(-2).sort(), ['Schemas', 'Serialization'])
})

test('a null value without a declaration is listed first, with no definition', async () => {
  const { configs } = await validate({ ...VALID, note: null })

  assert.deepEqual(configs[0], {
    definition: null,
    value: {
      name: 'note',
      value: null,
      recommended_values: [],
      errors: ['Null value can not be supplied as the configuration value.'],
      visible: true,
    },
  })
})

test('a key called constructor is a key like any other', async () => {
  const { configs } = await validate({ ...VALID, constructor: null, 'key.converter': 'toString' })

  assert.deepEqual(configs[0]?.value.errors, [
    'Null value can not be supplied as the configuration value.',
  ])
  assert.deepEqual(configs.find(({ value }) => value.name === 'key.converter')?.value.errors, [
    'Invalid value toString for configuration key.converter: Class toString could not be found.',
  ])
})

test('the path may be class, simple name or alias, as long as the class ends with it', async () => {
  const { send } = restWorker()
  const full = 'org.apache.kafka.connect.file.FileStreamSourceConnector'
  for (const [path, included, status] of [
    ['FileStreamSource', full, 200],
    ['FileStreamSourceConnector', full, 200],
    [full, full, 200],
    [full, 'FileStreamSource', 400],
  ] as const) {
    const answer = await send('PUT', `/connector-plugins/${path}/config/validate`, {
      ...VALID,
      'connector.class': included,
    })
    assert.equal(answer.status, status, `${path} ${included}`)
  }
})

test('an unknown class is a 500 that lists those there are', async () => {
  const { status, body } = await restWorker().send(
    'PUT',
    '/connector-plugins/Nope/config/validate',
    { 'connector.class': 'Nope' },
  )

  assert.equal(status, 500)
  assert.match(
    body,
    /"org\.apache\.kafka\.connect\.runtime\.rest\.errors\.BadRequestException: Failed to find any class that implements Connector and which name matches Nope, available connectors are: /,
  )
})

test("a connector's settings are its own first, then the framework's", async () => {
  const { send } = restWorker()

  for (const name of ['FileStreamSink', 'org.apache.kafka.connect.file.FileStreamSinkConnector']) {
    const { status, json } = await send('GET', `/connector-plugins/${name}/config`)
    const names = (json as { name: string }[]).map((definition) => definition.name)
    assert.equal(status, 200)
    assert.deepEqual(names.slice(0, 3), ['file', 'name', 'connector.class'])
    assert.ok(names.includes('topics'))
  }
})

test("a converter's settings are its own alone", async () => {
  const { json } = await restWorker().send('GET', '/connector-plugins/StringConverter/config')

  assert.ok((json as { name: string }[]).every(({ name }) => name.startsWith('converter.')))
})

test('converters are listed only when they are asked for', async () => {
  const { send } = restWorker()
  const typesOf = async (path: string) =>
    new Set(((await send('GET', path)).json as { type: string }[]).map(({ type }) => type))

  assert.deepEqual([...(await typesOf('/connector-plugins'))], ['sink', 'source'])
  assert.deepEqual(
    [...(await typesOf('/connector-plugins?connectorsOnly=TRUE'))],
    ['sink', 'source'],
  )
  assert.deepEqual(
    [...(await typesOf('/connector-plugins?connectorsOnly=no'))],
    ['sink', 'source', 'converter', 'header_converter'],
  )
})

test('the keys of automatic restarts are validated and shown to a connector that names one', async () => {
  const { send } = restWorker({ worker: { taskRestarts: { 'task.restart.backoff.ms': '7' } } })
  const validated = async (more: object) => {
    const path = `/connector-plugins/${exampleSource.name}/config/validate`
    const config = { 'connector.class': exampleSource.name, ...more }
    const { configs } = (await send('PUT', path, config)).json as {
      configs: { value: { name: string; value: string; errors: string[] } }[]
    }
    return configs.flatMap(({ value: { name, value, errors } }) =>
      name.startsWith('task.restart.') ? [[name, value, errors]] : [],
    )
  }

  assert.deepEqual(await validated({}), [])
  assert.deepEqual(await validated({ 'task.restart.max': '-2' }), [
    [
      'task.restart.max',
      '-2',
      ['Invalid value -2 for configuration task.restart.max: Value must be at least -1'],
    ],
    ['task.restart.backoff.ms', '7', []],
    ['task.restart.backoff.max.ms', '300000', []],
  ])
})
