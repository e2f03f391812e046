/** Which places references may name: Kafka's worker keys `config.providers`, `config.providers.<alias>.class` and `….param.<name>`. */
import { ConfigError } from '../errors.ts'
import type { RawConfig } from './config-def.ts'

export type ProviderKind = 'env' | 'file' | 'dir' | 'secretsmanager' | 'ssm'

export type DeclaredProvider = {
  readonly kind: ProviderKind
  readonly params: Readonly<Record<string, string>>
}

/** By alias. */
export type DeclaredProviders = Readonly<Record<string, DeclaredProvider>>

const KAFKA = 'org.apache.kafka.common.config.provider.'
// The providers of this name that AWS publishes for Kafka Connect read the same places by the same references.
const AWS = 'com.amazonaws.kafka.config.providers.'

const KINDS: Readonly<Record<ProviderKind, string>> = {
  env: `${KAFKA}EnvVarConfigProvider`,
  file: `${KAFKA}FileConfigProvider`,
  dir: `${KAFKA}DirectoryConfigProvider`,
  secretsmanager: `${AWS}SecretsManagerConfigProvider`,
  ssm: `${AWS}SsmParamStoreConfigProvider`,
}

/** There without being listed: IAM decides what they give. The others read the process's own environment and files, of which every client of the REST API could ask: whoever runs the worker lists them. */
const ALWAYS: readonly ProviderKind[] = ['secretsmanager', 'ssm']

/** @throws ConfigError naming the key. */
export function declaredProviders(
  listed: readonly string[],
  properties: RawConfig,
): DeclaredProviders {
  const aliases = new Set([...ALWAYS, ...listed.filter((alias) => alias !== '')])
  return Object.fromEntries(Array.from(aliases, (alias) => [alias, declared(alias, properties)]))
}

function declared(alias: string, properties: RawConfig): DeclaredProvider {
  const prefix = `config.providers.${alias}.param.`
  const params = Object.entries(properties).filter(([key]) => key.startsWith(prefix))
  return {
    kind: kindOf(alias, properties[`config.providers.${alias}.class`]?.trim()),
    params: Object.fromEntries(params.map(([key, text]) => [key.slice(prefix.length), text ?? ''])),
  }
}

/** The conventional aliases need no class. A class is named in full, by its last part, or as its conventional alias. */
function kindOf(alias: string, className: string | undefined): ProviderKind {
  const key = `config.providers.${alias}.class`
  const found = Object.entries(KINDS).find(([kind, name]) =>
    [kind, name, name.slice(name.lastIndexOf('.') + 1)].includes(className ?? alias),
  )
  if (found) return found[0] as ProviderKind // A key of KINDS.
  throw new ConfigError(
    className === undefined
      ? `Missing required configuration "${key}" which has no default value.`
      : `Invalid value ${className} for configuration ${key}: Class ${className} could not be found.`,
  )
}
