import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deploymentOf, type Environment } from '../../functions/deployment.ts'
import { ConfigError } from '../../lib/errors.ts'

const SINK = 'arn:aws:lambda:us-east-1:123456789012:function:connectless-dev-sink'
const environment = {
  STAGE: 'prod',
  TABLE_NAME: 'connectless-prod-Table-1',
  KAFKA_BOOTSTRAP_SERVERS: 'b-1:9092,b-2:9092',
  SOURCE_FUNCTION_ARN: 'arn:source',
  SINK_FUNCTION_ARN: `${SINK}:live`,
  COORDINATOR_FUNCTION_ARN: 'arn:coordinator',
  SCHEDULE_GROUP: 'connectless-prod',
  SCHEDULE_ROLE_ARN: 'arn:role',
  AWS_LAMBDA_FUNCTION_NAME: 'connectless-prod-source',
  AWS_LAMBDA_LOG_STREAM_NAME: '2026/11/23/[$LATEST]abc',
} satisfies Environment

test('the worker is the function and its log stream', () => {
  assert.equal(
    deploymentOf(environment).worker.id,
    'connectless-prod-source/2026/11/23/[$LATEST]abc',
  )
})

for (const name of Object.keys(environment))
  for (const value of [undefined, ''])
    test(`without ${name} (${value === '' ? 'empty' : 'absent'}) nothing starts, and the error names it`, () => {
      assert.throws(
        () => deploymentOf({ ...environment, [name]: value }),
        (error: Error) => {
          assert.ok(error instanceof ConfigError)
          return error.message === `The environment variable ${name} is missing`
        },
      )
    })

test('CONNECT_ variables are worker properties; an empty one is none', () => {
  const { worker, properties } = deploymentOf({
    ...environment,
    CONNECT_IDLE_TIMEOUT_MS: '5000',
    CONNECT_LEASE_TTL_MS: '',
    CONNECT_VALUE_CONVERTER_SCHEMAS_ENABLE: 'false',
    CONNECT_SECURITY_PROTOCOL: 'SASL_SSL',
    CONNECT_SASL_MECHANISM: '',
  })

  assert.equal(worker.idleTimeoutMs, 5000)
  assert.equal(worker.leaseTtlMs, 15_000)
  assert.equal(worker.converters['value.converter.schemas.enable'], 'false')
  assert.deepEqual(properties.client, { 'security.protocol': 'SASL_SSL' })
})

test('a worker property that is wrong is named', () => {
  assert.throws(
    () => deploymentOf({ ...environment, CONNECT_IDLE_TIMEOUT_MS: 'soon' }),
    /idle\.timeout\.ms/,
  )
})

test('the brokers are those of KAFKA_BOOTSTRAP_SERVERS', () => {
  const { properties } = deploymentOf({ ...environment, CONNECT_BOOTSTRAP_SERVERS: 'other:9092' })

  assert.deepEqual(properties['bootstrap.servers'], ['b-1:9092', 'b-2:9092'])
})

for (const { title, more, want } of [
  {
    title: 'brokers without a network of their own are reached by their addresses alone',
    more: {},
    want: { cluster: { bootstrapServers: ['b-1:9092', 'b-2:9092'] }, access: [] },
  },
  {
    title: 'brokers in a VPC are reached from its subnets, and logged in to with a secret',
    more: {
      MAPPING_SUBNET_IDS: 'subnet-1, subnet-2',
      MAPPING_SECURITY_GROUP_IDS: 'sg-1',
      MAPPING_ACCESS_TYPE: 'SASL_SCRAM_512_AUTH',
      MAPPING_ACCESS_SECRET_ARN: 'arn:secret',
      MAPPING_ROOT_CA_SECRET_ARN: 'arn:ca',
    },
    want: {
      cluster: { bootstrapServers: ['b-1:9092', 'b-2:9092'] },
      access: [
        { Type: 'VPC_SUBNET', URI: 'subnet:subnet-1' },
        { Type: 'VPC_SUBNET', URI: 'subnet:subnet-2' },
        { Type: 'VPC_SECURITY_GROUP', URI: 'security_group:sg-1' },
        { Type: 'SASL_SCRAM_512_AUTH', URI: 'arn:secret' },
        { Type: 'SERVER_ROOT_CA_CERTIFICATE', URI: 'arn:ca' },
      ],
    },
  },
  {
    title: 'an MSK cluster is reached where it is',
    more: {
      MAPPING_CLUSTER_ARN: 'arn:cluster',
      MAPPING_SUBNET_IDS: 'subnet-1',
      MAPPING_ACCESS_TYPE: 'SASL_SCRAM_512_AUTH',
      MAPPING_ACCESS_SECRET_ARN: 'arn:secret',
    },
    want: {
      cluster: { arn: 'arn:cluster' },
      access: [{ Type: 'SASL_SCRAM_512_AUTH', URI: 'arn:secret' }],
    },
  },
  {
    title: 'size and window of batches, pollers, partial answers and metrics are as they are given',
    more: {
      MAPPING_BATCH_SIZE: '500',
      MAPPING_BATCHING_WINDOW_SECONDS: '0',
      MAPPING_MINIMUM_POLLERS: '1',
      MAPPING_MAXIMUM_POLLERS: '3',
      MAPPING_POLLER_GROUP: 'shared',
      MAPPING_PARTIAL_ANSWERS: 'true',
      MAPPING_METRICS: 'EventCount, KafkaMetrics',
    },
    want: {
      cluster: { bootstrapServers: ['b-1:9092', 'b-2:9092'] },
      access: [],
      batchSize: 500,
      windowSeconds: 0,
      pollers: { MinimumPollers: 1, MaximumPollers: 3, PollerGroupName: 'shared' },
      partialAnswers: true,
      metrics: ['EventCount', 'KafkaMetrics'],
    },
  },
])
  test(`of mappings: ${title}`, () => {
    const { mappings } = deploymentOf({ ...environment, ...more })

    assert.deepEqual(mappings, { sinkArn: SINK, live: 'live', ...want })
  })

