import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, RetriableError } from '../../lib/errors.ts'
import type { Ask, Asked } from '../../lib/ports.ts'
import { restWorker } from './rest-worker.ts'

const SOURCE = {
  'connector.class': 'com.github.taven.source.ExampleSourceConnector',
  name: 'c',
  'database.url': 'jdbc:mysql://db:3306/shop',
  'database.username': 'joe',
  'database.password': 'secret',
  'database.tables': 'orders',
}
const SINK = {
  'connector.class': 'com.github.taven.sink.ExampleSinkConnector',
  name: 'c',
  topics: 'orders',
  'redis.host': 'cache',
  'redis.port': '6379',
  'redis.database': '0',
  'redis.password': '',
}
const NOTHING = '{"records":[],"errors":[],"dropped":0}'

type Answer = Asked['preview']['answer']

/** A worker whose functions answer this; and what they were asked, by function. */
function worker(given: Answer | Error = { json: NOTHING }) {
  const asked: unknown[] = []
  const answering = (name: string) =>
    (async (what: string, question: unknown) => {
      asked.push([name, what, question])
      if (given instanceof Error) throw given
      return given
    }) as Ask['source']
  const rest = restWorker({ ask: { source: answering('source'), sink: answering('sink') } })
  const preview = (plugin: string, config: object | string, query = '') =>
    rest.send('POST', `/connector-plugins/${plugin}/preview${query}`, config)
  return { ...rest, asked, preview }
}

test("a source's function is asked from the beginning, a sink's at its offsets, unless the query says else", async () => {
  const { preview, asked } = worker()

  await preview('ExampleSource', SOURCE)
  await preview('ExampleSink', SINK, '?limit=100')
  await preview('ExampleSource', SOURCE, '?from=offset&limit=1')

  assert.deepEqual(asked, [
    ['source', 'preview', { config: SOURCE, limit: 10, from: 'beginning' }],
    ['sink', 'preview', { config: SINK, limit: 100, from: 'offset' }],
    ['source', 'preview', { config: SOURCE, limit: 1, from: 'offset' }],
  ])
})

test('the answer is told with name and kind, its numbers digit by digit', async () => {
  const record =
    '{"topic":"t","partition":null,"timestamp":null,"key":1.10,"value":{"id":9007199254740993},"headers":[]}'
  const { preview } = worker({ json: `{"records":[${record}],"errors":[],"dropped":2}` })

  const { status, body } = await preview('ExampleSource', SOURCE)

  assert.equal(status, 200)
  assert.equal(body, `{"name":"c","type":"source","records":[${record}],"errors":[],"dropped":2}`)
})

test('limits and beginnings that are none are refused, and nothing is asked', async () => {
  const { preview, asked } = worker()

  for (const limit of ['0', '101', '-1', '1.5', 'many', ''])
    assert.equal((await preview('ExampleSource', SOURCE, `?limit=${limit}`)).status, 400, limit)
  assert.equal((await preview('ExampleSource', SOURCE, '?from=end')).status, 400)

  assert.deepEqual(asked, [])
})

test('a configuration that is wrong is refused as a connector would be, and nothing is asked', async () => {
  const { preview, asked } = worker()

  const { status, body } = await preview('ExampleSource', { ...SOURCE, 'tasks.max': '0' })
  const other = await preview('ExampleSink', SOURCE)
  const masked = await preview('ExampleSource', { ...SOURCE, 'database.password': '[hidden]' })

  assert.equal(status, 400)
  assert.match(body, /Connector configuration is invalid and contains the following 1 error\(s\):/)
  assert.deepEqual([other.status, masked.status], [400, 400])
  assert.deepEqual(asked, [])
})

test('what the servers find wrong is refused in the same words', async () => {
  const { preview } = worker({ messages: { 'database.url': ['nobody is at db:3306'] } })

  const { status, json } = await preview('ExampleSource', SOURCE)

  assert.equal(status, 400)
  assert.match(
    (json as { message: string }).message,
    /^Connector configuration is invalid and contains the following 1 error\(s\):\nnobody is at db:3306\n/,
  )
})

test('what may heal is a 409, what does not a 500', async () => {
  const busy = await worker(new RetriableError('No Kafka broker answers')).preview(
    'ExampleSink',
    SINK,
  )
  const broken = await worker(new ConnectError('out of memory')).preview('ExampleSink', SINK)

  assert.deepEqual(
    [busy.status, busy.json],
    [409, { error_code: 409, message: 'No Kafka broker answers' }],
  )
  assert.deepEqual(
    [broken.status, broken.json],
    [500, { error_code: 500, message: 'out of memory' }],
  )
})

test('a mask stands for the stored password of the connector of that name', async () => {
  const { preview, send, asked } = worker()
  await send('POST', '/connectors', { name: 'c', config: SOURCE })

  await preview('ExampleSource', { ...SOURCE, 'database.password': '[hidden]' })

  assert.deepEqual(asked, [['source', 'preview', { config: SOURCE, limit: 10, from: 'beginning' }]])
})

for (const { plugin, stored, changes, masked, moved } of [
  {
    plugin: 'ExampleSource',
    stored: SOURCE,
    changes: { 'database.url': 'jdbc:mysql://evil:3306/shop' },
    masked: 'database.password',
    moved: 'database.url',
  },
  {
    plugin: 'ExampleSink',
    stored: { ...SINK, 'redis.password': 'secret' },
    changes: { 'redis.host': 'evil', 'redis.port': '1' },
    masked: 'redis.password',
    moved: 'redis.host, redis.port',
  },
])
  test(`a stored password is sent to no other address than its own: ${moved}`, async () => {
    const { preview, send, asked } = worker()
    await send('POST', '/connectors', { name: 'c', config: stored })

    const { status, json } = await preview(plugin, {
      ...stored,
      ...changes,
      [masked]: '[hidden]',
    })

    assert.equal(status, 400)
    assert.equal(
      (json as { message: string }).message.split('\n')[1],
      `Invalid value [hidden] for configuration ${masked}: It stands for a stored value, and that is for another address (${moved}): the password has to be given again`,
    )
    assert.deepEqual(asked, [])
  })
