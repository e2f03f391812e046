import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type JdbcUrl,
  parseJdbcUrl,
  refuseJdbcUrl,
} from '../../../lib/connectors/mysql/jdbc-url.ts'

const read: readonly { title: string; url: string; want: Partial<JdbcUrl> }[] = [
  {
    title: 'the sample of the seed',
    url: 'jdbc:mysql://localhost:3306/test?useUnicode=true&characterEncoding=UTF-8&autoReconnect=true&useSSL=false&zeroDateTimeBehavior=convertToNull&serverTimezone=UTC&rewriteBatchedStatements=true',
    want: {
      hosts: [{ host: 'localhost', port: 3306 }],
      database: 'test',
      sslMode: 'DISABLED',
      zeroDates: 'CONVERT_TO_NULL',
      timeZone: 'UTC',
      ignored: [],
    },
  },
  {
    title: 'nothing but a host: the port is 3306, and encryption is preferred',
    url: 'jdbc:mysql://db',
    want: {
      hosts: [{ host: 'db', port: 3306 }],
      database: undefined,
      sslMode: 'PREFERRED',
      zeroDates: 'EXCEPTION',
      tinyInt1isBit: true,
      connectTimeoutMs: 5_000,
      socketTimeoutMs: 300_000,
    },
  },
  {
    title: 'several hosts in their order',
    url: 'jdbc:mysql://one:1,two,[::1]:3/shop',
    want: {
      hosts: [
        { host: 'one', port: 1 },
        { host: 'two', port: 3306 },
        { host: '::1', port: 3 },
      ],
      database: 'shop',
    },
  },
  {
    title: 'no host is localhost',
    url: 'jdbc:mysql:///d',
    want: { hosts: [{ host: 'localhost', port: 3306 }] },
  },
  {
    title: 'the scheme of MariaDB, in any case',
    url: 'JDBC:MariaDB://db/d',
    want: { database: 'd' },
  },
  {
    title: 'a percent-encoded database',
    url: 'jdbc:mysql://db/my%20shop',
    want: { database: 'my shop' },
  },
  {
    title: 'parameters in any case of their names',
    url: 'jdbc:mysql://db/d?SSLMODE=verify_identity&TinyInt1IsBit=false',
    want: { sslMode: 'VERIFY_IDENTITY', tinyInt1isBit: false },
  },
  {
    title: 'the three parameters before sslMode',
    url: 'jdbc:mysql://db/d?useSSL=true&requireSSL=true',
    want: { sslMode: 'REQUIRED' },
  },
  {
    title: 'a certificate to be verified outweighs that encryption is required',
    url: 'jdbc:mysql://db/d?useSSL=yes&requireSSL=true&verifyServerCertificate=true',
    want: { sslMode: 'VERIFY_CA' },
  },
  {
    title: 'useSSL=false outweighs the other two, and sslMode all three',
    url: 'jdbc:mysql://db/d?useSSL=false&requireSSL=true',
    want: { sslMode: 'DISABLED' },
  },
  {
    title: 'sslMode outweighs useSSL',
    url: 'jdbc:mysql://db/d?useSSL=false&sslMode=REQUIRED',
    want: { sslMode: 'REQUIRED' },
  },
  {
    title: 'timeouts in milliseconds, where no time to connect means the default',
    url: 'jdbc:mysql://db/d?connectTimeout=0&socketTimeout=0',
    want: { connectTimeoutMs: 5_000, socketTimeoutMs: 0 },
  },
  {
    title: 'a time zone by its newer name outweighs the older one',
    url: 'jdbc:mysql://db/d?serverTimezone=UTC&connectionTimeZone=Asia/Shanghai',
    want: { timeZone: 'Asia/Shanghai' },
  },
  {
    title: 'a time zone by its offset',
    url: 'jdbc:mysql://db/d?serverTimezone=GMT%2B8',
    want: { timeZone: 'GMT+8' },
  },
  {
    title: 'what means nothing here is told by name, once',
    url: 'jdbc:mysql://db/d?profileSQL=true&sessionVariables=a%3D1&useCursorFetch=true&connectionTimeZone=SERVER',
    want: { ignored: ['profileSQL', 'sessionVariables', 'connectionTimeZone'], timeZone: 'UTC' },
  },
]

