import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  clientsOf,
  isClientSecret,
  overrideRefusal,
  overridesOf,
} from '../../lib/config/client-config.ts'
import { Password } from '../../lib/config/password.ts'

const lookup = { classes: () => undefined, isOpen: (text: string) => text.startsWith('$') }

for (const { title, kind, config, clients } of [
  { title: 'a source', kind: 'source', config: {}, clients: ['producer'] },
  {
    title: 'a source that says how topics are created',
    kind: 'source',
    config: { 'topic.creation.default.partitions': '1' },
    clients: ['producer', 'admin'],
  },
  {
    title: 'a source with offsets of its own',
    kind: 'source',
    config: { 'offsets.storage.topic': 'o' },
    clients: ['producer', 'consumer', 'admin'],
  },
  {
    title: 'a sink',
    kind: 'sink',
    config: { 'offsets.storage.topic': 'o', 'errors.deadletterqueue.topic.name': ' ' },
    clients: ['consumer'],
  },
  {
    title: 'a sink with a dead letter queue',
    kind: 'sink',
    config: { 'errors.deadletterqueue.topic.name': 'd' },
    clients: ['producer', 'consumer', 'admin'],
  },
] as const) {
  test(`${title} has the clients ${clients.join(', ')}`, () =>
    assert.deepEqual(clientsOf(kind, config), clients))
}

test('an override is understood as its client declares the property', () => {
  const [linger] = overridesOf('producer', { 'producer.override.linger.ms': ' 7 ' }, lookup)
  const [secret] = overridesOf('admin', { 'admin.override.sasl.jaas.config': 'hunter2' }, lookup)
  const [unknown] = overridesOf('consumer', { 'consumer.override.nope': ' x ' }, lookup)

  assert.deepEqual([linger?.value.value, linger?.key?.default], [7, 5])
  assert.ok(secret?.value.value instanceof Password)
  assert.equal(secret.value.text, '[hidden]')
  assert.deepEqual([unknown?.key, unknown?.value.text], [null, ' x '])
})

test('what is none of its type is refused, a reference to it and null are not', () => {
  const key = 'consumer.override.max.poll.records'
  const textOf = (text: string | null) =>
    overridesOf('consumer', { [key]: text }, lookup)[0]?.value.text

  assert.throws(() => textOf('abc'), {
    message: 'Invalid value abc for configuration max.poll.records: Not a number of type INT',
  })
  assert.equal(textOf('$later'), '$later')
  assert.equal(textOf(null), null)
})

test('a password that holds a reference is hidden, since not all of it need be one', () => {
  const config = { 'consumer.override.sasl.jaas.config': '$later and hunter2' }

  assert.equal(overridesOf('consumer', config, lookup)[0]?.value.text, '[hidden]')
})

test("every password of a client is known to be one, and another client's is not", () => {
  assert.ok(isClientSecret('producer.override.ssl.truststore.password'))
  assert.ok(isClientSecret('admin.override.sasl.oauthbearer.client.credentials.client.secret'))
  assert.ok(!isClientSecret('producer.override.linger.ms'))
  assert.ok(!isClientSecret('ssl.truststore.password'))
})

const POLICY = 'connector.client.config.override.policy'

for (const { title, worker, property, message } of [
  { title: 'nothing said', worker: {}, property: 'acks', message: undefined },
  { title: 'All', worker: { [POLICY]: 'All' }, property: 'acks', message: undefined },
  {
    title: 'None',
    worker: { [POLICY]: 'None' },
    property: 'acks',
    message:
      "The 'None' policy does not allow 'acks' to be overridden in the connector configuration.",
  },
  {
    title: 'Principal by its class',
    worker: {
      [POLICY]:
        'org.apache.kafka.connect.connector.policy.PrincipalConnectorClientConfigOverridePolicy',
    },
    property: 'acks',
    message:
      "The 'Principal' policy does not allow 'acks' to be overridden in the connector configuration.",
  },
  {
    title: 'Principal',
    worker: { [POLICY]: 'Principal' },
    property: 'sasl.mechanism',
    message: undefined,
  },
  {
    title: 'Allowlist, on the list',
    worker: { [POLICY]: 'Allowlist', 'connector.client.config.override.allowlist': 'a, acks' },
    property: 'acks',
    message: undefined,
  },
  {
    title: 'Allowlist without a list',
    worker: { [POLICY]: 'Allowlist' },
    property: 'acks',
    message:
      "The 'Allowlist' policy does not allow 'acks' to be overridden in the connector configuration.",
  },
]) {
  test(`the policy ${title} about ${property}`, () =>
    assert.equal(overrideRefusal(property, worker), message))
}
