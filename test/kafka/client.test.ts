import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { inspect } from 'node:util'
import type { RawConfig } from '../../lib/config/config-def.ts'
import { kafkaSettings, tlsOptions } from '../../lib/kafka/client.ts'
import { tokenFor } from '../../lib/kafka/msk-iam.ts'
import { saslOptions } from '../../lib/kafka/sasl.ts'

const settings = (client: RawConfig, servers = ['one:9092']) =>
  kafkaSettings({ 'bootstrap.servers': servers, client })
const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required'

test('without a protocol connections are plain', () => {
  assert.deepEqual(settings({}), { brokers: ['one:9092'] })
})

test('brokers may be listeners’ URLs and IPv6 addresses', () => {
  const { brokers } = settings({}, [' PLAINTEXT://one:9092', '[::1]:9093'])

  assert.deepEqual(brokers, ['one:9092', '[::1]:9093'])
})

test('PLAIN over TLS', () => {
  const { ssl, sasl } = settings({
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': 'PLAIN',
    'sasl.jaas.config': `${plain} username="me" password="it's \\"secret\\"";`,
  })

  assert.deepEqual(ssl && tlsOptions(ssl), {})
  assert.deepEqual(sasl && saslOptions(sasl), {
    mechanism: 'plain',
    username: 'me',
    password: 'it\'s "secret"',
  })
})

for (const mechanism of ['SCRAM-SHA-256', 'SCRAM-SHA-512'])
  test(`${mechanism} without TLS`, () => {
    const { ssl, sasl } = settings({
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': mechanism,
      'sasl.jaas.config':
        'org.apache.kafka.common.security.scram.ScramLoginModule required\n  username=me\n  password=secret;',
    })

    assert.equal(ssl, undefined)
    assert.deepEqual(sasl && saslOptions(sasl), {
      mechanism: mechanism.toLowerCase(),
      username: 'me',
      password: 'secret',
    })
  })

test('TLS with a client certificate in PEM, host names not checked', () => {
  const { ssl } = settings({
    'security.protocol': 'ssl',
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.certificates': 'trusted',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.certificate.chain': 'chain',
    'ssl.keystore.key': 'key',
    'ssl.key.password': 'secret',
    'ssl.endpoint.identification.algorithm': '',
  })

  const { checkServerIdentity, ...options } = tlsOptions(ssl ?? { checksHostName: true })
  assert.deepEqual(options, { ca: 'trusted', cert: 'chain', key: 'key', passphrase: 'secret' })
  assert.equal(checkServerIdentity?.('other', {} as never), undefined)
})

test('PEM files are read where the store’s location says', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'connectless-'))
  t.after(() => rmSync(dir, { recursive: true }))
  writeFileSync(join(dir, 'ca.pem'), 'trusted')

  const { ssl } = settings({
    'security.protocol': 'SSL',
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': join(dir, 'ca.pem'),
  })

  assert.deepEqual(ssl && tlsOptions(ssl), { ca: 'trusted' })
})

test('a key store file holds key and certificate', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'connectless-'))
  t.after(() => rmSync(dir, { recursive: true }))
  writeFileSync(join(dir, 'client.pem'), 'secret0')

  const { ssl } = settings({
    'security.protocol': 'SSL',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': join(dir, 'client.pem'),
  })

  assert.deepEqual(ssl && tlsOptions(ssl), { cert: 'secret0', key: 'secret0' })
  assert.doesNotMatch(inspect(ssl), /secret/)
})

test('secrets do not print', () => {
  const printed = inspect(
    settings({
      'security.protocol': 'SASL_SSL',
      'sasl.mechanism': 'PLAIN',
      'sasl.jaas.config': `${plain} username="me" password="secret1";`,
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.key': 'secret2',
      'ssl.key.password': 'secret3',
    }),
    { depth: 9 },
  )

  assert.doesNotMatch(printed, /secret\d/)
})

const iam = {
  'security.protocol': 'SASL_SSL',
  'sasl.mechanism': 'AWS_MSK_IAM',
  'sasl.jaas.config': 'software.amazon.msk.auth.iam.IAMLoginModule required;',
  'sasl.client.callback.handler.class': 'software.amazon.msk.auth.iam.IAMClientCallbackHandler',
}

