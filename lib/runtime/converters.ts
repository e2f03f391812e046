import { javaTrim, parseConfig, type RawConfig } from '../config/config-def.ts'
import type { ConfiguredConverter, Plugins } from '../plugin.ts'

export type Converters = { readonly key: ConfiguredConverter; readonly value: ConfiguredConverter }

/** A converter named by the connector replaces the worker's together with all of the worker's settings for it, as in Kafka Connect. */
export function convertersOf(
  connector: RawConfig,
  worker: RawConfig,
  plugins: Plugins,
): Converters {
  const configured = (position: 'key' | 'value'): ConfiguredConverter => {
    const named = connector[`${position}.converter`] ? connector : worker
    const plugin = plugins.converter(javaTrim(named[`${position}.converter`] ?? ''))
    const settings = {
      ...withoutPrefix(named, `${position}.converter.`),
      'converter.type': position,
    }
    return plugin.configure(parseConfig(plugin.config, settings), position)
  }
  return { key: configured('key'), value: configured('value') }
}

const withoutPrefix = (config: RawConfig, prefix: string): RawConfig =>
  Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  )
