import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exampleSource } from './example-plugins.ts'
import { restWorker } from './rest-worker.ts'

const SOURCE = {
  'connector.class': exampleSource.name,
  'database.url': 'jdbc:mysql://db/shop',
  'database.username': 'app',
  'database.password': 'app',
  'database.tables': 'orders',
}

const JSON_TYPE = { 'content-type': 'application/json' }

for (const [line, status, message] of [
  ['GET /nope', 404, 'HTTP 404 Not Found'],
  ['GET /connectors/c/nope', 404, 'HTTP 404 Not Found'],
  ['GET /connectors/c/tasks/x/status', 404, 'HTTP 404 Not Found'],
  ['GET /connectors/c/tasks/1.5/status', 404, 'HTTP 404 Not Found'],
  ['GET /connectors/c/tasks/2147483648/status', 404, 'HTTP 404 Not Found'],
  ['POST /connectors/c/tasks/x/restart', 404, 'HTTP 404 Not Found'],
  ['GET /connectors/c/fence', 405, 'HTTP 405 Method Not Allowed'],
  ['OPTIONS /nope', 404, 'HTTP 404 Not Found'],
  ['GET /connectors/c/tasks-config', 404, 'HTTP 404 Not Found'],
  ['PUT /connectors', 405, 'HTTP 405 Method Not Allowed'],
  ['DELETE /connectors/', 405, 'HTTP 405 Method Not Allowed'],
  ['POST /connectors/c/pause', 405, 'HTTP 405 Method Not Allowed'],
  ['HEAD /connectors/c/pause', 405, ''],
  ['BREW /', 405, 'HTTP 405 Method Not Allowed'],
] as const) {
  test(`${line} is ${status}`, async () => {
    const [method = '', path = ''] = line.split(' ')
    const { send, lines } = restWorker()

    const answer = await send(method, path)

    assert.equal(answer.status, status)
    assert.equal(answer.body, message && JSON.stringify({ error_code: status, message }))
    assert.deepEqual(lines, [])
  })
}

for (const [method, path, headers] of [
  ['GET', '/nope', {}],
  ['PATCH', '/connectors', {}],
  ['GET', '/connectors', { accept: 'text/html' }],
  ['POST', '/connectors', { 'content-type': 'text/plain' }],
] as const) {
  test(`what the framework refuses, as ${method} ${path}, has neither Content-Type nor Allow`, async () => {
    const body = method === 'POST' ? 'x' : undefined

    const answer = await restWorker().send(method, path, body, headers)

    assert.deepEqual(answer.headers, {})
  })
}

for (const { headers, status, message } of [
  { headers: {}, status: 400, message: 'Internal request missing required signature' },
  {
    headers: { 'x-connect-authorization': 'YQ==' },
    status: 400,
    message: 'Internal request missing required signature',
  },
  {
    headers: {
      'x-connect-authorization': 'YQ==',
      'x-connect-request-signature-algorithm': 'HmacSHA256',
    },
    status: 403,
    message: 'Internal request contained invalid signature.',
  },
]) {
  test(`what workers ask of each other is refused: ${JSON.stringify(headers)}`, async () => {
    const { send } = restWorker()

    for (const [method, path] of [
      ['POST', '/connectors/c/tasks'],
      ['PUT', '/connectors/c/fence'],
    ] as const) {
      const answer = await send(method, path, [], headers)

      assert.deepEqual(answer.json, { error_code: status, message })
    }
  })
}

for (const [path, allowed] of [
  ['/connectors', 'HEAD, POST, GET, OPTIONS'],
  ['/connectors/c', 'HEAD, DELETE, GET, OPTIONS'],
  ['/connectors/c/config', 'HEAD, GET, OPTIONS, PUT, PATCH'],
  ['/connectors/c/restart', 'POST, OPTIONS'],
]) {
  test(`OPTIONS ${path} lists its methods as text`, async () => {
    const answer = await restWorker().send('OPTIONS', path ?? '')

    assert.equal(answer.status, 200)
    assert.equal(answer.body, allowed)
    assert.deepEqual(answer.headers, { 'content-type': 'text/plain', allow: allowed })
  })
}

