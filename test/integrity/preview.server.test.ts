import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Message } from 'kafkajs'
import { type BenchServers, openServers, until } from '../../infra/bench/servers.ts'
import type { ConnectlessProcess, ConnectorStatus } from '../../infra/connectless-process.ts'
import { addresses } from '../../infra/stack/addresses.ts'
import { silentPort } from '../connectors/silent-port.ts'
import { ask, waitForStatus } from './rest-client.ts'

let servers: BenchServers
let connectless: ConnectlessProcess

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter'
const STRING_CONVERTER = 'org.apache.kafka.connect.storage.StringConverter'
const BARE = {
  'key.converter': STRING_CONVERTER,
  'value.converter': JSON_CONVERTER,
  'value.converter.schemas.enable': 'false',
}
const SECRET = 'no-such-password'

before(async () => {
  servers = await openServers()
  connectless = await servers.connectless()
})
after(() => servers.close())

const named = (what: string): string => `${servers.name}_${what}`

type Shown = {
  readonly name: string
  readonly type: string
  readonly records: readonly Readonly<Record<string, unknown>>[]
  readonly errors: readonly Readonly<Record<string, unknown>>[]
  readonly dropped: number
  readonly truncated?: boolean
}

const preview = (plugin: string, config: object, query = '') =>
  ask(connectless.url, 'POST', `/connector-plugins/${plugin}/preview${query}`, config)

async function shown(
  plugin: string,
  config: object,
  query = '',
): Promise<Shown & { text: string }> {
  const { status, text } = await preview(plugin, config, query)
  assert.equal(status, 200, text)
  return { ...(JSON.parse(text) as Shown), text }
}

const source = (table: string, changes: object = {}) => ({
  ...servers.sourceConfig(table),
  ...BARE,
  name: named('source'),
  ...changes,
})

const sink = (topics: string, changes: object = {}) => ({
  'connector.class': 'com.github.taven.sink.ExampleSinkConnector',
  ...BARE,
  name: named('sink'),
  topics,
  // Nobody is there: a preview of a sink needs no target.
  'redis.host': '127.0.0.1',
  'redis.port': '1',
  'redis.database': '0',
  'redis.password': SECRET,
  ...changes,
})

async function produced(topic: string, messages: readonly Message[]): Promise<void> {
  const producer = servers.kafka.producer()
  await producer.connect()
  await producer.send({ topic, messages: [...messages] })
  await producer.disconnect()
}

const offsetsOf = async (name: string) =>
  (await ask(connectless.url, 'GET', `/connectors/${name}/offsets`)).text

const groups = async () =>
  (await servers.admin.listGroups()).groups.filter(({ groupId }) => groupId.includes(servers.name))
const topics = async () =>
  (await servers.admin.listTopics()).filter((topic) => topic.startsWith(servers.name))

test("a source's first rows are shown through transforms and converters, every digit of them, and no topic is made", async () => {
  const table = named('orders')
  await servers.sql.query(
    `CREATE TABLE ${table} (id BIGINT PRIMARY KEY, price DECIMAL(20,2), note VARCHAR(9))`,
  )
  await servers.sql.query(
    `INSERT INTO ${table} VALUES (9007199254740993, 123456789012345678.10, 'a'), (9007199254740995, NULL, 'b'), (9007199254740997, 1, 'c')`,
  )
  const config = source(table, {
    'value.converter.decimal.format': 'NUMERIC',
    transforms: 'route,mark',
    'transforms.route.type': 'org.apache.kafka.connect.transforms.RegexRouter',
    'transforms.route.regex': '(.*)',
    'transforms.route.replacement': '$1_seen',
    'transforms.mark.type': 'org.apache.kafka.connect.transforms.InsertHeader',
    'transforms.mark.header': 'from',
    'transforms.mark.value.literal': 'mysql',
  })

  const { text, records, ...rest } = await shown('ExampleSource', config, '?limit=2')

  assert.deepEqual(rest, { name: named('source'), type: 'source', errors: [], dropped: 0 })
  assert.equal(records.length, 2)
  assert.equal(records[0]?.['topic'], `${table}_seen`)
  assert.deepEqual(records[0]?.['headers'], [{ key: 'from', value: 'mysql' }])
  assert.deepEqual(records[0]?.['source_partition'], { currentTable: table })
  assert.match(text, /"value":\{"id":9007199254740993,"price":123456789012345678\.10,"note":"a"\}/)
  assert.match(text, /"source_offset":\{"position":9007199254740995\}/)
  assert.deepEqual(await topics(), [])
})

