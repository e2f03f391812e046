import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import type { Clock, ConfigProvider } from '../ports.ts'
import { remembered } from '../runtime/remembered.ts'
import { reading } from './aws-errors.ts'
import { KEPT_MS, SDK_SETTINGS } from './sdk-settings.ts'

export const ssmClient = (region: string | undefined): SSMClient =>
  new SSMClient({ ...SDK_SETTINGS, ...(region === undefined ? {} : { region }) })

/** `${ssm:<path>:<name>}` or `${ssm:/full/name}`: a parameter of Systems Manager, deciphered where it is a SecureString. */
export function parametersOf(client: SSMClient, clock: Clock): ConfigProvider {
  const values = remembered(KEPT_MS, clock, async ({ name }: { readonly name: string }) => {
    const { Parameter } = await reading(`parameter ${name}`, () =>
      client.send(new GetParameterCommand({ Name: name, WithDecryption: true })),
    )
    return Parameter?.Value
  })
  return { get: (path, key) => values.read({ name: nameOf(path, key) }) }
}

function nameOf(path: string, key: string): string {
  if (path === '') return key
  // The colons of an ARN are taken for those of the reference.
  if (path === 'arn') return `${path}:${key}`
  return `${path.replace(/\/$/, '')}/${key.replace(/^\//, '')}`
}