for (const [name, more] of Object.entries({
  MAPPING_BATCH_SIZE: { MAPPING_BATCH_SIZE: '10001' },
  MAPPING_BATCHING_WINDOW_SECONDS: { MAPPING_BATCHING_WINDOW_SECONDS: '1.5' },
  MAPPING_MINIMUM_POLLERS: { MAPPING_MINIMUM_POLLERS: '3', MAPPING_MAXIMUM_POLLERS: '2' },
  MAPPING_POLLER_GROUP: { MAPPING_POLLER_GROUP: 'shared' },
  MAPPING_PARTIAL_ANSWERS: { MAPPING_PARTIAL_ANSWERS: 'true' },
  MAPPING_METRICS: { MAPPING_METRICS: 'Lag' },
}))
  test(`a ${name} that Lambda would refuse, or pass over, is refused by its name`, () => {
    assert.throws(() => deploymentOf({ ...environment, ...more }), new RegExp(name))
  })

test('the sink function answers for partitions where the mapping reads it', () => {
  const more = { MAPPING_MINIMUM_POLLERS: '1', MAPPING_PARTIAL_ANSWERS: 'true' }

  assert.equal(deploymentOf({ ...environment, ...more }).worker.partialAnswers, true)
  assert.equal(deploymentOf(environment).worker.partialAnswers, undefined)
})

const onMsk = { MAPPING_CLUSTER_ARN: 'arn:cluster' }
const withSecret = { MAPPING_ACCESS_SECRET_ARN: 'arn:secret' }

for (const { more, client, login, access } of [
  {
    more: { ...onMsk, MAPPING_ACCESS_TYPE: 'IAM' },
    client: { 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'AWS_MSK_IAM' },
    login: {},
    access: [],
  },
  {
    more: { ...onMsk, ...withSecret, MAPPING_ACCESS_TYPE: 'CLIENT_CERTIFICATE_TLS_AUTH' },
    client: { 'security.protocol': 'SSL' },
    login: { kind: 'CLIENT_CERTIFICATE_TLS_AUTH', secret: 'arn:secret' },
    access: ['CLIENT_CERTIFICATE_TLS_AUTH'],
  },
  {
    more: {
      ...withSecret,
      MAPPING_ACCESS_TYPE: 'BASIC_AUTH',
      MAPPING_ROOT_CA_SECRET_ARN: 'arn:ca',
    },
    client: { 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'PLAIN' },
    login: { kind: 'BASIC_AUTH', secret: 'arn:secret', rootCa: 'arn:ca' },
    access: ['BASIC_AUTH', 'SERVER_ROOT_CA_CERTIFICATE'],
  },
  {
    more: { ...withSecret, MAPPING_ACCESS_TYPE: 'SASL_SCRAM_256_AUTH' },
    client: { 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'SCRAM-SHA-256' },
    login: { kind: 'SASL_SCRAM_256_AUTH', secret: 'arn:secret' },
    access: ['SASL_SCRAM_256_AUTH'],
  },
  {
    more: { MAPPING_ROOT_CA_SECRET_ARN: 'arn:ca' },
    client: { 'security.protocol': 'SSL' },
    login: { rootCa: 'arn:ca' },
    access: ['SERVER_ROOT_CA_CERTIFICATE'],
  },
  { more: {}, client: { 'security.protocol': 'PLAINTEXT' }, login: {}, access: [] },
])
  test(`functions log in to Kafka as mappings do: ${JSON.stringify(more)}`, () => {
    const { properties, kafkaLogin, mappings } = deploymentOf({ ...environment, ...more })

    assert.deepEqual(properties.client, client)
    assert.deepEqual(kafkaLogin, login)
    assert.deepEqual(
      mappings.access.map(({ Type }) => Type),
      access,
    )
  })

