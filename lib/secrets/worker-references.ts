import { type RawConfig, splitList } from '../config/config-def.ts'
import { declaredProviders } from '../config/config-providers.ts'
import { runningConfig } from '../runtime/resolve-config.ts'
import { configProviders, type Surroundings } from './config-providers.ts'

/** A worker's own properties may refer to what its providers give; those that declare the providers are taken as they stand. */
export async function withoutReferences(
  properties: RawConfig,
  surroundings: Surroundings,
): Promise<RawConfig> {
  const isOfProviders = (key: string) => /^config\.providers($|\.)/.test(key)
  const entries = Object.entries(properties)
  const declaring = Object.fromEntries(entries.filter(([key]) => isOfProviders(key)))
  const rest = Object.fromEntries(entries.filter(([key]) => !isOfProviders(key)))
  const declared = declaredProviders(splitList(declaring['config.providers'] ?? ''), properties)
  const places = { configProviders: configProviders(declared, surroundings), log: surroundings.log }
  return { ...declaring, ...(await runningConfig(rest, places)) }
}