for (const [broker, region] of [
  ['b-1.demo.abc123.c2.kafka.eu-west-1.amazonaws.com:9098', 'eu-west-1'],
  ['boot-abc123.c2.kafka-serverless.us-east-2.amazonaws.com:9098', 'us-east-2'],
  ['b-1.demo.abc123.c2.kafka.cn-north-1.amazonaws.com.cn:9098', 'cn-north-1'],
  ['kafka.example:9098', 'ap-south-1'],
] as const)
  test(`MSK’s IAM as the Java clients write it, in the region of ${broker}`, () => {
    const { sasl } = kafkaSettings({
      'bootstrap.servers': [broker],
      client: iam,
      region: 'ap-south-1',
    })

    assert.deepEqual(sasl, { mechanism: 'AWS_MSK_IAM', region })
  })

test('a token for MSK is a request to connect, signed for its region, good for 15 minutes', async (t) => {
  const own = {
    AWS_ACCESS_KEY_ID: 'AKIDTEST',
    AWS_SECRET_ACCESS_KEY: 's',
    AWS_SESSION_TOKEN: 'of a role',
  }
  Object.assign(process.env, own)
  t.after(() => {
    for (const name of Object.keys(own)) delete process.env[name]
  })

  const url = new URL(Buffer.from(await tokenFor('eu-west-1'), 'base64url').toString())

  assert.equal(url.origin, 'https://kafka.eu-west-1.amazonaws.com')
  const {
    'X-Amz-Date': date,
    'X-Amz-Signature': signature,
    ...rest
  } = Object.fromEntries(url.searchParams)
  assert.match(signature ?? '', /^[0-9a-f]{64}$/)
  assert.equal(rest.Action, 'kafka-cluster:Connect')
  assert.equal(rest['X-Amz-Expires'], '900')
  assert.equal(rest['X-Amz-Security-Token'], 'of a role')
  assert.equal(
    rest['X-Amz-Credential'],
    `AKIDTEST/${date?.slice(0, 8)}/eu-west-1/kafka-cluster/aws4_request`,
  )
})

const refused: readonly { title: string; client: RawConfig; servers?: string[]; why: RegExp }[] = [
  {
    title: 'an unknown protocol',
    client: { 'security.protocol': 'TLS' },
    why: /security\.protocol/,
  },
  {
    title: 'a mechanism that is not supported',
    client: { 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'GSSAPI' },
    why: /GSSAPI for configuration sasl\.mechanism/,
  },
  {
    title: 'a bearer token of others',
    client: { 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'OAUTHBEARER' },
    why: /OAUTHBEARER for configuration sasl\.mechanism: Must be one of .*AWS_MSK_IAM/,
  },
  {
    title: 'a token for MSK in the open',
    client: { ...iam, 'security.protocol': 'SASL_PLAINTEXT' },
    why: /SASL_PLAINTEXT for configuration security\.protocol: Must be SASL_SSL/,
  },
  {
    title: 'another role for MSK',
    client: {
      ...iam,
      'sasl.jaas.config':
        'software.amazon.msk.auth.iam.IAMLoginModule required awsRoleArn="arn:aws:iam::1:role/x";',
    },
    why: /sasl\.jaas\.config: awsRoleArn is not supported/,
  },
  {
    title: 'another login module for MSK',
    client: { ...iam, 'sasl.jaas.config': `${plain} username="me" password="secret";` },
    why: /sasl\.jaas\.config: Must begin with software\.amazon\.msk/,
  },
  {
    title: 'another callback handler for MSK',
    client: { ...iam, 'sasl.client.callback.handler.class': 'com.example.Own' },
    why: /com\.example\.Own for configuration sasl\.client\.callback\.handler\.class/,
  },
  {
    title: 'MSK in a region that nobody tells',
    client: iam,
    why: /one:9092 for configuration bootstrap\.servers: Must be brokers of MSK, or set AWS_REGION/,
  },
  {
    title: 'a login without a password',
    client: {
      'security.protocol': 'SASL_SSL',
      'sasl.mechanism': 'PLAIN',
      'sasl.jaas.config': `${plain} username="me";`,
    },
    why: /\[hidden\] for configuration sasl\.jaas\.config: Must have password/,
  },
  {
    title: 'a Java key store',
    client: { 'security.protocol': 'SSL', 'ssl.truststore.location': '/x.jks' },
    why: /JKS for configuration ssl\.truststore\.type: Must be PEM/,
  },
  {
    title: 'a file that is not there',
    client: {
      'security.protocol': 'SSL',
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': '/nowhere/x.pem',
    },
    why: /Cannot read ssl\.keystore\.location \/nowhere\/x\.pem/,
  },
  { title: 'a broker without a port', client: {}, servers: ['one'], why: /bootstrap\.servers/ },
]

for (const { title, client, servers, why } of refused)
  test(`${title} is refused by the property’s name`, () => {
    assert.throws(() => settings(client, servers), { name: 'ConfigException', message: why })
  })
