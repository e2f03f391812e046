import { classesOf } from '../config/class-names.ts'
import { javaTrim, parseConfig, type RawConfig } from '../config/config-def.ts'
import { refuseClass } from '../config/java-classes.ts'
import { ConfigError } from '../errors.ts'
import type { ConfiguredConverter, Converter, Plugins } from '../plugin.ts'
import { settingsUnder } from './settings-under.ts'

type Position = 'key' | 'value' | 'header'

/** A converter in its place, with the class name that errors are reported with. */
export type PlacedConverter = {
  readonly className: string
  readonly converter: ConfiguredConverter
}

export type Converters = Readonly<Record<Position, PlacedConverter>>

/** The worker's, where nobody says otherwise. */
const DEFAULT_HEADER_CONVERTER = 'org.apache.kafka.connect.storage.SimpleHeaderConverter'

/**
 * A converter named by the connector replaces the worker's together with all of the worker's settings for it, as in Kafka Connect.
 * @throws ConfigError naming the key of a class that is missing or no converter for this place.
 */
export function convertersOf(
  connector: RawConfig,
  worker: RawConfig,
  plugins: Plugins,
): Converters {
  const placed = (position: Position): PlacedConverter => {
    const named = connector[`${position}.converter`] ? connector : worker
    const plugin = converterNamed(position, named, plugins)
    const settings = {
      ...settingsUnder(`${position}.converter.`, named),
      'converter.type': position,
    }
    const converter = plugin.configure(parseConfig(plugin.config, settings), position)
    return { className: plugin.name, converter }
  }
  return { key: placed('key'), value: placed('value'), header: placed('header') }
}

function converterNamed(position: Position, named: RawConfig, plugins: Plugins): Converter {
  const key = `${position}.converter`
  const name = named[key] || (position === 'header' ? DEFAULT_HEADER_CONVERTER : '')
  const found = classesOf(plugins.all)(javaTrim(name))
  if (!found)
    throw new ConfigError(
      `Invalid value ${name} for configuration ${key}: Class ${name} could not be found.`,
    )
  const refused = refuseClass(found, position === 'header' ? 'HeaderConverter' : 'Converter')
  if (refused !== undefined) throw new ConfigError(refused)
  return plugins.converter(found.name)
}