for (const { title, url, want } of read)
  test(`a JDBC URL says ${title}`, () => {
    const parsed = parseJdbcUrl(url)

    for (const [name, value] of Object.entries(want))
      assert.deepEqual(parsed[name as keyof JdbcUrl], value, name)
  })

test('user and password may stand in the parameters or before the host, and a password stays hidden', () => {
  const inParameters = parseJdbcUrl('jdbc:mysql://db/d?user=u%40x&password=p%26w')
  const before = parseJdbcUrl('jdbc:mysql://u:p%40w@db:3/d')

  assert.equal(inParameters.user, 'u@x')
  assert.equal(inParameters.password?.reveal(), 'p&w')
  assert.equal(before.user, 'u')
  assert.equal(before.password?.reveal(), 'p@w')
  assert.deepEqual(before.hosts, [{ host: 'db', port: 3 }])
  assert.doesNotMatch(JSON.stringify([inParameters, before]), /p&w|p@w/)
})

describe('a malformed JDBC URL is refused', () => {
  const refused: readonly { url: string; reason: RegExp }[] = [
    { url: '', reason: /must look like jdbc:mysql:/ },
    { url: 'mysql://db/d', reason: /must look like jdbc:mysql:/ },
    { url: 'jdbc:postgresql://db/d', reason: /must look like jdbc:mysql:/ },
    { url: 'jdbc:mysql:loadbalance://db/d', reason: /must look like jdbc:mysql:/ },
    { url: 'jdbc:mysql:db/d', reason: /must look like jdbc:mysql:/ },
    { url: 'jdbc:mysql://db:port/d', reason: /"db:port" is not host:port/ },
    { url: 'jdbc:mysql://a b/d', reason: /"a b" is not host:port/ },
    { url: 'jdbc:mysql://(host=db,port=1)/d', reason: /is not host:port/ },
    { url: 'jdbc:mysql://db:0/d', reason: /there is no port 0/ },
    { url: 'jdbc:mysql://db:65536/d', reason: /there is no port 65536/ },
    { url: 'jdbc:mysql://db/%zz', reason: /its database is not percent-encoded rightly/ },
    { url: 'jdbc:mysql://db/d?x=%zz', reason: /its parameter x is not percent-encoded rightly/ },
    { url: 'jdbc:mysql://db/d?useSSL=maybe', reason: /its parameter useSSL cannot be "maybe"/ },
    { url: 'jdbc:mysql://db/d?sslMode=ON', reason: /its parameter sslMode cannot be "ON"/ },
    { url: 'jdbc:mysql://db/d?connectTimeout=5s', reason: /connectTimeout cannot be "5s"/ },
    {
      url: 'jdbc:mysql://db/d?serverTimezone=Mars/Base',
      reason: /serverTimezone cannot be "Mars\/Base"/,
    },
    {
      url: 'jdbc:mysql://db/d?zeroDateTimeBehavior=no',
      reason: /zeroDateTimeBehavior cannot be "no"/,
    },
  ]
  for (const { url, reason } of refused)
    test(url === '' ? 'an empty one' : url, () => {
      assert.match(refuseJdbcUrl(url) ?? 'accepted', reason)
    })

  test('but not while it holds a reference to a secret, which only the running task resolves', () => {
    const secret = (name: string) => `$\{${name}}`

    assert.equal(refuseJdbcUrl(secret('secretsmanager:shop:url')), undefined)
    assert.equal(refuseJdbcUrl(`jdbc:mysql://${secret('env:HOST')}:1/shop`), undefined)
  })
})
