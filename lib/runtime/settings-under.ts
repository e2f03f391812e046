import type { RawConfig } from '../config/config-def.ts'

/** The keys that begin so, without that beginning. */
export const settingsUnder = (prefix: string, config: RawConfig): RawConfig =>
  Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  )
