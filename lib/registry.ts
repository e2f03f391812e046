import { exampleSource } from './connectors/example-source/index.ts'
import { byteArrayConverter } from './converters/byte-array-converter.ts'
import { jsonConverter } from './converters/json-converter/index.ts'
import { stringConverter } from './converters/string-converter.ts'
import { NotFoundError } from './errors.ts'
import type { Plugin, Plugins } from './plugin.ts'

/** One line a plugin. */
const PLUGINS: readonly Plugin[] = [exampleSource, jsonConverter, stringConverter, byteArrayConverter]

export const plugins: Plugins = pluginsOf(PLUGINS)

/** @throws ConnectError when two plugins have the same class name. */
export function pluginsOf(all: readonly Plugin[]): Plugins {
  return {
    all,
    connector: (name) => {
      const connectors = all.filter((plugin) => plugin.kind !== 'converter')
      const found = connectors.filter((plugin) => namesOf(plugin.name, 'Connector').includes(name))
      if (found[0] && found.length === 1) return found[0]
      throw new NotFoundError(
        `Failed to find any class that implements Connector and which name matches ${name}, available connectors are: ${connectors.map(describe).join(', ')}`,
      )
    },
    converter: (name) => {
      const found = all.find(
        (plugin) => plugin.kind === 'converter' && namesOf(plugin.name, 'Converter').includes(name),
      )
      if (found?.kind === 'converter') return found
      throw new NotFoundError(`Class ${name} could not be found.`)
    },
  }
}

function namesOf(className: string, suffix: string): string[] {
  const simple = className.slice(className.lastIndexOf('.') + 1)
  return [className, simple, ...(simple.endsWith(suffix) ? [simple.slice(0, -suffix.length)] : [])]
}

const describe = (plugin: Plugin): string =>
  `PluginDesc{name='${plugin.name}', version='${plugin.version}', type=${plugin.kind}}`