test('what a transform drops is counted and takes no room, what it refuses is an error, and the rest goes on', async () => {
  const table = named('mixed')
  await servers.sql.query(`CREATE TABLE ${table} (id INT PRIMARY KEY, v VARCHAR(9))`)
  await servers.sql.query(`INSERT INTO ${table} VALUES (1,'12'), (2,'poison'), (3,'34'), (4,'5')`)
  const config = source(table, {
    transforms: 'cast',
    'transforms.cast.type': 'org.apache.kafka.connect.transforms.Cast$Value',
    'transforms.cast.spec': 'v:int32',
  })
  const dropping = source(table, {
    transforms: 'drop',
    'transforms.drop.type': 'org.apache.kafka.connect.transforms.Filter',
  })

  const cast = await shown('ExampleSource', config)
  const dropped = await shown('ExampleSource', dropping, '?limit=1')

  assert.deepEqual(
    cast.records.map(({ value }) => value),
    [
      { id: 1, v: 12 },
      { id: 3, v: 34 },
      { id: 4, v: 5 },
    ],
  )
  assert.equal(cast.errors.length, 1)
  const { message, ...error } = cast.errors[0] ?? {}
  assert.match(String(message), /poison/)
  assert.deepEqual(error, {
    stage: 'TRANSFORMATION',
    class: 'org.apache.kafka.connect.transforms.Cast$Value',
    source_partition: { currentTable: table },
    source_offset: { position: 2 },
  })
  assert.deepEqual([dropped.records, dropped.errors, dropped.dropped], [[], [], 4])
})

test('an existing connector of the name lends its password and, if asked, its offsets; nothing of it changes', async () => {
  const table = named('going')
  const name = named('going')
  await servers.table(table, 3)
  await connectless.request('POST', '/connectors', { name, config: source(table, { name }) })
  await until(async () => (await offsetsOf(name)).includes('"position":3'), 50)
  await connectless.request('PUT', `/connectors/${name}/stop`)
  const isStopped = ({ connector, tasks }: ConnectorStatus) =>
    connector.state === 'STOPPED' && tasks.length === 0
  await waitForStatus(connectless.url, name, isStopped, 10_000)
  await servers.sql.query(`INSERT INTO ${table} (name) VALUES ('late')`)
  const offsets = await offsetsOf(name)
  const config = source(table, { name, 'database.password': '[hidden]' })

  const all = await shown('ExampleSource', config)
  const next = await shown('ExampleSource', config, '?from=offset')

  assert.equal(all.records.length, 4)
  assert.deepEqual(
    next.records.map(({ value }) => value),
    [{ id: 4, name: 'late' }],
  )
  assert.equal(await servers.ends(table), 3)
  assert.equal(await offsetsOf(name), offsets)
  await connectless.request('DELETE', `/connectors/${name}`)
})

test('what the server does not take is a 400 in the usual words, with the address and without the password', async () => {
  const silent = await silentPort()
  after(() => silent.close())
  const { host, port } = addresses().mysql
  const wrongs = [
    [{ 'database.password': SECRET }, `MySQL at ${host}:${port}, .*Access denied`],
    [{ 'database.tables': 'none_such' }, "Table '.*none_such' doesn't exist"],
    [{ 'database.url': `jdbc:mysql://127.0.0.1:${silent.port}/d` }, `127.0.0.1:${silent.port}`],
    [{ 'database.tables': '' }, 'It must name at least one table'],
  ] as const

  for (const [changes, says] of wrongs) {
    const startedAt = performance.now()
    const { status, text } = await preview('ExampleSource', source('t', changes))

    assert.equal(status, 400, text)
    const { message } = JSON.parse(text)
    assert.match(message, /^Connector configuration is invalid and contains the following \d error/)
    assert.match(message, new RegExp(says))
    assert.ok(!text.includes(SECRET))
    assert.ok(performance.now() - startedAt < 20_000)
  }
})

