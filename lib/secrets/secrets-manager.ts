import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { ConfigError } from '../errors.ts'
import type { Clock, ConfigProvider } from '../ports.ts'
import { remembered } from '../runtime/remembered.ts'
import { reading } from './aws-errors.ts'
import { KEPT_MS, SDK_SETTINGS } from './sdk-settings.ts'

export const secretsManagerClient = (region: string | undefined): SecretsManagerClient =>
  new SecretsManagerClient({ ...SDK_SETTINGS, ...(region === undefined ? {} : { region }) })

/**
 * `${secretsmanager:<secret>:<key>}`: a member of a secret that is a JSON object. Without a key, `${secretsmanager:<secret>}` or
 * `${secretsmanager:<secret>:}`, its whole text. A secret is named by its name or its ARN.
 */
export function secretsOf(client: SecretsManagerClient, clock: Clock): ConfigProvider {
  const texts = remembered(KEPT_MS, clock, async ({ secret }: Pick<Named, 'secret'>) => {
    const { SecretString } = await reading(`secret ${secret}`, () =>
      client.send(new GetSecretValueCommand({ SecretId: secret })),
    )
    if (SecretString === undefined) throw new ConfigError(`Secret ${secret} holds bytes, no text`)
    return SecretString
  })
  return {
    async get(path, key) {
      const { secret, member } = named(path, key)
      const text = await texts.read({ secret })
      return member === '' ? text : memberOf(text, member, secret)
    },
  }
}

type Named = { readonly secret: string; readonly member: string }

// arn:aws:secretsmanager:<region>:<account>:secret:<name>
const ARN = /^(arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:[^:]+)(?::(.*))?$/s

/** The colons of an ARN are taken for those of the reference; the providers of AWS have them written as %3A. */
function named(path: string, key: string): Named {
  const whole = (path === '' ? key : `${path}:${key}`).replaceAll(/%3A/gi, ':')
  const [, arn, member = ''] = ARN.exec(whole) ?? []
  if (arn !== undefined) return { secret: arn, member }
  return path === '' ? { secret: key, member: '' } : { secret: path, member: key }
}

/** No error of JSON.parse gets out: it shows a piece of the secret. */
function memberOf(text: string, key: string, secret: string): string | undefined {
  let members: unknown
  try {
    members = JSON.parse(text)
  } catch {
    members = undefined
  }
  if (typeof members !== 'object' || members === null || Array.isArray(members))
    throw new ConfigError(`Secret ${secret} is no JSON object, so it has no key ${key}`)
  const value: unknown = Object.hasOwn(members, key) ? members[key as keyof object] : undefined
  if (value === undefined || value === null) return undefined
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
