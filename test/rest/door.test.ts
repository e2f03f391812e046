// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are written so.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseWorker } from '../../lib/config/worker-config.ts'
import { REQUEST_TIMEOUT_MS, restDoor } from '../../lib/rest/door.ts'
import type { Api, Request } from '../../lib/rest/http.ts'
import { NOW, restWorker } from './rest-worker.ts'

type Given = {
  readonly properties?: Record<string, string>
  readonly lookUp?: (text: string) => Promise<string>
  readonly isClosed?: boolean
  readonly stores?: NonNullable<Parameters<typeof restWorker>[0]>['stores']
}

/** The door of a REST API with these worker properties; `ask` is a request from outside. */
function doorOf({ properties = {}, lookUp, isClosed, stores }: Given = {}) {
  const { api, lines, time } = restWorker(stores ? { stores } : {})
  const waits: { readonly ms: number; readonly end: () => void }[] = []
  const { rest } = parseWorker({ 'bootstrap.servers': 'b:9092', ...properties })
  const clock: Api['ports']['clock'] = {
    ...api.ports.clock,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        waits.push({ ms, end: resolve })
        signal?.addEventListener('abort', () => resolve())
      }),
  }
  const worker = { ...api.ports.worker, rest, ...(isClosed && { access: 'nobody' as const }) }
  const door = restDoor(
    { ...api, ports: { ...api.ports, clock, worker } },
    lookUp ?? (async (text) => text),
  )
  const ask = (line: string, headers: Request['headers'] = {}, body?: string) => {
    const [method = '', path = ''] = line.split(' ')
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    return door({ method, path, query: '', headers: { ...type, ...headers }, body })
  }
  return { ask, lines, waits, time }
}

const as = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})

const USERS = { 'rest.basic.users': 'alice=wonder:land\nbob=p=q\nümit=schön' }

test('without users everybody may come in', async () => {
  assert.equal((await doorOf().ask('GET /connectors')).status, 200)
})

for (const [user, password] of [
  ['alice', 'wonder:land'],
  ['bob', 'p=q'],
  ['ümit', 'schön'],
] as const)
  test(`${user} comes in with the password`, async () => {
    const { ask } = doorOf({ properties: USERS })

    assert.equal((await ask('GET /connectors', as(user, password))).status, 200)
  })

for (const { title, headers } of [
  { title: 'nobody', headers: {} },
  { title: 'a wrong password', headers: as('alice', 'p=q') },
  { title: 'a part of the password', headers: as('alice', 'wonder') },
  { title: 'no password', headers: as('alice', '') },
  { title: 'an unknown user', headers: as('mallory', 'p=q') },
  { title: 'no user', headers: as('', 'p=q') },
  { title: 'a name without a colon', headers: { authorization: 'Basic YWxpY2U=' } },
  { title: 'no base64', headers: { authorization: 'Basic !!' } },
  { title: 'another scheme', headers: { authorization: 'Bearer alice:wonder:land' } },
  { title: 'nothing behind the scheme', headers: { authorization: 'Basic' } },
] as const)
  test(`401, in plain words and before anything is looked for: ${title}`, async () => {
    const { ask, lines } = doorOf({ properties: USERS })

    for (const line of [
      'GET /connectors',
      'GET /nope',
      'DELETE /connectors/c',
      'OPTIONS /health',
    ]) {
      const answer = await ask(line, headers)

      assert.equal(answer.status, 401)
      assert.equal(answer.body, 'User cannot access the resource.')
      assert.equal(answer.headers['www-authenticate'], 'Basic realm="Kafka Connect"')
    }
    assert.deepEqual(lines, [])
  })

test('the scheme may be written in any case', async () => {
  const { authorization } = as('bob', 'p=q')
  const { ask } = doorOf({ properties: USERS })

  const answer = await ask('GET /', { authorization: authorization.replace('Basic', 'basic') })

  assert.equal(answer.status, 200)
})

test('internal requests are refused for their signature, with and without a user', async () => {
  const { ask } = doorOf({ properties: USERS })

  for (const line of ['POST /connectors/c/tasks', 'PUT /connectors/c/fence']) {
    const answer = await ask(line, { 'content-type': 'application/json' })
    assert.equal(answer.status, 400)
  }
  assert.equal((await ask('GET /connectors/c/tasks')).status, 401)
})

test('users that lie elsewhere are looked up once, and again after some minutes', async () => {
  const texts = ['alice=old', 'alice=new']
  let reads = 0
  const { ask, time } = doorOf({
    properties: { 'rest.basic.users': '${secretsmanager:users}' },
    lookUp: async (text) => {
      assert.equal(text, '${secretsmanager:users}')
      return texts[reads++] ?? 'alice=newer'
    },
  })

  const first = await Promise.all([1, 2, 3].map(() => ask('GET /', as('alice', 'old'))))
  assert.deepEqual(
    first.map(({ status }) => status),
    [200, 200, 200],
  )
  assert.equal(reads, 1)

  time.now += 5 * 60_000
  assert.equal((await ask('GET /', as('alice', 'old'))).status, 401)
  assert.equal((await ask('GET /', as('alice', 'new'))).status, 200)
  assert.equal(reads, 2)
})

test('as long as the users cannot be read nobody comes in, and the log says why', async () => {
  const { ask, lines, time } = doorOf({
    properties: { 'rest.basic.users': '${secretsmanager:users}' },
    lookUp: async () => {
      if (time.now === NOW) throw new Error('no such secret')
      return 'alice=x'
    },
  })

  const answer = await ask('GET /', as('alice', 'x'))
  assert.equal(answer.status, 500)
  assert.deepEqual(JSON.parse(answer.body), {
    error_code: 500,
    message: 'The users of the REST API cannot be read',
  })
  assert.match(lines[0]?.message ?? '', /cannot be read: no such secret/)

  time.now += 5_000
  assert.equal((await ask('GET /', as('alice', 'x'))).status, 200)
})