test("a sink's next records are shown as its task would get them: tombstone, poison and a topic without records, with no group made", async () => {
  const [topic, empty] = [named('events'), named('empty')]
  await servers.admin.createTopics({ topics: [{ topic }, { topic: empty }] })
  await produced(topic, [
    {
      key: 'a',
      value: '{"id":9007199254740993,"n":1.5}',
      headers: { h: 'x' },
      timestamp: '1700000000000',
    },
    { key: 'a', value: null, timestamp: '1700000000001' },
    { key: 'b', value: '{poison', timestamp: '1700000000002' },
    { key: 'c', value: '{"id":2}', timestamp: '1700000000003' },
  ])
  const config = sink(`${topic},${empty},${named('missing')}`, {
    transforms: 'route',
    'transforms.route.type': 'org.apache.kafka.connect.transforms.RegexRouter',
    'transforms.route.regex': '.*',
    'transforms.route.replacement': 'routed',
  })

  const { text, records, errors, dropped, type } = await shown('ExampleSink', config)

  assert.equal(type, 'sink')
  assert.deepEqual(records[1], {
    topic: 'routed',
    partition: 0,
    timestamp: 1700000000001,
    key: 'a',
    value: null,
    headers: [],
    kafka_topic: topic,
    kafka_partition: 0,
    kafka_offset: 1,
  })
  assert.deepEqual(
    records.map(({ kafka_offset }) => kafka_offset),
    [0, 1, 3],
  )
  assert.match(
    text,
    /"value":\{"id":9007199254740993,"n":1\.5\},"headers":\[\{"key":"h","value":"x"\}\]/,
  )
  assert.deepEqual(errors[0], {
    stage: 'CONSUME',
    class: null,
    message: `Topic ${named('missing')} does not exist`,
    kafka_topic: named('missing'),
  })
  const { message, ...poison } = errors[1] ?? {}
  assert.match(String(message), /serialization error/i)
  assert.deepEqual(poison, {
    stage: 'VALUE_CONVERTER',
    class: JSON_CONVERTER,
    kafka_topic: topic,
    kafka_partition: 0,
    kafka_offset: 2,
  })
  assert.equal(dropped, 0)
  assert.deepEqual(await groups(), [])
  assert.ok(!(await topics()).includes(named('missing')))
})

test("a sink goes on at its group's offset, unless it is to begin at the beginning; topics and partitions share the room", async () => {
  const [one, two] = [named('one'), named('two')]
  await servers.admin.createTopics({ topics: [{ topic: one, numPartitions: 2 }, { topic: two }] })
  const numbered = (partition: number) =>
    Array.from({ length: 6 }, (_, at) => ({ partition, value: String(at) }))
  await produced(one, [...numbered(0), ...numbered(1)])
  await produced(two, numbered(0))
  const name = named('reader')
  await servers.admin.setOffsets({
    groupId: `connect-${name}-${one}`,
    topic: one,
    partitions: [{ partition: 0, offset: '4' }],
  })
  const config = sink(`${one},${two}`, { name })
  const places = ({ records }: Shown) =>
    records.map(
      (at) => `${at['kafka_topic'] === one ? 1 : 2}-${at['kafka_partition']}@${at['kafka_offset']}`,
    )

  assert.deepEqual(places(await shown('ExampleSink', config, '?limit=6')), [
    '1-0@4',
    '1-0@5',
    '1-1@0',
    '1-1@1',
    '2-0@0',
    '2-0@1',
  ])
  assert.deepEqual(places(await shown('ExampleSink', config, '?limit=3&from=beginning')), [
    '1-0@0',
    '1-1@0',
    '2-0@0',
  ])
  const committed = await servers.admin.fetchOffsets({ groupId: `connect-${name}-${one}` })
  assert.equal(committed[0]?.partitions.find(({ partition }) => partition === 0)?.offset, '4')
})

test('large values are told by their size, and an answer ends where there is no more room', async () => {
  const topic = named('large')
  await servers.admin.createTopics({ topics: [{ topic }] })
  const text = (length: number) => JSON.stringify('x'.repeat(length))
  await produced(topic, [{ value: text(500_000) }])
  for (let at = 0; at < 20; at++) await produced(topic, [{ value: text(150_000) }])

  const answer = await shown('ExampleSink', sink(topic), '?limit=100')

  assert.deepEqual(answer.records[0]?.['value'], { bytes: 500_002 })
  assert.equal(answer.truncated, true)
  assert.ok(answer.text.length < 2_100_000)
})
