import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { type BenchServers, openServers, until } from '../../infra/bench/servers.ts'
import type { ConnectlessProcess } from '../../infra/connectless-process.ts'
import { addresses } from '../../infra/stack/addresses.ts'
import { type PrivateRedis, privateRedis } from './private-redis.ts'
import { allAre, ask, statusOf, waitForStatus } from './rest-client.ts'
import { idOf, topicContent } from './topic-content.ts'

const REDIS_DATABASE = 9
const ROWS = 10
/** A server that does not answer is asked three times before a task gives up. */
const FAILED_WITHIN_MS = 10_000

let servers: BenchServers
let connectless: ConnectlessProcess
let guarded: PrivateRedis | undefined
let redis: Redis

before(async () => {
  servers = await openServers()
  guarded = await privateRedis('secret')
  redis = new Redis({ ...addresses().redis, db: REDIS_DATABASE })
  await servers.table(named('users'), ROWS)
  await servers.sql.query(`CREATE TABLE ${named('plain')} (name VARCHAR(10))`)
  connectless = await servers.connectless()
})

after(async () => {
  const keys = await redis.keys(`${servers.name}*`)
  if (keys.length > 0) await redis.del(keys)
  await redis.quit()
  await servers.close()
  await guarded?.close()
})

const named = (what: string): string => `${servers.name}_${what}`

type Config = Readonly<Record<string, unknown>>

const goodSource = (): Record<string, string> => servers.sourceConfig(named('users'))

const source = (changes: Config): Config => ({ ...goodSource(), ...changes })

const sink = (changes: Config): Config => ({
  'connector.class': 'com.github.taven.sink.ExampleSinkConnector',
  topics: named('nothing_here'),
  'redis.host': addresses().redis.host,
  'redis.port': String(addresses().redis.port),
  'redis.database': String(REDIS_DATABASE),
  'redis.password': addresses().redis.password ?? '',
  ...changes,
})

const url = (change: (good: string) => string): Config => ({
  'database.url': change(goodSource()['database.url'] ?? ''),
})

const post = (name: string, config: Config) =>
  ask(connectless.url, 'POST', '/connectors', { name, config })

/** The trace without its frames. */
const causeIn = (trace: string | undefined): string =>
  (trace ?? '')
    .split('\n')
    .filter((line) => !/^\s+at /.test(line))
    .join('\n')

// A member that is undefined is not sent.
const REFUSED: readonly {
  readonly title: string
  readonly config: () => Config
  readonly status?: number
  readonly says: string
}[] = [
  {
    title: 'no database.url',
    config: () => source({ 'database.url': undefined }),
    says: 'Missing required configuration "database.url" which has no default value.',
  },
  {
    title: 'a malformed database.url',
    config: () => source({ 'database.url': 'mysql:/db' }),
    says: 'Invalid value mysql:/db for configuration database.url: It must look like jdbc:mysql://host:port/database',
  },
  {
    title: 'a port that there is not',
    config: () => source({ 'database.url': 'jdbc:mysql://db:99999/shop' }),
    says: 'Invalid value jdbc:mysql://db:99999/shop for configuration database.url: there is no port 99999',
  },
  {
    title: 'no table',
    config: () => source({ 'database.tables': '' }),
    says: 'Invalid value [] for configuration database.tables: It must name at least one table',
  },
  {
    title: 'an unknown connector class',
    config: () => source({ 'connector.class': 'no.such.Connector' }),
    says: 'Failed to find any class that implements Connector and which name matches no.such.Connector, available connectors are: ',
  },
  {
    title: 'no connector class',
    config: () => source({ 'connector.class': undefined }),
    says: 'contains no connector type',
  },
  {
    title: 'tasks.max=0',
    config: () => source({ 'tasks.max': '0' }),
    says: 'Invalid value 0 for configuration tasks.max: Value must be at least 1',
  },
  {
    title: 'tasks.max=x',
    config: () => source({ 'tasks.max': 'x' }),
    says: 'Invalid value x for configuration tasks.max: Not a number of type INT',
  },
  {
    title: 'an unknown converter',
    config: () => source({ 'value.converter': 'no.such.Converter' }),
    says: 'Invalid value no.such.Converter for configuration value.converter: Class no.such.Converter could not be found.',
  },
  {
    title: 'a transform without its field',
    config: () =>
      source({
        transforms: 'wrap',
        'transforms.wrap.type': 'org.apache.kafka.connect.transforms.HoistField$Value',
      }),
    says: 'Missing required configuration "transforms.wrap.field" which has no default value.',
  },
  {
    title: 'an array as a value',
    config: () => source({ 'database.tables': ['one', 'two'] }),
    status: 500,
    says: '(through reference chain: org.apache.kafka.connect.runtime.rest.entities.CreateConnectorRequest["config"]->java.util.LinkedHashMap["database.tables"])',
  },
  {
    title: 'no topics',
    config: () => sink({ topics: undefined }),
    says: 'Must configure one of topics or topics.regex',
  },
  {
    title: 'a Redis port that is no number',
    config: () => sink({ 'redis.port': 'x' }),
    says: 'Invalid value x for configuration redis.port: Not a number of type INT',
  },
  {
    title: 'a Redis database below 0',
    config: () => sink({ 'redis.database': '-1' }),
    says: 'Invalid value -1 for configuration redis.database: Value must be at least 0',
  },
]