for (const { title, more, why } of [
  {
    title: 'a way to log in without its secret',
    more: { MAPPING_ACCESS_TYPE: 'BASIC_AUTH' },
    why: /BASIC_AUTH needs MAPPING_ACCESS_SECRET_ARN/,
  },
  { title: 'a secret without a way to log in', more: withSecret, why: /needs MAPPING_ACCESS_TYPE/ },
  {
    title: 'an unknown way to log in',
    more: { ...withSecret, MAPPING_ACCESS_TYPE: 'SCRAM' },
    why: /MAPPING_ACCESS_TYPE is SCRAM: it must be one of IAM, BASIC_AUTH/,
  },
  {
    title: 'IAM without MSK',
    more: { MAPPING_ACCESS_TYPE: 'IAM' },
    why: /IAM, which needs an MSK cluster: MAPPING_CLUSTER_ARN/,
  },
  {
    title: 'IAM with a secret',
    more: { ...onMsk, ...withSecret, MAPPING_ACCESS_TYPE: 'IAM' },
    why: /MAPPING_ACCESS_SECRET_ARN is of no use/,
  },
  {
    title: 'PLAIN with MSK',
    more: { ...onMsk, ...withSecret, MAPPING_ACCESS_TYPE: 'BASIC_AUTH' },
    why: /BASIC_AUTH, which event source mappings do not know with an MSK cluster/,
  },
  {
    title: 'an authority of one’s own with MSK',
    more: { ...onMsk, MAPPING_ROOT_CA_SECRET_ARN: 'arn:ca' },
    why: /MAPPING_ROOT_CA_SECRET_ARN is for brokers of your own/,
  },
  {
    title: 'a login in the open',
    more: {
      ...withSecret,
      MAPPING_ACCESS_TYPE: 'SASL_SCRAM_512_AUTH',
      CONNECT_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    },
    why: /CONNECT_SECURITY_PROTOCOL is SASL_PLAINTEXT, but with .* it is SASL_SSL/,
  },
  {
    title: 'an authority for what is not enciphered',
    more: { MAPPING_ROOT_CA_SECRET_ARN: 'arn:ca', CONNECT_SECURITY_PROTOCOL: 'PLAINTEXT' },
    why: /MAPPING_ROOT_CA_SECRET_ARN is of no use/,
  },
  {
    title: 'subnets without a security group',
    more: { MAPPING_SUBNET_IDS: 'subnet-1' },
    why: /MAPPING_SUBNET_IDS and MAPPING_SECURITY_GROUP_IDS go together/,
  },
])
  test(`${title} is refused before anything starts`, () => {
    assert.throws(() => deploymentOf({ ...environment, ...more }), {
      name: 'ConfigException',
      message: why,
    })
  })

for (const API_AUTHORIZATION of ['AWS_IAM', 'JWT'])
  test(`where API Gateway asks (${API_AUTHORIZATION}), the api lets in whoever got as far as to it`, () => {
    const { worker } = deploymentOf({ ...environment, API_AUTHORIZATION })

    assert.equal(worker.access, undefined)
    assert.equal(worker.rest?.users, undefined)
  })

test('with BASIC, the users are those of the secret', () => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:users-a1b2c3'

  const { worker } = deploymentOf({
    ...environment,
    API_AUTHORIZATION: 'BASIC',
    API_USERS_SECRET_ARN: arn,
  })

  assert.equal(worker.access, undefined)
  assert.equal(worker.rest?.users?.reveal(), `\${secretsmanager:${arn}}`)
})

for (const authorization of ['BASIC', 'NONE', ''])
  test(`with ${authorization || 'nothing'} and without users nobody is let in`, () => {
    const { worker } = deploymentOf({ ...environment, API_AUTHORIZATION: authorization })

    assert.equal(worker.access, 'nobody')
  })

test('users are of no use where callers sign their requests', () => {
  assert.throws(
    () =>
      deploymentOf({
        ...environment,
        API_AUTHORIZATION: 'AWS_IAM',
        API_USERS_SECRET_ARN: 'arn:secret',
      }),
    /API_USERS_SECRET_ARN goes with API_AUTHORIZATION=BASIC/,
  )
})

test('coordinators that run beside each other share the calls a second', () => {
  const shared = deploymentOf({
    ...environment,
    COORDINATORS: '2',
    LAMBDA_CALLS_PER_SECOND: '12',
  })

  assert.deepEqual(deploymentOf(environment).callsPerSecond, { lambda: 10, scheduler: 25 })
  assert.deepEqual(shared.callsPerSecond, { lambda: 6, scheduler: 12.5 })
  for (const wrong of ['0', '-1', 'many', 'Infinity'])
    assert.throws(
      () => deploymentOf({ ...environment, LAMBDA_CALLS_PER_SECOND: wrong }),
      new RegExp(`LAMBDA_CALLS_PER_SECOND must be a number above 0, and is ${wrong}`),
    )
})
