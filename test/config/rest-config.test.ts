// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are written so.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseWorker } from '../../lib/config/worker-config.ts'

const BASIC_AUTH =
  'org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension'

const restOf = (properties: Record<string, string>) =>
  parseWorker({ 'bootstrap.servers': 'b:9092', ...properties }).rest

test('without a word about it there are neither CORS nor headers nor users', () => {
  assert.deepEqual(restOf({}), { headers: [] })
})

test('origins are patterns, and methods are GET, POST and HEAD unless they are named', () => {
  const some = restOf({
    'access.control.allow.origin': 'http://ui.test,https://.*\\.example\\.com',
  })
  const any = restOf({
    'access.control.allow.origin': '*',
    'access.control.allow.methods': 'GET,PUT',
  })

  assert.deepEqual(some.cors?.methods, ['GET', 'POST', 'HEAD'])
  assert.deepEqual(
    ['http://ui.test', 'https://a.example.com', 'https://example.com', 'http://ui.test.evil'].map(
      (origin) => some.cors?.origins.some((pattern) => pattern.test(origin)),
    ),
    [true, true, false, false],
  )
  assert.deepEqual(any.cors?.methods, ['GET', 'PUT'])
  assert.equal(any.cors?.origins[0]?.test('http://anything'), true)
})

test('users that lie elsewhere are not looked at yet', () => {
  const { users } = restOf({ 'rest.basic.users': '${secretsmanager:api-users}' })

  assert.equal(users?.reveal(), '${secretsmanager:api-users}')
})

test("Kafka Connect's own way to ask for users is heard", () => {
  const rest = restOf({ 'rest.extension.classes': BASIC_AUTH, 'rest.basic.users': 'alice=x' })

  assert.equal(rest.users?.reveal(), 'alice=x')
})

for (const { title, properties, message } of [
  {
    title: 'the extension without users',
    properties: { 'rest.extension.classes': BASIC_AUTH },
    message: `Invalid value [${BASIC_AUTH}] for configuration rest.extension.classes: It needs rest.basic.users`,
  },
  {
    title: 'an extension that is not here',
    properties: { 'rest.extension.classes': 'com.example.Auth' },
    message: `Invalid value [com.example.Auth] for configuration rest.extension.classes: There is no com.example.Auth here, only ${BASIC_AUTH}`,
  },
  {
    title: 'a header rule that is none',
    properties: { 'response.http.headers.config': 'put X-A:1' },
    message:
      "Invalid value put X-A:1 for configuration response.http.headers.config: Invalid header config action: 'put'. Expected one of [set, add, setDate, addDate]",
  },
  {
    title: 'an origin that is no pattern',
    properties: { 'access.control.allow.origin': '(' },
    message: /^Invalid value \( for configuration access\.control\.allow\.origin: /,
  },
  {
    title: 'users that are none',
    properties: { 'rest.basic.users': 'hunter2 ' },
    message: /^Invalid value \[hidden\] for configuration rest\.basic\.users: .*the user hunter2/,
  },
] as const)
  test(`${title} is refused at the start, with the key named`, () => {
    assert.throws(() => restOf(properties), { message })
  })
