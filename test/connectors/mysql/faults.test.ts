import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mysqlFault } from '../../../lib/connectors/mysql/faults.ts'
import { ConnectError, isRetriable } from '../../../lib/errors.ts'

const place = {
  server: 'MySQL at db:3306, database shop',
  keys: { url: 'u', user: 'n', password: 'p', tables: 't' },
}

const driverError = (members: Record<string, unknown>, message = 'said') =>
  Object.assign(new Error(message), members)

const heals = [
  { code: 'ECONNREFUSED' },
  { code: 'ETIMEDOUT' },
  { code: 'ENOTFOUND' },
  { code: 'PROTOCOL_CONNECTION_LOST' },
  { code: 'ER_CON_COUNT_ERROR', errno: 1040, sqlState: '08004' },
  { code: 'ER_SERVER_SHUTDOWN', errno: 1053, sqlState: '08S01' },
  { code: 'ER_QUERY_INTERRUPTED', errno: 1317, sqlState: '70100' },
  { code: undefined, errno: 1927, sqlState: '70100' },
  { code: 4031 },
  { code: 'ER_LOCK_DEADLOCK', errno: 1213, sqlState: '40001' },
]

for (const members of heals)
  test(`${members.code ?? members.errno} may heal`, () => {
    const fault = mysqlFault(driverError(members), 'Connecting to', place)

    assert.ok(isRetriable(fault))
    assert.equal(fault.message, 'Connecting to MySQL at db:3306, database shop failed: said')
  })

const stands = [
  { code: 'ER_ACCESS_DENIED_ERROR', keys: '(n, p)' },
  { code: 'ER_DBACCESS_DENIED_ERROR', keys: '(n, u)' },
  { code: 'ER_BAD_DB_ERROR', keys: '(u)' },
  { code: 'ER_NO_SUCH_TABLE', keys: '(t)' },
  { code: 'HANDSHAKE_NO_SSL_SUPPORT', keys: '(u)' },
  { code: 'ER_PARSE_ERROR', keys: '' },
]

for (const { code, keys } of stands)
  test(`${code} does not heal by itself; the message names ${keys || 'no key'}`, () => {
    const fault = mysqlFault(driverError({ code }), 'Reading table a of', place)

    assert.ok(!isRetriable(fault))
    assert.equal(
      fault.message,
      `Reading table a of MySQL at db:3306, database shop failed: said ${keys}`.trimEnd(),
    )
  })

test('a refusal by every address of a host has no message of its own: the code is told', () => {
  const fault = mysqlFault(driverError({ code: 'ECONNREFUSED' }, ''), 'Connecting to', place)

  assert.match(fault.message, /failed: ECONNREFUSED$/)
})

test('an error of ours stays as it is', () => {
  const ours = new ConnectError('ours')

  assert.equal(mysqlFault(ours, 'Connecting to', place), ours)
})
