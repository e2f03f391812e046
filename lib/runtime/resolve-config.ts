import type { RawConfig } from '../config/config-def.ts'
import { type Reference, referencesIn, replaceAll } from '../config/references.ts'
import { ConfigError, isRetriable, messageOf, RetriableError } from '../errors.ts'
import type { ConfigProvider, Log } from '../ports.ts'

type Places = {
  readonly configProviders: Readonly<Record<string, ConfigProvider>>
  readonly log: Pick<Log, 'warn'>
}

/**
 * The configuration that a task runs with: references of known aliases are replaced by what lies there, and stay where nothing does.
 * For the running task alone: what is stored, answered or logged is the one with references.
 * @throws RetriableError when a place does not answer; ConfigError, with alias and path, when it cannot be read.
 */
export async function runningConfig(config: RawConfig, places: Places): Promise<RawConfig> {
  const wanted = new Map(
    Object.values(config)
      .flatMap(referencesIn)
      .map((reference) => [reference.text, reference] as const),
  )
  const found = await Promise.all(
    Array.from(
      wanted.values(),
      async (reference) => [reference.text, await valueAt(reference, places)] as const,
    ),
  )
  const values = new Map(found)
  return replaceAll(config, ({ text }) => values.get(text))
}

async function valueAt(
  { text, alias, path, key }: Reference,
  { configProviders, log }: Places,
): Promise<string | undefined> {
  if (!Object.hasOwn(configProviders, alias)) return undefined
  try {
    const value = await configProviders[alias]?.get(path, key)
    if (value === undefined) log.warn(`Nothing lies at ${text}: the reference stays as it is`)
    return value
  } catch (cause) {
    const told = `Could not resolve ${text}: ${messageOf(cause)}`
    throw isRetriable(cause)
      ? new RetriableError(told, { cause })
      : new ConfigError(told, { cause })
  }
}