test('OPTIONS to one who reads no text has the methods in Allow alone', async () => {
  const accept = 'application/json'

  const answer = await restWorker().send('OPTIONS', '/connectors', undefined, { accept })

  assert.equal(answer.status, 200)
  assert.equal(answer.body, '')
  assert.deepEqual(answer.headers, {
    'content-type': accept,
    allow: 'HEAD, POST, GET, OPTIONS',
  })
})

test('a task that is no number is a 404 of the resource, which says that it is JSON', async () => {
  for (const task of ['x', '1.5', '2147483648']) {
    const answer = await restWorker().send('GET', `/connectors/c/tasks/${task}/status`)

    assert.deepEqual(answer.json, { error_code: 404, message: 'HTTP 404 Not Found' })
    assert.deepEqual(answer.headers, { 'content-type': 'application/json' })
  }
})

for (const [accept, status] of [
  ['*/*', 200],
  ['application/*', 200],
  ['Application/JSON; charset=utf-8', 200],
  ['text/html, application/json;q=0.9', 200],
  ['text/html', 406],
  ['application/vnd.kafka+json', 406],
  ['application/json;q=0', 406],
  ['', 406],
] as const) {
  test(`Accept: ${accept} is ${status}`, async () => {
    const { send } = restWorker()

    const answer = await send('GET', '/connectors', undefined, { accept })

    assert.equal(answer.status, status)
    if (status === 406)
      assert.deepEqual(answer.json, { error_code: 406, message: 'HTTP 406 Not Acceptable' })
  })
}

for (const [type, status] of [
  ['application/json', 500],
  ['application/json; charset=utf-8', 500],
  ['APPLICATION/JSON;charset=UTF-8', 500],
  ['text/plain', 415],
  ['application/x-www-form-urlencoded', 415],
  ['application/jsonp', 415],
  [undefined, 415],
] as const) {
  test(`a body sent as ${type} is ${status}`, async () => {
    const answer = await restWorker().send('POST', '/connectors', '{bad', { 'content-type': type })

    assert.equal(answer.status, status)
  })
}

test('a request without a body needs no Content-Type, and one that an HTTP library added does no harm', async () => {
  const { send } = restWorker()
  await send('POST', '/connectors', { name: 'c', config: SOURCE })

  assert.equal((await send('PUT', '/connectors/c/pause')).status, 202)
  assert.equal(
    (await send('PUT', '/connectors/c/pause', '', { 'content-type': 'text/plain' })).status,
    202,
  )
  assert.equal((await send('POST', '/connectors/c/restart', '', JSON_TYPE)).status, 204)
})

test('a JSON body where none is asked for is not looked at', async () => {
  const { send } = restWorker()
  await send('POST', '/connectors', { name: 'c', config: SOURCE })

  assert.equal((await send('POST', '/connectors/c/restart', '{bad')).status, 204)
  assert.equal(
    (await send('POST', '/connectors/c/restart', 'x', { 'content-type': 'text/plain' })).status,
    415,
  )
})

test('HEAD answers as GET does, without the body', async () => {
  const { send } = restWorker()

  const [head, get, missing] = [
    await send('HEAD', '/connectors'),
    await send('GET', '/connectors'),
    await send('HEAD', '/connectors/nope'),
  ]

  assert.deepEqual({ ...head, json: undefined }, { ...get, body: '', json: undefined })
  assert.equal(missing.status, 404)
  assert.equal(missing.body, '')
})

test('an empty answer has no Content-Type', async () => {
  const { send } = restWorker()
  await send('POST', '/connectors', { name: 'c', config: SOURCE })

  assert.deepEqual((await send('PUT', '/connectors/c/pause')).headers, {})
  assert.deepEqual((await send('DELETE', '/connectors/c')).headers, {})
})

test('a slash at the end of a path, an unknown parameter and forward change nothing', async () => {
  const { send } = restWorker()

  const created = await send('POST', '/connectors/?forward=true&x=y', { name: 'c', config: SOURCE })

  assert.equal(created.status, 201)
  assert.equal((await send('GET', '/connectors/c/')).status, 200)
  assert.equal((await send('GET', '/connectors/c/config/?x')).status, 200)
  assert.equal((await send('GET', '')).status, 200)
})

