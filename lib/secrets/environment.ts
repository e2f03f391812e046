import { ConfigError, messageOf } from '../errors.ts'
import type { ConfigProvider } from '../ports.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** `${env:NAME}`. `pattern`: the names that may be read, as a whole; left out: all. @throws ConfigError when it is no pattern. */
export function environmentValues(environment: Environment, pattern = '.*'): ConfigProvider {
  const allowed = compile(pattern)
  return {
    async get(path, key) {
      if (path !== '')
        throw new ConfigError(
          `Path is not supported for EnvVarConfigProvider, invalid value '${path}'`,
        )
      return allowed.test(key) && Object.hasOwn(environment, key) ? environment[key] : undefined
    },
  }
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`)
  } catch (error) {
    throw new ConfigError(
      `Invalid value ${pattern} for configuration allowlist.pattern: ${messageOf(error)}`,
    )
  }
}
