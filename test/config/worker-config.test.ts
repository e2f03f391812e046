import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  parseProperties,
  parseWorker,
  workerFromEnvironment,
} from '../../lib/config/worker-config.ts'
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

for (const { title, text, want } of [
  {
    title: 'separators: equals, colon, blank, none',
    text: 'a=1\nb : 2\nc 3\nd\ne = =x',
    want: { a: '1', b: '2', c: '3', d: '', e: '=x' },
  },
  { title: 'comments and empty lines', text: '# a=1\n  ! b=2\n\n  c=3', want: { c: '3' } },
  { title: 'lines of Windows', text: 'a=1\r\nb=2\r\n', want: { a: '1', b: '2' } },
  { title: 'a continued line', text: 'a=one,\\\n   two\nb=2', want: { a: 'one,two', b: '2' } },
  { title: 'a comment is not continued', text: '# off \\\na=1', want: { a: '1' } },
  {
    title: 'an escaped backslash continues nothing',
    text: 'a=C:\\\\\nb=2',
    want: { a: 'C:\\', b: '2' },
  },
  { title: 'a continuation that looks like a comment', text: 'a=x\\\n#y', want: { a: 'x#y' } },
  { title: 'escapes', text: 'a\\ b\\=c=\\u00e4\\t\\:', want: { 'a b=c': 'ä\t:' } },
  { title: 'a value with odd line separators', text: 'a=x\u2028y', want: { a: 'x\u2028y' } },
  { title: 'the last of two', text: 'a=1\na=2', want: { a: '2' } },
])
  test(`a properties file: ${title}`, () => assert.deepEqual(parseProperties(text), want))