for (const [path, reason] of [
  ['//connectors', 'Ambiguous URI empty segment'],
  ['/connectors//status', 'Ambiguous URI empty segment'],
  ['/connectors/a%2Fb', 'Ambiguous URI path separator'],
  ['/connectors/a%2fb/status', 'Ambiguous URI path separator'],
  ['/connectors/100%25', 'Ambiguous URI path encoding'],
] as const) {
  test(`${path} is refused before any resource is looked for, in HTML`, async () => {
    const answer = await restWorker().send('GET', path)

    assert.equal(answer.status, 400)
    assert.match(answer.headers['content-type'] ?? '', /^text\/html/)
    assert.match(answer.body, new RegExp(reason))
  })
}

for (const { name, path, location } of [
  { name: 'a b', path: 'a%20b', location: 'a%20b' },
  { name: 'a b', path: 'a b', location: 'a%20b' },
  { name: 'what?', path: 'what%3F', location: 'what%3F' },
  { name: 'c#', path: 'c%23', location: 'c%23' },
  { name: 'a&b=c', path: 'a%26b%3Dc', location: 'a&b=c' },
  { name: 'a+b', path: 'a+b', location: 'a+b' },
  { name: 'a:b@c', path: 'a:b@c', location: 'a:b@c' },
  { name: 'müller', path: 'm%C3%BCller', location: 'm%C3%BCller' },
  { name: '注文', path: '%E6%B3%A8%E6%96%87', location: '%E6%B3%A8%E6%96%87' },
  { name: '😀', path: '%F0%9F%98%80', location: '%F0%9F%98%80' },
  { name: '100% sure', path: '100% sure', location: '100%25%20sure' },
]) {
  test(`a connector named ${name} is created, read by ${path} and deleted`, async () => {
    const { send } = restWorker()

    const created = await send('POST', '/connectors', { name, config: SOURCE })
    const read = await send('GET', `/connectors/${path}`)

    assert.equal(created.status, 201, created.body)
    assert.equal(created.headers.location, `http://connect.test:8083/connectors/${location}`)
    assert.equal((read.json as { name: string }).name, name)
    assert.deepEqual((await send('GET', '/connectors')).json, [name])
    assert.equal((await send('PUT', `/connectors/${path}/pause`)).status, 202)
    assert.equal((await send('DELETE', `/connectors/${path}`)).status, 204)
    assert.deepEqual((await send('GET', '/connectors')).json, [])
  })
}

test('a name with a slash is created, and its Location keeps the slash', async () => {
  const { send } = restWorker()

  const created = await send('POST', '/connectors', { name: 'st/op ped', config: SOURCE })

  assert.equal(created.status, 201)
  assert.equal(created.headers.location, 'http://connect.test:8083/connectors/st/op%20ped')
})

test('Location has the scheme that the gateway in front was asked with', async () => {
  const created = await restWorker().send(
    'POST',
    '/connectors',
    { name: 'c', config: SOURCE },
    { 'x-forwarded-proto': 'https', host: 'api.example.org' },
  )

  assert.equal(created.headers.location, 'https://api.example.org/connectors/c')
})

test('an unexpected fault is a 500 with its message, and is logged', async () => {
  const { send, lines } = restWorker({
    stores: (stores) => ({
      ...stores,
      configs: { ...stores.configs, list: () => Promise.reject(new TypeError('no such thing')) },
    }),
  })

  const answer = await send('GET', '/connectors')

  assert.equal(answer.status, 500)
  assert.deepEqual(answer.json, { error_code: 500, message: 'no such thing' })
  assert.deepEqual(lines, [{ level: 'error', message: 'GET /connectors failed: no such thing' }])
})

test('an answer too large for a function is refused with its size', async () => {
  const names = Array.from({ length: 10_000 }, (_, number) => `${'x'.repeat(600)}-${number}`)
  const { send } = restWorker({
    stores: (stores) => ({
      ...stores,
      configs: { ...stores.configs, list: async () => names },
    }),
  })

  const answer = await send('GET', '/connectors')

  assert.equal(answer.status, 500)
  assert.match(
    answer.body,
    /^\{"error_code":500,"message":"The answer would take 6\d{6} bytes, more than the 6000000/,
  )
})
