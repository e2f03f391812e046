import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { redisFault } from '../../../lib/connectors/redis/faults.ts'
import { isRetriable } from '../../../lib/errors.ts'

const place = {
  server: 'Redis at cache:6379, database 0',
  keys: { host: 'h', password: 'p', database: 'd' },
}

const reply = (message: string) =>
  Object.assign(new Error(message), {
    name: 'ReplyError',
    command: { name: 'auth', args: ['secret'] },
  })

const heals = [
  'LOADING Redis is loading the dataset in memory',
  "OOM command not allowed when used memory > 'maxmemory'.",
  "OOM command not allowed when used memory > 'maxmemory'. script: 47d1, on @user_script:7.",
  "ERR Error running script (call to f_47d1): @user_script:7: -OOM command not allowed when used memory > 'maxmemory'.",
  "READONLY You can't write against a read only replica.",
  "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
  'CLUSTERDOWN The cluster is down',
  'BUSY Redis is busy running a script.',
  'MISCONF Redis is configured to save RDB snapshots, but ...',
  'NOREPLICAS Not enough good replicas to write.',
  'ERR max number of clients reached',
  'FENCED another delivery of this partition has begun',
]

for (const message of heals)
  test(`${message.slice(0, 60)} may heal`, () => {
    const fault = redisFault(reply(message), 'Writing to', place)

    assert.ok(isRetriable(fault))
    assert.equal(fault.message, `Writing to Redis at cache:6379, database 0 failed: ${message}`)
  })

test('whatever is no answer of the server comes of the way to it, which may heal', () => {
  const refused = Object.assign(new Error(''), { code: 'ECONNREFUSED' })

  assert.ok(isRetriable(redisFault(new Error('Command timed out'), 'Writing to', place)))
  assert.ok(isRetriable(redisFault(new Error('Connection is closed.'), 'Writing to', place)))
  assert.match(redisFault(refused, 'Connecting to', place).message, /failed: ECONNREFUSED$/)
})

const stands = [
  { message: 'WRONGPASS invalid username-password pair or user is disabled.', key: 'p' },
  { message: 'NOAUTH Authentication required.', key: 'p' },
  { message: "NOPERM this user has no permissions to run the 'eval' command", key: 'p' },
  { message: 'ERR invalid password', key: 'p' },
  {
    message: 'ERR AUTH <password> called without any password configured for the default user.',
    key: 'p',
  },
  { message: 'ERR DB index is out of range', key: 'd' },
  { message: 'ERR SELECT is not allowed in cluster mode', key: 'd' },
  { message: 'MOVED 3999 127.0.0.1:6381', key: 'h' },
  { message: 'WRONGTYPE Operation against a key holding the wrong kind of value', key: undefined },
]

for (const { message, key } of stands)
  test(`${message.slice(0, 60)} does not heal; ${key ? 'the message names the key' : 'no key is at fault'}`, () => {
    const fault = redisFault(reply(message), 'Connecting to', place)

    assert.equal(fault.name, 'ConnectException')
    assert.equal(
      fault.message,
      `Connecting to Redis at cache:6379, database 0 failed: ${message}${key ? ` (${key})` : ''}`,
    )
  })

test('a command’s arguments do not come along, a password might be one', () => {
  const fault = redisFault(reply('WRONGPASS'), 'Connecting to', place)

  assert.doesNotMatch(inspect(fault, { depth: 9 }), /secret/)
})
