import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addresses, env, given, type Status } from '../../infra/stack/addresses.ts'

const written: Status = {
  mysql: { host: '127.0.0.1', port: 3307, user: 'a@b', password: 'p:/?#', database: 'shop' },
  kafka: { 'bootstrap.servers': '127.0.0.1:9092,127.0.0.1:9093' },
  redis: { host: '127.0.0.1', port: 6380, password: 'p@ss' },
  aws: { endpoint: 'http://127.0.0.1:4566' },
}

test('addresses come back from the environment as they were put there', () => {
  const read = addresses(env(written))

  assert.deepEqual({ ...read }, written)
})

test('a service that is down has no variable', () => {
  assert.deepEqual(env({ redis: { host: 'r', port: 1 } }), { STACK_REDIS: 'redis://r:1' })
})

test('an address that is missing is missed by name, and only when it is asked for', () => {
  const read = addresses({ STACK_REDIS: 'redis://r:1' })

  assert.deepEqual(read.redis, { host: 'r', port: 1 })
  assert.throws(() => read.kafka, /STACK_KAFKA is not set.*npm run stack -- up/)
})

describe('an address that cannot be one is refused', () => {
  const refused = [
    ['mysql', { STACK_MYSQL: 'localhost:3306' }],
    ['mysql', { STACK_MYSQL: 'http://localhost:3306' }],
    ['kafka', { STACK_KAFKA: 'localhost' }],
    ['kafka', { STACK_KAFKA: 'kafka://localhost:9092' }],
    ['redis', { STACK_REDIS: 'localhost:6379' }],
    ['aws', { STACK_AWS: 'localhost:4566' }],
  ] as const

  for (const [name, variables] of refused)
    test(JSON.stringify(variables), () => {
      assert.throws(() => given(name, variables), /STACK_\w+ should look like/)
    })
})

test('ports are the usual ones when they are left out', () => {
  assert.equal(given('mysql', { STACK_MYSQL: 'mysql://u:p@h/d' })?.port, 3306)
  assert.equal(given('redis', { STACK_REDIS: 'redis://h' })?.port, 6379)
})
