import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConflictError } from '../../lib/errors.ts'
import type { ConfigStore } from '../../lib/ports.ts'
import { exampleSource } from './example-plugins.ts'
import { restWorker } from './rest-worker.ts'

const SOURCE = {
  name: 'c',
  'connector.class': exampleSource.name,
  'database.url': 'jdbc:mysql://db/shop',
  'database.username': 'app',
  'database.password': 'a secret',
  'database.tables': 'orders',
  flag: 'true',
}

async function patching(body: object | string) {
  const worker = restWorker()
  await worker.send('POST', '/connectors', { name: 'c', config: SOURCE })
  await worker.coordinated('c', 1)
  const before = await worker.stores.configs.get('c')
  worker.nudges.length = 0
  const answer = await worker.send('PATCH', '/connectors/c/config', body)
  const row = await worker.stores.configs.get('c')
  return { ...worker, answer, before, row }
}

test('a patch sets what it names, null takes away, the rest stays', async () => {
  const patch = { note: 'y', 'tasks.max': 2, flag: null, nothing: null }
  const { answer, row, before, nudges } = await patching(patch)

  const { flag: _flag, ...rest } = SOURCE
  const config = { ...rest, note: 'y', 'tasks.max': '2' }
  assert.equal(answer.status, 200)
  assert.deepEqual(answer.json, {
    name: 'c',
    config: { ...config, 'database.password': '[hidden]' },
    tasks: [{ connector: 'c', task: 0 }],
    type: 'source',
  })
  assert.deepEqual(row, { ...before, config, version: 2, revision: (before?.revision ?? 0) + 1 })
  assert.deepEqual(nudges, [{ connector: 'c' }])
})

test('a mask keeps the stored secret, another value replaces it', async () => {
  const kept = await patching({ 'database.password': '[hidden]', note: 'y' })
  const replaced = await patching({ 'database.password': 'another' })

  assert.equal(kept.row?.config['database.password'], 'a secret')
  assert.equal(replaced.row?.config['database.password'], 'another')
  assert.doesNotMatch(kept.answer.body + replaced.answer.body, /a secret|another/)
})

test('an empty patch changes nothing but the version', async () => {
  const { answer, row } = await patching({})

  assert.equal(answer.status, 200)
  assert.deepEqual([row?.config, row?.version], [SOURCE, 2])
})

for (const { title, body, status, message } of [
  {
    title: 'null',
    body: 'null',
    status: 500,
    message:
      /^Cannot invoke "java.util.Map.forEach\(java.util.function.BiConsumer\)" because "patch" is null$/,
  },
  {
    title: 'a list',
    body: '[]',
    status: 500,
    message:
      /^Cannot deserialize value of type `java.util.LinkedHashMap<java.lang.String,java.lang/,
  },
  { title: 'half a map', body: '{bad', status: 500, message: /^Unexpected character \('b'/ },
  {
    title: 'a wrong value',
    body: { 'tasks.max': 'x' },
    status: 400,
    message: /contains the following \d error\(s\):\nInvalid value x for configuration tasks.max/,
  },
  {
    title: 'null for a required key',
    body: { 'database.url': null },
    status: 400,
    message: /Missing required configuration "database.url" which has no default value/,
  },
  {
    title: 'another name',
    body: { name: 'other' },
    status: 400,
    message:
      /^Connector name configuration \(other\) doesn't match connector name in the URL \(c\)$/,
  },
])
  test(`a patch of ${title} is ${status} and changes nothing`, async () => {
    const { answer, row, before, nudges } = await patching(body)

    assert.equal(answer.status, status)
    assert.match((answer.json as { message: string }).message, message)
    assert.deepEqual(row, before)
    assert.deepEqual(nudges, [])
  })

test('the name cannot be taken away', async () => {
  const { answer, row } = await patching({ name: null })

  assert.equal(answer.status, 200)
  assert.equal(row?.config.name, 'c')
})

test('a patch of an unknown connector is 404, also a null', async () => {
  const { send } = restWorker()

  for (const body of [{ a: 'b' }, 'null']) {
    const { status, json } = await send('PATCH', '/connectors/nope/config', body)
    assert.deepEqual(
      [status, json],
      [404, { error_code: 404, message: 'Connector nope not found' }],
    )
  }
})

test('a patch that is overtaken is merged into what is there then', async () => {
  let overtake: (() => Promise<unknown>) | undefined
  const { send, stores } = restWorker({
    stores: (kept) => {
      const put: ConfigStore['put'] = async (row, seen) => {
        const first = overtake
        overtake = undefined
        await first?.()
        return kept.configs.put(row, seen)
      }
      return { ...kept, configs: { ...kept.configs, put } }
    },
  })
  await send('POST', '/connectors', { name: 'c', config: SOURCE })
  overtake = () => send('PATCH', '/connectors/c/config', { first: '1', both: 'first' })

  const answer = await send('PATCH', '/connectors/c/config', { second: '2', both: 'second' })

  assert.equal(answer.status, 200)
  const row = await stores.configs.get('c')
  assert.deepEqual(row?.config, { ...SOURCE, first: '1', both: 'second', second: '2' })
  assert.equal(row.version, 3)
})

test('a patch that is overtaken again and again is a 409', async () => {
  const { send } = restWorker({
    stores: (kept) => ({
      ...kept,
      configs: {
        ...kept.configs,
        put: (row, seen) =>
          seen === undefined
            ? kept.configs.put(row, seen)
            : Promise.reject(new ConflictError('changed')),
      },
    }),
  })
  await send('POST', '/connectors', { name: 'c', config: SOURCE })

  assert.equal((await send('PATCH', '/connectors/c/config', {})).status, 409)
})