for (const { title, config, status = 400, says } of REFUSED)
  test(`refused when it is posted: ${title}`, async () => {
    const name = named('refused')

    const answer = await post(name, config())

    const { error_code, message } = JSON.parse(answer.text)
    assert.deepEqual([answer.status, error_code], [status, status])
    assert.ok(message.includes(says), message)
    assert.equal((await ask(connectless.url, 'GET', `/connectors/${name}`)).status, 404)
  })

test('malformed JSON is refused with the place of the fault', async () => {
  const answer = await ask(connectless.url, 'POST', '/connectors', '{bad')

  assert.equal(answer.status, 500)
  assert.match(JSON.parse(answer.text).message, /^Unexpected character \('b' .*line: 1, column: 2/s)
})

type Failing = { readonly title: string; readonly config: Config; readonly trace: RegExp }

const failing = (): Failing[] => [
  {
    title: 'a MySQL port where nobody listens',
    config: source(url((good) => good.replace(/:\d+\//, ':1/'))),
    trace: /RetriableException: Connecting to MySQL at 127\.0\.0\.1:1, .*ECONNREFUSED/,
  },
  {
    title: 'a MySQL host that does not resolve',
    config: source({ 'database.url': 'jdbc:mysql://no-such-host.invalid:3306/shop' }),
    trace: /MySQL at no-such-host\.invalid:3306, .*(ENOTFOUND|EAI_AGAIN)/,
  },
  {
    title: 'a wrong MySQL password',
    config: source({ 'database.password': 'wrong' }),
    trace: /Access denied for user .*\(database\.username, database\.password\)/,
  },
  {
    title: 'an unknown database',
    config: source(url((good) => good.replace(/[^/]*$/, named('no_database')))),
    // Of a database that it may not see, a user is only told that.
    trace: /(Unknown database|Access denied) .*no_database.*database\.url/,
  },
  {
    title: 'an unknown table',
    config: source({ 'database.tables': `${named('users')},${named('no_table')}` }),
    trace: /Reading table \w*no_table of MySQL .*doesn't exist \(database\.tables\)/,
  },
  {
    title: 'a table without id',
    config: source({ 'database.tables': named('plain') }),
    trace: /Table \w*plain has no column id, by which its rows are read \(database\.tables\)/,
  },
  {
    title: 'a Redis port where nobody listens',
    config: sink({ 'redis.port': '1' }),
    trace: /RetriableException: Connecting to Redis at .*:1, database 9 failed: .*ECONNREFUSED/,
  },
  {
    title: 'a Redis host that does not resolve',
    config: sink({ 'redis.host': 'no-such-host.invalid' }),
    trace: /Redis at no-such-host\.invalid:\d+, .*(ENOTFOUND|EAI_AGAIN)/,
  },
  {
    title: 'a wrong Redis password, or one where there is none',
    config: sink({ 'redis.password': 'wrong' }),
    trace: /Connecting to Redis .*(WRONGPASS|without any password).*\(redis\.password\)/s,
  },
  {
    title: 'a Redis database that there is not',
    config: sink({ 'redis.database': '99999' }),
    trace: /database 99999 failed: ERR DB index is out of range \(redis\.database\)/,
  },
  ...(guarded
    ? [
        {
          title: 'no password for a Redis that asks for one',
          config: sink({ 'redis.port': String(guarded.port), 'redis.password': '' }),
          trace: /NOAUTH Authentication required.*\(redis\.password\)/,
        },
        {
          title: 'a wrong password for a Redis that asks for one',
          config: sink({ 'redis.port': String(guarded.port), 'redis.password': 'wrong' }),
          trace: /WRONGPASS .*\(redis\.password\)/,
        },
      ]
    : []),
]

test('what only the servers can tell makes the task FAILED within seconds, with the cause in its trace, once and not again and again', async (t) => {
  const cases = failing().map((one, index) => ({ ...one, name: named(`failing_${index}`) }))

  for (const { name, config } of cases) assert.equal((await post(name, config)).status, 201)

  for (const { title, name, trace } of cases)
    await t.test(title, async () => {
      const { status } = await waitForStatus(
        connectless.url,
        name,
        ({ tasks }) => tasks[0]?.state === 'FAILED',
        FAILED_WITHIN_MS,
      )
      const workerId = connectless.url.replace('http://', '')
      assert.equal(status.connector.state, 'RUNNING')
      assert.equal(status.tasks.length, 1)
      assert.equal(status.tasks[0]?.worker_id, workerId)
      assert.match(causeIn(status.tasks[0]?.trace), trace)
      const task = await ask(connectless.url, 'GET', `/connectors/${name}/tasks/0/status`)
      assert.equal(JSON.parse(task.text).state, 'FAILED')
    })

  await t.test('and then the log is silent, and everything stays as it is', async () => {
    const log = () => readFileSync(`.stack/bench/${servers.name}.log`, 'utf8')
    const before = log()
    await sleep(5_000)
    assert.equal(log().slice(before.length), '')
    for (const { name } of cases)
      assert.equal((await statusOf(connectless.url, name))?.tasks[0]?.state, 'FAILED')
    assert.doesNotMatch(before, /wrong|secret/, 'a password is in the log')
    const failures = before.split('\n').filter((line) => line.includes(' task failed: '))
    assert.equal(failures.length, cases.length, 'a failure is told more than once')
  })
})

test('a connector whose task has failed runs once its config is mended by a PUT', async () => {
  const name = named('mended')
  await post(name, source({ 'database.password': 'wrong' }))
  await connectless.waitFor(name, 'FAILED')

  const answer = await ask(connectless.url, 'PUT', `/connectors/${name}/config`, goodSource())

  assert.equal(answer.status, 200)
  const { status } = await waitForStatus(connectless.url, name, allAre('RUNNING'), 5_000)
  assert.equal(status.tasks[0]?.trace, undefined)
  await until(async () => (await servers.ends(named('users'))) >= ROWS, 50, 10_000)
  await ask(connectless.url, 'DELETE', `/connectors/${name}`)
})

test('a failed task runs by restart?includeTasks=true&onlyFailed=true once its table is there', async () => {
  const name = named('restarted')
  const table = named('comes_later')
  await post(name, source({ 'database.tables': table }))
  await connectless.waitFor(name, 'FAILED')
  await servers.table(table, ROWS)
  const restart = `/connectors/${name}/restart?includeTasks=true&onlyFailed=true`

  const answer = await ask(connectless.url, 'POST', restart)

  const plan = JSON.parse(answer.text)
  assert.equal(answer.status, 202)
  assert.equal(plan.connector.state, 'RUNNING')
  assert.equal(plan.tasks[0].state, 'RESTARTING')
  await waitForStatus(connectless.url, name, allAre('RUNNING'), 5_000)
  await until(async () => (await servers.ends(table)) >= ROWS, 50, 10_000)
  const ids = (await topicContent(servers.kafka, table)).map(idOf).sort((one, other) => one - other)
  assert.deepEqual(
    ids,
    Array.from({ length: ROWS }, (_, at) => at + 1),
  )
})

test('a task that is restarted while the cause is still there fails again', async () => {
  const name = named('failed_again')
  await post(name, source({ 'database.tables': named('never') }))
  await connectless.waitFor(name, 'FAILED')

  const answer = await ask(connectless.url, 'POST', `/connectors/${name}/tasks/0/restart`)

  assert.equal(answer.status, 204)
  const { status } = await waitForStatus(
    connectless.url,
    name,
    ({ tasks }) => tasks[0]?.state === 'FAILED',
    5_000,
  )
  assert.match(status.tasks[0]?.trace ?? '', /doesn't exist/)
})

test('a sink whose Redis has gone says so and waits; a PUT with another address has the waiting batch written there', async (t) => {
  const mortal = await privateRedis()
  if (!mortal) return t.skip('redis-server is not installed')
  const topic = named('moved')
  await servers.admin.createTopics({ topics: [{ topic, numPartitions: 1 }] })
  await post(topic, sink({ topics: topic, 'redis.port': String(mortal.port) }))
  await connectless.waitFor(topic, 'RUNNING')
  await mortal.close()

  await send(topic, [record(0), record(1)])

  const { status } = await waitForStatus(
    connectless.url,
    topic,
    ({ tasks }) => tasks[0]?.reason !== undefined,
    10_000,
  )
  assert.match(status.tasks[0]?.reason ?? '', /^puts the batch again: .*ECONNREFUSED/)
  assert.equal(status.tasks[0]?.state, 'RUNNING')
  await ask(connectless.url, 'PUT', `/connectors/${topic}/config`, sink({ topics: topic }))
  await until(async () => (await redis.exists(`${topic}_0`, `${topic}_1`)) === 2, 50, 15_000)
  await waitForStatus(connectless.url, topic, allAre('RUNNING'), 2_000)
  await ask(connectless.url, 'DELETE', `/connectors/${topic}`)
})

async function send(
  topic: string,
  messages: readonly { readonly key: string; readonly value: string }[],
): Promise<void> {
  const producer = servers.kafka.producer()
  await producer.connect()
  await producer.send({ topic, messages: [...messages] })
  await producer.disconnect()
}

const SCHEMA =
  '{"type":"struct","fields":[{"type":"int32","optional":false,"field":"n"}],"optional":false}'
const keyJson = (n: number) => `{"schema":{"type":"string","optional":false},"payload":"${n}"}`
const record = (n: number) => ({
  key: keyJson(n),
  value: `{"schema":${SCHEMA},"payload":{"n":${n}}}`,
})

for (const { title, poison, stage } of [
  { title: 'is not JSON', poison: '{nope', stage: 'VALUE_CONVERTER' },
  {
    title: 'is no struct',
    poison: '{"schema":{"type":"string","optional":false},"payload":"text"}',
    stage: 'TASK_PUT',
  },
])
  test(`a record that ${title} fails a sink's task at its place and keeps the offset before it; with errors.tolerance=all it is left out`, async () => {
    const topic = named(`poison_${stage.toLowerCase()}`)
    const group = `connect-${topic}`
    await servers.admin.createTopics({ topics: [{ topic, numPartitions: 1 }] })
    await send(topic, [record(0), record(1), record(2)])
    const config = sink({ topics: topic })
    await post(topic, config)
    await until(async () => (await committed(group, topic)) === 3, 50, 15_000)

    await send(topic, [{ key: keyJson(3), value: poison }, record(4), record(5)])

    const { status } = await waitForStatus(
      connectless.url,
      topic,
      ({ tasks }) => tasks[0]?.state === 'FAILED',
      10_000,
    )
    const cause = causeIn(status.tasks[0]?.trace)
    assert.match(cause, new RegExp(`Tolerance exceeded in error handler\\n.*${stage}`))
    assert.ok(cause.includes(JSON.stringify({ topic, partition: 0, offset: 3 })), cause)
    // Longer than the pause before a batch is delivered again.
    await sleep(1_500)
    assert.equal(await committed(group, topic), 3)

    const tolerant = { ...config, 'errors.tolerance': 'all' }
    await ask(connectless.url, 'PUT', `/connectors/${topic}/config`, tolerant)

    await until(async () => (await committed(group, topic)) === 6, 50, 15_000)
    await waitForStatus(connectless.url, topic, allAre('RUNNING'), 2_000)
    const arrived = [0, 1, 2, 4, 5]
    const values = await redis.mget(arrived.map((n) => `${topic}_${n}`))
    assert.deepEqual(
      values,
      arrived.map((n) => JSON.stringify({ n })),
    )
    assert.equal(await redis.exists(`${topic}_3`), 0)
    await ask(connectless.url, 'DELETE', `/connectors/${topic}`)
  })

async function committed(groupId: string, topic: string): Promise<number> {
  const [group] = await servers.admin.fetchOffsets({ groupId, topics: [topic] })
  return Number(group?.partitions[0]?.offset ?? -1)
}

test('after all this the process still answers', async () => {
  assert.equal(connectless.process.exitCode, null)
  assert.equal((await ask(connectless.url, 'GET', '/')).status, 200)
})
