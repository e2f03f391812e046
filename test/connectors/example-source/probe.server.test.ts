import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createConnection } from 'mysql2/promise'
import { addresses } from '../../../infra/stack/addresses.ts'
import { closedPort } from '../../../infra/tcp-proxy.ts'
import { parseConfig, type RawConfig } from '../../../lib/config/config-def.ts'
import { exampleSource } from '../../../lib/connectors/example-source/index.ts'
import { databaseForTest } from '../mysql-for-test.ts'
import { until } from '../redis-for-test.ts'
import { silentPort } from '../silent-port.ts'

const database = await databaseForTest()
after(() => database.drop())
const { sql } = database
const at = addresses().mysql
const address = `${at.host}:${at.port}`
await sql.query('CREATE TABLE t (id INT PRIMARY KEY)')
await sql.query('CREATE TABLE keyless (key_ INT PRIMARY KEY)')

const probe = async (changes: RawConfig, signal = AbortSignal.timeout(15_000)) => {
  const config = parseConfig(exampleSource.config, database.config('t', changes))
  return exampleSource.probe?.(config, signal)
}
const atUrl = (host: string, port: number) => ({
  'database.url': database.url(undefined, { host, port }),
})

test('a server that has the tables leaves nothing to say, and no session', async () => {
  assert.deepEqual(await probe({}), {})
  assert.deepEqual(await database.lastingSessions(), [])
})

test('a wrong password is said at user and password, and not told', async () => {
  const denied = `Connecting to MySQL at ${address}, database ${database.name} failed: Access denied for user '${at.user}'@'${at.host}' (using password: YES) (database.username, database.password)`

  assert.deepEqual(await probe({ 'database.password': 'wrong-secret' }), {
    'database.username': [denied],
    'database.password': [denied],
  })
})

test('an unknown database is said at the URL', async () => {
  const url = `jdbc:mysql://joe:url-secret@${address}/no_such_database?useSSL=false`

  assert.deepEqual(await probe({ 'database.url': url }), {
    'database.url': [
      `Connecting to MySQL at ${address}, database no_such_database failed: Unknown database 'no_such_database' (database.url)`,
    ],
  })
})

test('each table that is not as it has to be is a message', async () => {
  assert.deepEqual(await probe({ 'database.tables': 'none_such, t, keyless' }), {
    'database.tables': [
      `Reading table none_such of MySQL at ${address}, database ${database.name} failed: Table '${database.name}.none_such' doesn't exist (database.tables)`,
      'Table keyless has no column id, by which its rows are read (database.tables)',
    ],
  })
})

test('a port where nobody listens, a host that nobody knows: said at the URL, with the address', async () => {
  const port = await closedPort()

  const refused = await probe(atUrl('127.0.0.1', port))
  const unknown = await probe(atUrl('no-such-host.invalid', 3306))

  assert.deepEqual(refused, {
    'database.url': [
      `Connecting to MySQL at 127.0.0.1:${port}, database ${database.name} failed: connect ECONNREFUSED 127.0.0.1:${port}`,
    ],
  })
  assert.match(
    unknown?.['database.url']?.[0] ?? '',
    /^Connecting to MySQL at no-such-host\.invalid:3306, .*(ENOTFOUND|EAI_AGAIN)/,
  )
})

test('a port that accepts and never answers, and two of them, take 5 s', async () => {
  const silent = await silentPort()
  after(() => silent.close())
  const url = `jdbc:mysql://127.0.0.1:${silent.port},127.0.0.1:${silent.port}/d?connectTimeout=60000`
  const startedAt = performance.now()

  const [one, two] = await Promise.all([
    probe(atUrl('127.0.0.1', silent.port)),
    probe({ 'database.url': url }),
  ])

  const tookMs = performance.now() - startedAt
  assert.match(
    one?.['database.url']?.[0] ?? '',
    new RegExp(`MySQL at 127\\.0\\.0\\.1:${silent.port}.* failed: .*ETIMEDOUT`),
  )
  assert.match(
    two?.['database.url']?.[0] ?? '',
    /127\.0\.0\.1:\d+, .*; Connecting to MySQL at 127\.0\.0\.1:\d+/,
  )
  assert.ok(tookMs > 4_900 && tookMs < 8_000, `it took ${tookMs} ms`)
  await until(() => silent.open() === 0)
})

test('a table that is locked is not waited for longer than the caller does', async () => {
  const locking = await createConnection({ ...at, database: database.name })
  await sql.query('CREATE TABLE locked (id INT PRIMARY KEY)')
  await locking.query('LOCK TABLES locked WRITE')
  const giveUp = new AbortController()

  const probing = probe({ 'database.tables': 'locked' }, giveUp.signal)
  await until(async () => (await database.sessions()).length === 2)
  giveUp.abort()
  const found = await probing

  await locking.end()
  assert.match(
    found?.['database.url']?.[0] ?? '',
    new RegExp(`MySQL at ${address}, database ${database.name} failed: `),
  )
})
