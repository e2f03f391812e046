import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { addresses } from '../../../infra/stack/addresses.ts'
import { closedPort, tcpProxy } from '../../../infra/tcp-proxy.ts'
import { databaseForTest, drained } from '../mysql-for-test.ts'

const database = await databaseForTest()
after(() => database.drop())
const { sql } = database
const at = addresses().mysql
await sql.query(`CREATE TABLE t (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, v VARCHAR(9))`)
await sql.query(`INSERT INTO t (v) VALUES ('a'), ('b')`)
await sql.query('CREATE VIEW slow AS SELECT id, SLEEP(5) AS v FROM t')

const server = `MySQL at ${at.host}:${at.port}, database ${database.name}`

describe('a task that cannot start tells why, and by which key', () => {
  const wrongs: readonly {
    title: string
    config: Readonly<Record<string, string>>
    message: string | RegExp
  }[] = [
    {
      title: 'a wrong password',
      config: { 'database.password': 'wrong-secret' },
      message: `Connecting to ${server} failed: Access denied for user '${at.user}'@'${at.host}' (using password: YES) (database.username, database.password)`,
    },
    {
      title: 'an unknown user',
      config: { 'database.username': 'nobody' },
      message: /Access denied for user 'nobody'.* \(database\.username, database\.password\)$/,
    },
    {
      title: 'an unknown database',
      config: {
        'database.url': `jdbc:mysql://${at.host}:${at.port}/no_such_database?useSSL=false`,
      },
      message: `Connecting to MySQL at ${at.host}:${at.port}, database no_such_database failed: Unknown database 'no_such_database' (database.url)`,
    },
    {
      title: 'no database',
      config: { 'database.url': `jdbc:mysql://${at.host}:${at.port}` },
      message: `Reading table t of MySQL at ${at.host}:${at.port} failed: No database selected (database.url)`,
    },
    {
      title: 'an unknown table',
      config: { 'database.tables': 't,no_such_table' },
      message: `Reading table no_such_table of ${server} failed: Table '${database.name}.no_such_table' doesn't exist (database.tables)`,
    },
    {
      title: 'a server that cannot encrypt where encryption is required',
      config: { 'database.url': database.url('sslMode=REQUIRED') },
      message: /Server does not support secure connection \(database\.url\)$/,
    },
  ]
  for (const { title, config, message } of wrongs)
    test(title, async () => {
      await assert.rejects(database.start(database.config('t', config)), {
        name: 'ConnectException',
        retriable: false,
        message,
      })
      assert.deepEqual(await database.lastingSessions(), [])
    })

  test('a table without a column id', async () => {
    await sql.query('CREATE TABLE keyless (key_ INT PRIMARY KEY)')

    await assert.rejects(database.start(database.config('keyless')), {
      name: 'ConnectException',
      message: 'Table keyless has no column id, by which its rows are read (database.tables)',
    })
    assert.deepEqual(await database.lastingSessions(), [])
  })
})

describe('what may heal is worth another start', () => {
  test('a port where nobody listens', async () => {
    const port = await closedPort()
    const url = database.url(undefined, { host: '127.0.0.1', port })

    await assert.rejects(database.start(database.config('t', { 'database.url': url })), {
      name: 'RetriableException',
      message: `Connecting to MySQL at 127.0.0.1:${port}, database ${database.name} failed: connect ECONNREFUSED 127.0.0.1:${port}`,
    })
  })

  test('a host that nobody knows', async () => {
    const url = database.url(undefined, { host: 'no-such-host.invalid', port: 3306 })

    await assert.rejects(database.start(database.config('t', { 'database.url': url })), {
      name: 'RetriableException',
      message: /MySQL at no-such-host\.invalid:3306, .*(ENOTFOUND|EAI_AGAIN)/,
    })
  })

  test('a server that does not answer', async () => {
    const proxy = await tcpProxy(at)
    proxy.hold()
    const url = database.url('useSSL=false&connectTimeout=200', proxy)

    await assert.rejects(database.start(database.config('t', { 'database.url': url })), {
      name: 'RetriableException',
      message: /ETIMEDOUT/,
    })
    await proxy.close()
  })

  test('of several hosts, every one', async () => {
    const [one, two] = [await closedPort(), await closedPort()]
    const url = `jdbc:mysql://127.0.0.1:${one},127.0.0.1:${two}/${database.name}`

    await assert.rejects(database.start(database.config('t', { 'database.url': url })), {
      name: 'RetriableException',
      message: new RegExp(`:${one}.*; .*:${two}`),
    })
  })
})

