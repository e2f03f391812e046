import assert from 'node:assert/strict'
import { test } from 'node:test'
import { examplePlugins } from './example-plugins.ts'
import { restWorker } from './rest-worker.ts'
import { encrypting, registryConverter, SECRET, SECRETS, SOURCE } from './secret-plugins.ts'

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