test('users that were read once stay good while they cannot be read again', async () => {
  const { ask, lines, time } = doorOf({
    properties: { 'rest.basic.users': '${secretsmanager:users}' },
    lookUp: async () => {
      if (time.now !== NOW) throw new Error('throttled')
      return 'alice=x'
    },
  })
  await ask('GET /', as('alice', 'x'))

  time.now += 5 * 60_000

  assert.equal((await ask('GET /', as('alice', 'x'))).status, 200)
  assert.equal((await ask('GET /', as('alice', 'y'))).status, 401)
  assert.equal(lines.length, 1)
})

test('where nothing tells callers apart, each is refused and the log says so', async () => {
  const { ask, lines } = doorOf({ isClosed: true })

  const answer = await ask('GET /connectors')

  assert.equal(answer.status, 403)
  assert.match(answer.body, /The REST API is closed: .*rest\.basic\.users is not set/)
  assert.equal(lines.length, 1)
})

test('what takes too long is answered, and what comes of it later is dropped', async () => {
  const late = Promise.withResolvers<string[]>()
  const { ask, waits, lines } = doorOf({
    stores: (stores) => ({ ...stores, configs: { ...stores.configs, list: () => late.promise } }),
  })

  const asked = ask('GET /connectors')
  waits[0]?.end()
  const answer = await asked
  late.reject(new Error('too late'))

  assert.equal(waits[0]?.ms, REQUEST_TIMEOUT_MS)
  assert.equal(answer.status, 500)
  assert.deepEqual(JSON.parse(answer.body), { error_code: 500, message: 'Request timed out' })
  assert.equal(lines[0]?.message, 'GET /connectors took longer than 20000 ms')
})

const CORS = {
  'access.control.allow.origin': 'http://ui.test',
  'access.control.allow.methods': 'GET,PUT',
}
const PREFLIGHT = { origin: 'http://ui.test', 'access-control-request-method': 'PUT' }

for (const { title, line, headers, added } of [
  {
    title: 'its own pages',
    line: 'GET /connectors',
    headers: { origin: 'http://ui.test' },
    added: { vary: 'Origin', 'access-control-allow-origin': 'http://ui.test' },
  },
  {
    title: 'pages of another origin',
    line: 'GET /connectors',
    headers: { origin: 'http://evil.test' },
    added: { vary: 'Origin' },
  },
  { title: 'no browser', line: 'GET /nope', headers: {}, added: { vary: 'Origin' } },
  {
    title: 'a preflight',
    line: 'OPTIONS /connectors',
    headers: PREFLIGHT,
    added: {
      vary: 'Origin',
      'access-control-allow-origin': 'http://ui.test',
      'access-control-allow-methods': 'GET,PUT',
      'access-control-allow-headers': 'Content-Type',
      'access-control-max-age': '60',
    },
  },
  {
    title: 'the preflight of another origin',
    line: 'OPTIONS /connectors',
    headers: { ...PREFLIGHT, origin: 'http://evil.test' },
    added: { vary: 'Origin' },
  },
])
  test(`CORS: ${title}`, async () => {
    const plain = await doorOf().ask(line, headers)
    const answer = await doorOf({ properties: CORS }).ask(line, headers)

    assert.equal(answer.status, plain.status)
    assert.equal(answer.body, plain.body)
    assert.deepEqual(answer.headers, { ...plain.headers, ...added })
  })

test('a preflight needs no user where CORS is on, and may ask for Authorization', async () => {
  const { ask } = doorOf({ properties: { ...CORS, ...USERS } })

  const answer = await ask('OPTIONS /connectors', PREFLIGHT)
  const evil = await ask('OPTIONS /connectors', { ...PREFLIGHT, origin: 'http://evil.test' })
  const refused = await ask('GET /connectors', { origin: 'http://ui.test' })

  assert.equal(answer.status, 200)
  assert.equal(answer.headers['access-control-allow-headers'], 'Content-Type,Authorization')
  assert.equal(evil.status, 401)
  assert.equal(refused.status, 401)
  assert.equal(refused.headers['access-control-allow-origin'], 'http://ui.test')
})

test('every answer carries the headers that are configured, and keeps its own', async () => {
  const { ask } = doorOf({
    properties: {
      ...USERS,
      'response.http.headers.config':
        '"add X-Probe:1, 2",add X-Probe:3,set Cache-Control:a,set Cache-Control:no-cache,setDate Expires:1000,set Content-Type:text/html',
    },
  })

  for (const [line, type] of [
    ['GET /connectors', 'application/json'],
    ['GET /connectors/c', 'application/json'],
    ['GET /nope', undefined],
    ['OPTIONS /', 'text/plain'],
  ] as const) {
    const { headers } = await ask(line, as('alice', 'wonder:land'))

    assert.equal(headers['X-Probe'], '1, 2, 3')
    assert.equal(headers['Cache-Control'], 'no-cache')
    assert.equal(headers.Expires, new Date(NOW + 1000).toUTCString())
    assert.equal(headers['content-type'], type)
  }
  assert.equal((await ask('GET /')).headers['X-Probe'], '1, 2, 3')
})

test('a path that the HTTP server refuses gets as far as neither users nor headers', async () => {
  const answer = await doorOf({ properties: { ...USERS, ...CORS } }).ask('GET //connectors')

  assert.equal(answer.status, 400)
  assert.deepEqual(Object.keys(answer.headers), ['content-type'])
})
