import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kafkaAccessOf } from '../../functions/kafka-access.ts'
import { ConnectError, RetriableError } from '../../lib/errors.ts'
import { type KafkaSettings, kafkaSettings } from '../../lib/kafka/client.ts'
import { loginProperties } from '../../lib/kafka/login.ts'
import { kafkaProducers } from '../../lib/kafka/producers.ts'
import { kafkaTopics } from '../../lib/kafka/topics.ts'
import { skipWithout } from '../skip-without.ts'
import { newName, silentLog } from './kafka-fixture.ts'
import { always, numbered } from './producing.ts'
import { programs, securedBroker, USER } from './secured-broker.ts'

test('a broker that wants TLS and a login', async (t) => {
  if (await skipWithout(programs, t)) return
  const broker = await securedBroker()
  t.after(broker.stop)
  const { ca, certificate, key: privateKey } = broker.pem

  for (const { type, at, secret } of [
    { type: 'SASL_SCRAM_512_AUTH', at: broker.at.scram, secret: USER },
    { type: 'SASL_SCRAM_256_AUTH', at: broker.at.scram, secret: USER },
    { type: 'BASIC_AUTH', at: broker.at.plain, secret: USER },
    {
      type: 'CLIENT_CERTIFICATE_TLS_AUTH',
      at: broker.at.mutualTls,
      secret: { certificate, privateKey },
    },
  ])
    await t.test(
      `${type}: topics are made, records sent and read by what is in the secret`,
      async (t) => {
        const settings = await deployed(type, at, { login: secret, ca: { certificate: ca } })
        const topic = newName('topic')
        const topics = kafkaTopics(settings, silentLog())
        t.after(topics.close)
        const producer = await kafkaProducers(settings, silentLog()).connect(newName('producer'))
        t.after(() => producer.disconnect())

        await topics.ensure(topic, { partitions: 1, replicationFactor: 1 })
        await producer.send(numbered(topic, 0, 3), always)

        const read = await topics.read({ topic, partition: 0, offset: 0 }, 10)
        assert.deepEqual(
          read.map(({ value }) => Buffer.from(value ?? '', 'base64').toString()),
          ['v0', 'v1', 'v2'],
        )
      },
    )

  for (const { title, type, at, secrets, kind, why } of [
    {
      title: 'a wrong password is refused at once, and not shown',
      type: 'SASL_SCRAM_512_AUTH',
      at: broker.at.scram,
      secrets: { login: { ...USER, password: 'no-such' }, ca: { certificate: ca } },
      kind: ConnectError,
      why: /refuses this client.*credentials/,
    },
    {
      title: 'a mechanism that the broker has not is named',
      type: 'SASL_SCRAM_512_AUTH',
      at: broker.at.plain,
      secrets: { login: USER, ca: { certificate: ca } },
      kind: ConnectError,
      why: /refuses this client.*does not support the requested SASL mechanism/,
    },
    {
      title: 'a broker whose authority is not known is not trusted',
      type: 'SASL_SCRAM_512_AUTH',
      at: broker.at.scram,
      secrets: { login: USER },
      kind: RetriableError,
      why: /self-signed certificate|unable to verify|certificate/,
    },
  ] as const)
    await t.test(title, async (t) => {
      const topics = kafkaTopics(await deployed(type, at, secrets), silentLog())
      t.after(topics.close)

      await assert.rejects(topics.clusterId(), (error: Error) => {
        assert.ok(error instanceof kind)
        assert.match(error.message, why)
        assert.doesNotMatch(error.message, /no-such/)
        return true
      })
    })

  await t.test('a token for MSK goes to the broker as OAUTHBEARER', async (t) => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDTEST', AWS_SECRET_ACCESS_KEY: 'secret' })
    t.after(() => {
      delete process.env.AWS_ACCESS_KEY_ID
      delete process.env.AWS_SECRET_ACCESS_KEY
    })
    const settings = kafkaSettings({
      'bootstrap.servers': [broker.bearer],
      client: {
        'security.protocol': 'SASL_SSL',
        'sasl.mechanism': 'AWS_MSK_IAM',
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.certificates': ca,
      },
      region: 'eu-west-1',
    })
    const topics = kafkaTopics(settings, silentLog())
    t.after(topics.close)

    // This broker knows unsigned JSON Web Tokens alone: that it says so, it has read ours.
    await assert.rejects(topics.clusterId(), /refuses this client.*OAUTHBEARER.*invalid_token/)
  })
})

/** The settings of a function whose deployment says so. */
async function deployed(
  type: string,
  at: string,
  secrets: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Promise<KafkaSettings> {
  const { client, login } = kafkaAccessOf({
    MAPPING_ACCESS_TYPE: type,
    MAPPING_ACCESS_SECRET_ARN: 'login',
    ...(secrets.ca && { MAPPING_ROOT_CA_SECRET_ARN: 'ca' }),
  })
  const get = async (secret: string, member: string) => secrets[secret]?.[member]
  return kafkaSettings({
    'bootstrap.servers': [at],
    client: { ...client, ...(await loginProperties(login, { get })) },
  })
}
