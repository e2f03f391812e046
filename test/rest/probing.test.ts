import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RetriableError } from '../../lib/errors.ts'
import { sourceConnector } from '../../lib/plugin.ts'
import type { Ask } from '../../lib/ports.ts'
import { exampleSource as declared, examplePlugins } from './example-plugins.ts'
import { restWorker } from './rest-worker.ts'

const probedSource = sourceConnector({
  ...declared,
  name: 'test.Probed',
  probe: () => Promise.reject(new Error('the REST API connects nowhere')),
})

const CONFIG = {
  'connector.class': 'test.Probed',
  name: 'c',
  'database.url': 'jdbc:mysql://db:3306/shop',
  'database.username': 'joe',
  'database.password': 'secret',
  'database.tables': 'orders',
}
const PATH = '/connector-plugins/test.Probed/config/validate'

type Shown = {
  readonly error_count: number
  readonly configs: readonly {
    readonly value: { readonly name: string; readonly errors: string[] }
  }[]
}

/** A worker whose source function finds what it is given to find; and the questions that it was asked. */
function worker(find: Ask['source']) {
  const asked: unknown[] = []
  const ask: Ask = {
    source: (what, question) => {
      asked.push(question)
      return find(what, question)
    },
    sink: () => Promise.reject(new Error('a source is no matter of the sink function')),
  }
  const rest = restWorker({ plugins: [...examplePlugins, probedSource], ask })
  const validate = async (changes: Readonly<Record<string, string | null>> = {}) => {
    const answer = await rest.send('PUT', PATH, { ...CONFIG, ...changes })
    assert.equal(answer.status, 200, answer.body)
    const { error_count, configs } = answer.json as Shown
    const errors = configs.flatMap(({ value }) => value.errors.map((text) => [value.name, text]))
    return { error_count, errors }
  }
  return { ...rest, asked, validate }
}

const finding = (messages: Readonly<Record<string, readonly string[]>>) =>
  (async () => ({ messages })) as Ask['source']

test('what the servers find is said at the keys it lies in, and counted', async () => {
  const { validate, asked } = worker(
    finding({ 'database.username': ['Access denied'], 'database.password': ['Access denied'] }),
  )

  assert.deepEqual(await validate(), {
    error_count: 2,
    errors: [
      ['database.username', 'Access denied'],
      ['database.password', 'Access denied'],
    ],
  })
  assert.deepEqual(asked, [{ config: CONFIG }])
})

test('nothing found is nothing said', async () => {
  assert.deepEqual(await worker(finding({})).validate(), { error_count: 0, errors: [] })
})

test('no server is asked about what is wrong by itself', async () => {
  const { validate, asked } = worker(finding({}))

  const { errors } = await validate({ 'database.url': null, 'tasks.max': 'many' })

  assert.ok(errors.length > 0)
  assert.deepEqual(asked, [])
})

test('a function that cannot be asked is a message, beside what is known', async () => {
  const { validate, lines } = worker(() =>
    Promise.reject(new RetriableError('source did not answer within 18000 ms')),
  )

  assert.deepEqual(await validate(), {
    error_count: 1,
    errors: [
      ['connector.class', 'Its servers could not be asked: source did not answer within 18000 ms'],
    ],
  })
  assert.equal(lines.length, 1)
})

test('making and changing a connector connects nowhere: it may be there before its database', async () => {
  const { send, asked } = worker(finding({ 'database.url': ['nobody is there'] }))

  const made = await send('POST', '/connectors', { name: 'c', config: CONFIG })
  const changed = await send('PUT', '/connectors/c/config', { ...CONFIG, 'database.tables': 'x' })

  assert.deepEqual([made.status, changed.status], [201, 200])
  assert.deepEqual(asked, [])
})

test('a mask stands for the stored value of the connector of that name; with nothing behind it no server is asked', async () => {
  const { send, validate, asked } = worker(finding({}))
  await send('POST', '/connectors', { name: 'c', config: CONFIG })

  await validate({ 'database.password': '[hidden]' })
  await validate({ 'database.password': '[hidden]', name: 'another' })

  assert.deepEqual(asked, [{ config: CONFIG }])
})

const MASKED = { 'database.password': '[hidden]' }
const movedBy = (...keys: string[]) =>
  `Invalid value [hidden] for configuration database.password: It stands for a stored value, and that is for another address (${keys.join(', ')}): the password has to be given again`

test('a stored password is sent to no other address than its own', async () => {
  const { send, validate, asked, lines } = worker(finding({}))
  await send('POST', '/connectors', { name: 'c', config: CONFIG })

  const { error_count, errors } = await validate({
    ...MASKED,
    'database.url': 'jdbc:mysql://evil:3306/shop',
  })

  assert.deepEqual([error_count, errors], [1, [['database.password', movedBy('database.url')]]])
  assert.deepEqual([asked, lines], [[], []])
})

test('what is no address may change, and so may the address where the password is given again', async () => {
  const { send, validate, asked } = worker(finding({}))
  await send('POST', '/connectors', { name: 'c', config: CONFIG })
  const changes = { 'database.username': 'ann', 'database.tables': 'x' }
  const given = { 'database.url': 'jdbc:mysql://new:3306/shop', 'database.password': 'new' }

  await validate({ ...MASKED, ...changes })
  await validate(given)

  assert.deepEqual(asked, [
    { config: { ...CONFIG, ...changes } },
    { config: { ...CONFIG, ...given } },
  ])
})

test('a connector of another class is another address', async () => {
  const { send, validate, asked } = worker(finding({}))
  await send('POST', '/connectors', {
    name: 'c',
    config: { ...CONFIG, 'connector.class': declared.name },
  })

  const { errors } = await validate(MASKED)

  assert.deepEqual(errors, [['database.password', movedBy('connector.class')]])
  assert.deepEqual(asked, [])
})
