import type {
  DeclaredProvider,
  DeclaredProviders,
  ProviderKind,
} from '../config/config-providers.ts'
import type { Clock, ConfigProvider, Log } from '../ports.ts'
import { allowedPaths } from './allowed-paths.ts'
import { type Environment, environmentValues } from './environment.ts'
import { filesOfFolder, propertiesFiles } from './files.ts'

/** What providers read beside the network and the files. */
export type Surroundings = {
  readonly environment: Environment
  readonly clock: Clock
  readonly log: Log
}

/** By alias. Client libraries are loaded by the first look-up. @throws ConfigError when a parameter is wrong. */
export const configProviders = (
  declared: DeclaredProviders,
  surroundings: Surroundings,
): Readonly<Record<string, ConfigProvider>> =>
  Object.fromEntries(
    Object.entries(declared).map(([alias, provider]) => [
      alias,
      MADE[provider.kind](provider.params, surroundings),
    ]),
  )

type Make = (params: DeclaredProvider['params'], surroundings: Surroundings) => ConfigProvider

const MADE: Readonly<Record<ProviderKind, Make>> = {
  env: (params, { environment }) => environmentValues(environment, params['allowlist.pattern']),
  file: (params, { log }) =>
    propertiesFiles(allowedPaths(params['allowed.paths']), (message) => log.warn(message)),
  dir: (params, { log }) =>
    filesOfFolder(allowedPaths(params['allowed.paths']), (message) => log.warn(message)),
  secretsmanager: ({ region }, { clock }) =>
    onFirstLookUp(async () => {
      const { secretsManagerClient, secretsOf } = await import('./secrets-manager.ts')
      return secretsOf(secretsManagerClient(region), clock)
    }),
  ssm: ({ region }, { clock }) =>
    onFirstLookUp(async () => {
      const { parametersOf, ssmClient } = await import('./parameter-store.ts')
      return parametersOf(ssmClient(region), clock)
    }),
}

/** A provider whose client library is loaded by the first look-up. */
function onFirstLookUp(load: () => Promise<ConfigProvider>): ConfigProvider {
  let loaded: Promise<ConfigProvider> | undefined
  return {
    async get(path, key) {
      loaded ??= load()
      return (await loaded).get(path, key)
    },
  }
}
