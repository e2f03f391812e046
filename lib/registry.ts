import { classesOf } from './config/class-names.ts'
import { exampleSink } from './connectors/example-sink/index.ts'
import { exampleSource } from './connectors/example-source/index.ts'
import { booleanConverter } from './converters/boolean-converter.ts'
import { byteArrayConverter } from './converters/byte-array-converter.ts'
import { jsonConverter } from './converters/json-converter/index.ts'
import { numberConverters } from './converters/number-converters.ts'
import { simpleHeaderConverter } from './converters/simple-header-converter.ts'
import { stringConverter } from './converters/string-converter.ts'
import { ConnectError, NotFoundError } from './errors.ts'
import type { Plugin, Plugins } from './plugin.ts'
import { hasHeaderKey } from './predicates/has-header-key.ts'
import { recordIsTombstone } from './predicates/record-is-tombstone.ts'
import { topicNameMatches } from './predicates/topic-name-matches.ts'
import { cast } from './transforms/cast/index.ts'
import { dropHeaders } from './transforms/drop-headers.ts'
import { extractField } from './transforms/extract-field.ts'
import { filter } from './transforms/filter.ts'
import { flatten } from './transforms/flatten.ts'
import { headerFrom } from './transforms/header-from.ts'
import { hoistField } from './transforms/hoist-field.ts'
import { insertField } from './transforms/insert-field.ts'
import { insertHeader } from './transforms/insert-header.ts'
import { maskField } from './transforms/mask-field.ts'
import { regexRouter } from './transforms/regex-router.ts'
import { replaceField } from './transforms/replace-field.ts'
import { setSchemaMetadata } from './transforms/set-schema-metadata.ts'
import { timestampConverter } from './transforms/timestamp-converter.ts'
import { timestampRouter } from './transforms/timestamp-router.ts'
import { valueToKey } from './transforms/value-to-key.ts'

/** One line a plugin. */
const PLUGINS: readonly Plugin[] = [
  exampleSource,
  exampleSink,
  jsonConverter,
  stringConverter,
  byteArrayConverter,
  booleanConverter,
  ...numberConverters,
  simpleHeaderConverter,
  dropHeaders,
  filter,
  ...headerFrom,
  ...cast,
  ...extractField,
  ...flatten,
  ...hoistField,
  ...replaceField,
  ...insertField,
  insertHeader,
  ...maskField,
  ...setSchemaMetadata,
  valueToKey,
  ...timestampConverter,
  timestampRouter,
  regexRouter,
  hasHeaderKey,
  recordIsTombstone,
  topicNameMatches,
]

export const plugins: Plugins = pluginsOf(PLUGINS)

/** @throws ConnectError when two plugins have the same class name. */
export function pluginsOf(all: readonly Plugin[]): Plugins {
  const names = all.map(({ name }) => name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new ConnectError(`There are two plugins of the class ${twice}`)
  const classNamed = classesOf(all)
  return {
    all,
    classNamed,
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
    converter: ofKind('converter'),
    transform: ofKind('transform'),
    predicate: ofKind('predicate'),
  }

  function ofKind<K extends Plugin['kind']>(kind: K) {
    const those = all.filter((plugin) => plugin.kind === kind) as Extract<Plugin, { kind: K }>[]
    return (name: string) => {
      const className = classNamed(name)?.name
      const found = those.find((plugin) => plugin.name === className)
      if (found) return found
      throw new NotFoundError(`Class ${name} could not be found.`)
    }
  }
}

/** A class name means its plugin alone, even where it is also the alias of another. */
function matching<P extends Plugin>(plugins: readonly P[], name: string): P[] {
  const exact = plugins.filter((plugin) => plugin.name === name)
  if (exact.length > 0) return exact
  return plugins.filter((plugin) => namesOf(plugin.name).includes(name))
}

function namesOf(className: string): string[] {
  const simple = className.slice(className.lastIndexOf('.') + 1)
  return [simple, simple.replace(/Connector$/, '')]
}

const describe = (plugin: Plugin): string =>
  `PluginDesc{name='${plugin.name}', version='${plugin.version}', type=${plugin.kind}}`
