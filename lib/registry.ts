import { exampleSink } from './connectors/example-sink/index.ts'
import { exampleSource } from './connectors/example-source/index.ts'
import { byteArrayConverter } from './converters/byte-array-converter.ts'
import { jsonConverter } from './converters/json-converter/index.ts'
import { stringConverter } from './converters/string-converter.ts'
import { NotFoundError } from './errors.ts'
import type { Plugin, Plugins } from './plugin.ts'
import { hoistField } from './transforms/hoist-field.ts'

/** One line a plugin. */
const PLUGINS: readonly Plugin[] = [
  exampleSource,
  exampleSink,
  jsonConverter,
  stringConverter,
  byteArrayConverter,
  ...hoistField,
]

export const plugins: Plugins = pluginsOf(PLUGINS)

/** @throws ConnectError when two plugins have the same class name. */
export function pluginsOf(all: readonly Plugin[]): Plugins {
  return {
    all,
    connector: (name) => {
      const connectors = all.filter((plugin) => plugin.kind === 'source' || plugin.kind === 'sink')
      const found = matching(connectors, name)
      if (found[0] && found.length === 1) return found[0]
      throw new NotFoundError(
        found.length > 1
          ? `More than one connector matches alias ${name}. Please use full package and class name instead. Classes found: ${found.map((plugin) => plugin.name).join(', ')}`
          : `Failed to find any class that implements Connector and which name matches ${name}, available connectors are: ${connectors.map(describe).join(', ')}`,
      )
    },
    converter: ofKind('converter', 'Converter'),
    transform: ofKind('transform', 'Transformation'),
    predicate: ofKind('predicate', 'Predicate'),
  }

  function ofKind<K extends Plugin['kind']>(kind: K, suffix: string) {
    const those = all.filter((plugin) => plugin.kind === kind) as Extract<Plugin, { kind: K }>[]
    return (name: string) => {
      const found =
        those.find((plugin) => plugin.name === name) ??
        those.find((plugin) => namesOf(plugin.name, suffix).includes(name))
      if (found) return found
      throw new NotFoundError(`Class ${name} could not be found.`)
    }
  }
}

/** A class name means its plugin alone, even where it is also the alias of another. */
function matching<P extends Plugin>(plugins: readonly P[], name: string): P[] {
  const exact = plugins.filter((plugin) => plugin.name === name)
  if (exact.length > 0) return exact
  return plugins.filter((plugin) => namesOf(plugin.name, 'Connector').includes(name))
}

function namesOf(className: string, suffix: string): string[] {
  const simple = className.slice(className.lastIndexOf('.') + 1)
  return [className, simple, ...(simple.endsWith(suffix) ? [simple.slice(0, -suffix.length)] : [])]
}

const describe = (plugin: Plugin): string =>
  `PluginDesc{name='${plugin.name}', version='${plugin.version}', type=${plugin.kind}}`
