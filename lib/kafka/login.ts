import type { RawConfig } from '../config/config-def.ts'
import { ConfigError } from '../errors.ts'
import type { ConfigProvider } from '../ports.ts'
import { jaasConfig } from './sasl.ts'

/** Secrets in the forms that Lambda's event source mappings read, each by its ARN. */
export type Login = {
  readonly kind?:
    | 'BASIC_AUTH'
    | 'SASL_SCRAM_256_AUTH'
    | 'SASL_SCRAM_512_AUTH'
    | 'CLIENT_CERTIFICATE_TLS_AUTH'
  /** `{"username", "password"}`, or `{"certificate", "privateKey", "privateKeyPassword"?}`, both PEM */
  readonly secret?: string
  /** `{"certificate"}` of the authority that the brokers' certificates are from */
  readonly rootCa?: string
}

/** What the secrets say, as properties of Kafka's clients. @throws ConfigError naming the secret that lacks something. */
export async function loginProperties(login: Login, secrets: ConfigProvider): Promise<RawConfig> {
  const { kind, secret, rootCa } = login
  return {
    ...(rootCa !== undefined && (await trustOf(rootCa, secrets))),
    ...(secret !== undefined &&
      (kind === 'CLIENT_CERTIFICATE_TLS_AUTH'
        ? await certificateOf(secret, secrets)
        : await passwordOf(secret, kind === 'BASIC_AUTH' ? PLAIN : SCRAM, secrets))),
  }
}

const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule'
const SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule'

async function passwordOf(secret: string, loginModule: string, secrets: ConfigProvider) {
  const username = await memberOf(secret, 'username', secrets)
  const password = await memberOf(secret, 'password', secrets)
  return { 'sasl.jaas.config': jaasConfig(loginModule, username, password) }
}

async function certificateOf(secret: string, secrets: ConfigProvider) {
  const chain = await memberOf(secret, 'certificate', secrets)
  const key = await memberOf(secret, 'privateKey', secrets)
  const keyPassword = await secrets.get(secret, 'privateKeyPassword')
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.certificate.chain': chain,
    'ssl.keystore.key': key,
    ...(keyPassword !== undefined && { 'ssl.key.password': keyPassword }),
  }
}

const trustOf = async (secret: string, secrets: ConfigProvider) => ({
  'ssl.truststore.type': 'PEM',
  'ssl.truststore.certificates': await memberOf(secret, 'certificate', secrets),
})

async function memberOf(secret: string, member: string, secrets: ConfigProvider): Promise<string> {
  const value = await secrets.get(secret, member)
  if (value !== undefined) return value
  throw new ConfigError(`The secret ${secret} has no ${member}`)
}