test('of several hosts the first that answers will do', async () => {
  const url = `jdbc:mysql://127.0.0.1:${await closedPort()},${at.host}:${at.port}/${database.name}?useSSL=false`
  const task = await database.start(database.config('t', { 'database.url': url }))

  assert.equal((await drained(task)).length, 2)
  await task.stop()
})

test('parameters that mean nothing here are told once, by name', async () => {
  const warnings: string[] = []
  const url = database.url('useSSL=false&profileSQL=true&autoReconnect=true&logger=x')

  await (await database.start(database.config('t', { 'database.url': url }), { warnings })).stop()

  assert.deepEqual(warnings, [
    'database.url has parameters that mean nothing here: profileSQL, logger',
  ])
})

describe('a connection that is lost', () => {
  test('between polls fails the next one, and a new start goes on', async () => {
    const task = await database.start(database.config('t'))
    const records = await task.poll()
    for (const id of await database.sessions()) await sql.query(`KILL ${id}`)
    await sql.query(`INSERT INTO t (v) VALUES ('c')`)

    await assert.rejects(task.poll(), {
      name: 'RetriableException',
      message: /^Reading table t of MySQL at/,
    })
    await assert.rejects(task.poll(), { name: 'RetriableException' })

    const stored = { t: records.at(-1)?.sourceOffset ?? {} }
    const next = await database.start(database.config('t'), { stored })
    assert.deepEqual(
      (await drained(next)).map(({ value }) => value),
      [{ id: 3, v: 'c' }],
    )
    await next.stop()
  })

  for (const how of ['KILL', 'KILL QUERY'])
    test(`by ${how} while a page is read fails that poll`, async () => {
      const task = await database.start(database.config('slow'))
      const polling = assert.rejects(task.poll(), { name: 'RetriableException' })
      const [session] = await busySessions(1)

      await sql.query(`${how} ${session}`)

      await polling
      await task.stop()
    })

  test('by the network fails the poll that is under way', async () => {
    const proxy = await tcpProxy(at)
    const url = database.url('useSSL=false', proxy)
    const task = await database.start(database.config('slow', { 'database.url': url }))
    const polling = assert.rejects(task.poll(), { name: 'RetriableException' })
    await busySessions(1)

    proxy.cut()

    await polling
    await proxy.close()
  })

  test('and a server that answers no more fails it after socketTimeout', async () => {
    const proxy = await tcpProxy(at)
    const url = database.url('useSSL=false&socketTimeout=300', proxy)
    const task = await database.start(database.config('t', { 'database.url': url }))
    proxy.hold()

    await assert.rejects(task.poll(), {
      name: 'RetriableException',
      message: /no answer within 300 ms \(connectTimeout, socketTimeout in the URL\)$/,
    })
    await proxy.close()
  })
})

test('a table that is dropped fails the task for good', async () => {
  await sql.query('CREATE TABLE short_lived (id INT PRIMARY KEY)')
  const task = await database.start(database.config('short_lived'))
  await sql.query('DROP TABLE short_lived')

  await assert.rejects(task.poll(), {
    name: 'ConnectException',
    message: /Table '.*\.short_lived' doesn't exist \(database\.tables\)$/,
  })
})

test('a stop ends the poll that is under way, at once, and nothing fails', async () => {
  const task = await database.start(database.config('slow'))
  const polling = task.poll()
  await busySessions(1)
  const startedAt = performance.now()

  await task.stop()

  assert.deepEqual(await polling, [])
  assert.ok(performance.now() - startedAt < 1_000)
  assert.deepEqual(await task.poll(), [])
  await task.stop()
})

async function busySessions(count: number): Promise<number[]> {
  for (;;) {
    const [rows] = await sql.query(
      `SELECT id FROM information_schema.processlist WHERE db = ? AND command <> 'Sleep' AND id <> CONNECTION_ID() AND info LIKE '%slow%'`,
      [database.name],
    )
    const ids = (rows as { id: number }[]).map(({ id }) => id)
    if (ids.length >= count) return ids
  }
}
