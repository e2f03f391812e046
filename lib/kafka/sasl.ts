import type { Mechanism, SASLOptions } from 'kafkajs'
import type { RawConfig } from '../config/config-def.ts'
import { Password } from '../config/password.ts'
import { ConfigError } from '../errors.ts'
import { mskIam } from './msk-iam.ts'

/** Who a client of ours is to Kafka. */
export type Sasl =
  | {
      readonly mechanism: (typeof WITH_PASSWORD)[number]
      readonly username: string
      readonly password: Password
    }
  /** With the credentials that the AWS SDK finds; in a function those of its role. */
  | { readonly mechanism: typeof MSK_IAM; readonly region: string }

const WITH_PASSWORD = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const

/** As the Java clients write it that have aws-msk-iam-auth beside them. */
export const MSK_IAM = 'AWS_MSK_IAM'

type Surroundings = {
  readonly brokers: readonly string[]
  /** where brokers' names do not tell */
  readonly region: string | undefined
}

/** @throws ConfigError naming the property that is wrong. */
export function saslOf(client: RawConfig, surroundings: Surroundings): Sasl {
  const wanted = client['sasl.mechanism'] ?? 'GSSAPI'
  if (wanted === MSK_IAM) return mskIamOf(client, surroundings)
  const mechanism = WITH_PASSWORD.find((known) => known === wanted)
  if (!mechanism)
    throw invalid(
      'sasl.mechanism',
      wanted,
      `Must be one of ${[...WITH_PASSWORD, MSK_IAM].join(', ')} here`,
    )
  const options = jaasOptions(client['sasl.jaas.config'] ?? '')
  const option = (name: string): string => {
    const value = options.get(name)
    if (value !== undefined) return value
    throw invalid('sasl.jaas.config', '[hidden]', `Must have ${name}="…"`)
  }
  return { mechanism, username: option('username'), password: new Password(option('password')) }
}

const CALLBACK = 'sasl.client.callback.handler.class'
const IAM_CALLBACK = 'software.amazon.msk.auth.iam.IAMClientCallbackHandler'
const IAM_LOGIN = 'software.amazon.msk.auth.iam.IAMLoginModule'

function mskIamOf(client: RawConfig, { brokers, region }: Surroundings): Sasl {
  const protocol = client['security.protocol'] ?? 'PLAINTEXT'
  // Whoever reads the token may log in with it for a quarter of an hour.
  if (protocol.toUpperCase() !== 'SASL_SSL')
    throw invalid('security.protocol', protocol, `Must be SASL_SSL with ${MSK_IAM}`)
  const callback = client[CALLBACK] ?? IAM_CALLBACK
  if (callback !== IAM_CALLBACK)
    throw invalid(CALLBACK, callback, `Must be ${IAM_CALLBACK} with ${MSK_IAM}`)
  refuseOptions(client['sasl.jaas.config'] ?? IAM_LOGIN)
  const told = brokers.map(regionIn).find((found) => found !== undefined) ?? region
  if (told === undefined)
    throw invalid('bootstrap.servers', brokers.join(), 'Must be brokers of MSK, or set AWS_REGION')
  return { mechanism: MSK_IAM, region: told }
}

function refuseOptions(jaas: string): void {
  const module = jaas.trim().split(/[\s;]/, 1)[0]
  if (module !== IAM_LOGIN)
    throw invalid('sasl.jaas.config', '[hidden]', `Must begin with ${IAM_LOGIN} for ${MSK_IAM}`)
  for (const name of jaasOptions(jaas).keys())
    throw invalid(
      'sasl.jaas.config',
      '[hidden]',
      `${name} is not supported: the role of the process itself is used`,
    )
}

// b-1.orders.abc123.c2.kafka.eu-west-1.amazonaws.com:9098, boot-abc123.c2.kafka-serverless.eu-west-1.amazonaws.com:9098
const regionIn = (broker: string): string | undefined =>
  /\.kafka(?:-serverless)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?:\d+$/.exec(broker)?.[1]

/** name=value, or name="value" in which a backslash stands before quotes and backslashes. */
const jaasOptions = (jaas: string): ReadonlyMap<string, string> =>
  new Map(
    Array.from(
      jaas.matchAll(/([\w.-]+)=(?:"((?:\\.|[^"\\])*)"|([^\s;]+))/g),
      ([, name = '', quoted, bare = '']) =>
        [name, quoted?.replace(/\\(.)/g, '$1') ?? bare] as const,
    ),
  )

/** Such a text of a name and a password. */
export const jaasConfig = (loginModule: string, username: string, password: string): string =>
  `${loginModule} required username=${quoted(username)} password=${quoted(password)};`

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`

export const invalid = (name: string, value: string, why: string): ConfigError =>
  new ConfigError(`Invalid value ${value} for configuration ${name}: ${why}`)

/** As kafkajs takes it. */
export function saslOptions(sasl: Sasl): SASLOptions | Mechanism {
  if (sasl.mechanism === MSK_IAM) return mskIam(sasl.region)
  return {
    // The names differ in nothing but their case.
    mechanism: sasl.mechanism.toLowerCase(),
    username: sasl.username,
    password: sasl.password.reveal(),
  } as SASLOptions
}
