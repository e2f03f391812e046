import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseWorker, workerFromEnvironment } from '../../lib/config/worker-config.ts'
import { ConfigError } from '../../lib/errors.ts'

const LEAST = { 'bootstrap.servers': 'one:9092, two:9092' }

test('the brokers alone are enough; all else has a default', () => {
  const worker = parseWorker(LEAST)

  assert.deepEqual(worker['bootstrap.servers'], ['one:9092', 'two:9092'])
  assert.equal(worker['group.id'], 'connect-cluster')
  assert.equal(worker['offset.flush.interval.ms'], 1_000)
  assert.deepEqual(
    [worker['lease.ttl.ms'], worker['lease.renewal.ms'], worker['idle.timeout.ms']],
    [15_000, 5_000, 30_000],
  )
  assert.deepEqual(worker.converters, {
    'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  })
})

test('properties of a Kafka Connect worker that mean nothing here do no harm', () => {
  assert.doesNotThrow(() =>
    parseWorker({ ...LEAST, 'config.storage.topic': 'configs', 'plugin.path': '/plugins' }),
  )
})

for (const { title, properties, message } of [
  { title: 'no brokers', properties: { 'bootstrap.servers': '' }, message: /bootstrap\.servers/ },
  {
    title: 'brokers left out',
    properties: { 'bootstrap.servers': null },
    message: /bootstrap\.servers/,
  },
  {
    title: 'a store of no kind',
    properties: { store: 'mysql:x' },
    message: /store: Must be sqlite/,
  },
  { title: 'a store without a place', properties: { store: 'sqlite:' }, message: /store/ },
  {
    title: 'an idle timeout below -1',
    properties: { 'idle.timeout.ms': '-2' },
    message: /idle\.timeout\.ms/,
  },
  {
    title: 'a number that is none',
    properties: { 'lease.ttl.ms': 'soon' },
    message: /lease\.ttl\.ms/,
  },
  {
    title: 'a lease that runs out before its renewal is through',
    properties: { 'lease.ttl.ms': '8999', 'lease.renewal.ms': '5000' },
    message: /lease\.ttl\.ms: Value must be at least 4000 above lease\.renewal\.ms/,
  },
])
  test(`${title}: refused, and the property is named`, () => {
    assert.throws(
      () => parseWorker({ ...LEAST, ...properties }),
      (error) => error instanceof ConfigError && message.test(error.message),
    )
  })

test('a lease that leaves four seconds for its renewal is taken', () => {
  const properties = { ...LEAST, 'lease.ttl.ms': '9000', 'lease.renewal.ms': '5000' }

  assert.equal(parseWorker(properties)['lease.ttl.ms'], 9_000)
})

test('settings of converters and of Kafka clients are handed on, and no others', () => {
  const worker = parseWorker({
    ...LEAST,
    'value.converter': 'x.Converter',
    'value.converter.schemas.enable': 'false',
    'value.converters': 'not one',
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': 'PLAIN',
    'ssl.truststore.location': '/ca.pem',
    'producer.acks': 'all',
  })

  assert.deepEqual(worker.converters, {
    'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter': 'x.Converter',
    'value.converter.schemas.enable': 'false',
  })
  assert.deepEqual(worker.client, {
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': 'PLAIN',
    'ssl.truststore.location': '/ca.pem',
  })
})

test('the environment names properties as the container image of Kafka Connect does', () => {
  const environment = {
    CONNECT_BOOTSTRAP_SERVERS: 'one:9092',
    CONNECT_REST_ADVERTISED_HOST_NAME: 'me',
    CONNECT_A__B___C: 'x',
    PATH: '/bin',
    CONNECT_EMPTY: undefined,
  }

  assert.deepEqual(workerFromEnvironment(environment), {
    'bootstrap.servers': 'one:9092',
    'rest.advertised.host.name': 'me',
    'a_b-c': 'x',
    empty: '',
  })
})

const providersOf = (properties: Readonly<Record<string, string>>) =>
  parseWorker({ ...LEAST, ...properties }).configProviders

test('Secrets Manager and Parameter Store may be referred to without being listed; the environment and files may not', () => {
  assert.deepEqual(providersOf({}), {
    secretsmanager: { kind: 'secretsmanager', params: {} },
    ssm: { kind: 'ssm', params: {} },
  })
})

test('config.providers lists further ones; the conventional aliases need no class', () => {
  const declared = providersOf({
    'config.providers': 'env, file,dir',
    'config.providers.env.param.allowlist.pattern': 'DB_.*',
    'config.providers.ssm.param.region': 'eu-west-1',
    'config.providers.other.class': 'nobody.lists.it',
  })

  assert.deepEqual(declared, {
    secretsmanager: { kind: 'secretsmanager', params: {} },
    ssm: { kind: 'ssm', params: { region: 'eu-west-1' } },
    env: { kind: 'env', params: { 'allowlist.pattern': 'DB_.*' } },
    file: { kind: 'file', params: {} },
    dir: { kind: 'dir', params: {} },
  })
})

for (const [className, kind] of [
  ['org.apache.kafka.common.config.provider.EnvVarConfigProvider', 'env'],
  ['org.apache.kafka.common.config.provider.FileConfigProvider', 'file'],
  ['org.apache.kafka.common.config.provider.DirectoryConfigProvider', 'dir'],
  ['com.amazonaws.kafka.config.providers.SecretsManagerConfigProvider', 'secretsmanager'],
  ['com.amazonaws.kafka.config.providers.SsmParamStoreConfigProvider', 'ssm'],
  ['FileConfigProvider', 'file'],
  [' ssm ', 'ssm'],
] as const)
  test(`any alias may be a provider of the class ${className.trim()}, even one that has a meaning`, () => {
    const declared = providersOf({
      'config.providers': 'mine,env',
      'config.providers.mine.class': className,
      'config.providers.env.class': className,
    })

    assert.deepEqual([declared['mine']?.kind, declared['env']?.kind], [kind, kind])
  })

test('an alias of no class, or of one that nobody knows, is refused by its key', () => {
  assert.throws(() => providersOf({ 'config.providers': 'vault' }), {
    name: 'ConfigException',
    message:
      'Missing required configuration "config.providers.vault.class" which has no default value.',
  })
  assert.throws(
    () => providersOf({ 'config.providers': 'v', 'config.providers.v.class': 'x.Vault' }),
    {
      message:
        'Invalid value x.Vault for configuration config.providers.v.class: Class x.Vault could not be found.',
    },
  )
})
