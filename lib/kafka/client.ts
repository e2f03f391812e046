import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import type { RawConfig } from '../config/config-def.ts'
import { Password } from '../config/password.ts'
import { ConfigError } from '../errors.ts'
import { invalid, type Sasl, saslOf } from './sasl.ts'

/** How every client of ours reaches Kafka and who it is there. */
export type KafkaSettings = {
  /** host:port of those to begin with */
  readonly brokers: readonly string[]
  readonly ssl?: Ssl
  readonly sasl?: Sasl
}

/** PEM texts; what is absent is Node's default. */
type Ssl = {
  readonly trusted?: string
  /** a secret, too: it may stand in one file with the key */
  readonly certificate?: Password
  readonly key?: Password
  readonly keyPassword?: Password
  readonly checksHostName: boolean
}

const PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']

/** From the properties of Kafka's Java clients, as worker files have them. @throws ConfigError naming the one that is wrong. */
export function kafkaSettings(properties: {
  readonly 'bootstrap.servers': readonly string[]
  readonly client: RawConfig
  /** AWS's, for MSK under names of one's own */
  readonly region?: string | undefined
}): KafkaSettings {
  const { client } = properties
  const protocol = (client['security.protocol'] ?? 'PLAINTEXT').toUpperCase()
  if (!PROTOCOLS.includes(protocol))
    throw invalid('security.protocol', protocol, `Must be one of ${PROTOCOLS.join(', ')}`)
  const brokers = properties['bootstrap.servers'].map(addressOf)
  return {
    brokers,
    ...(protocol.endsWith('SSL') && { ssl: sslOf(client) }),
    ...(protocol.startsWith('SASL') && {
      sasl: saslOf(client, { brokers, region: properties.region }),
    }),
  }
}

function addressOf(server: string): string {
  // Java takes a listener's URL too: PLAINTEXT://host:port.
  const address = server.trim().replace(/^[A-Za-z_]+:\/\//, '')
  if (/^(\[[0-9a-fA-F:.%]+\]|[^\s:]+):\d+$/.test(address)) return address
  throw invalid('bootstrap.servers', server, 'Must be host:port')
}

function sslOf(client: RawConfig): Ssl {
  const trusted = pemOf(client, 'ssl.truststore', 'ssl.truststore.certificates')
  const key = pemOf(client, 'ssl.keystore', 'ssl.keystore.key')
  // A file holds both.
  const chain = client['ssl.keystore.key'] ? client['ssl.keystore.certificate.chain'] : key
  const keyPassword = client['ssl.key.password']
  return {
    ...(trusted !== undefined && { trusted }),
    ...(typeof chain === 'string' && { certificate: new Password(chain) }),
    ...(key !== undefined && { key: new Password(key) }),
    ...(typeof keyPassword === 'string' && { keyPassword: new Password(keyPassword) }),
    checksHostName: client['ssl.endpoint.identification.algorithm'] !== '',
  }
}

/** A store of type PEM: as text in its own key, or in the file that `<store>.location` names. */
function pemOf(client: RawConfig, store: string, textKey: string): string | undefined {
  const [text, location] = [client[textKey], client[`${store}.location`]]
  if (typeof text !== 'string' && typeof location !== 'string') return undefined
  const type = client[`${store}.type`] ?? 'JKS'
  if (type !== 'PEM') throw invalid(`${store}.type`, type, 'Must be PEM here')
  if (typeof text === 'string') return text
  try {
    return readFileSync(location as string, 'utf8') // a string: else the first line had returned
  } catch (cause) {
    throw new ConfigError(`Cannot read ${store}.location ${location}`, { cause })
  }
}

/** As Node takes it. */
export const tlsOptions = (ssl: Ssl): ConnectionOptions => ({
  ...(ssl.trusted !== undefined && { ca: ssl.trusted }),
  ...(ssl.certificate && { cert: ssl.certificate.reveal() }),
  ...(ssl.key && { key: ssl.key.reveal() }),
  ...(ssl.keyPassword && { passphrase: ssl.keyPassword.reveal() }),
  ...(!ssl.checksHostName && { checkServerIdentity: () => undefined }),
})
