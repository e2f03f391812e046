/** The keys of the converters that a connector names itself; of the worker's own it may not change any. */
import { type Offered, type RawConfig, validateConfig } from '../config/config-def.ts'
import type { Messages } from '../config/connector-config.ts'
import { type NamedClass, noSuchVersion } from '../config/java-classes.ts'
import { versionRange } from '../config/version-range.ts'
import { javaHashOrder } from '../data/java-order.ts'
import { POSITIONS, type Position, type Setting } from './framework-config.ts'
import type { Entry } from './validation.ts'

type Validated = { readonly entries: readonly Entry[]; readonly messages: Messages }

/** `framework`: what was said already. A converter of which that was wrong is not looked into. */
export function validateConverters(
  config: RawConfig,
  framework: readonly Offered[],
  setting: Setting,
): Validated {
  const isWrong = (name: string) =>
    config[name] === null ||
    framework.some((value) => value.name === name && value.errors.length > 0)
  const found = POSITIONS.map((position) => {
    const name = `${position}.converter`
    const given = config[name] ?? null
    return given === null || isWrong(name) || isWrong(`${name}.plugin.version`)
      ? { entries: [], messages: {} }
      : validateConverter(position, given, config, setting)
  })
  return {
    entries: found.flatMap(({ entries }) => entries),
    messages: Object.assign({}, ...found.map(({ messages }) => messages)),
  }
}

function validateConverter(
  position: Position,
  className: string,
  config: RawConfig,
  { plugins, isOpen }: Setting,
): Validated {
  const name = `${position}.converter`
  if (isOpen?.(className)) return { entries: [], messages: {} }
  const found = plugins.classNamed(className)
  // Kafka Connect looks for the class under the trimmed name, and makes it under the one that was given.
  if (!found)
    return {
      entries: [],
      messages: { [name]: [`Failed to load class ${className}: ${className}`] },
    }
  const versionKey = `${name}.plugin.version`
  const refused = refusedVersion(found, config[versionKey])
  if (refused !== undefined)
    return { entries: [], messages: { [name]: [refused], [versionKey]: [refused] } }
  return { entries: entriesOf(position, found, config, isOpen), messages: {} }
}

function refusedVersion(found: NamedClass, version: string | null | undefined): string | undefined {
  const range = versionRange(version)
  return range && !range.includes(found.plugin?.version ?? '')
    ? noSuchVersion(found, range)
    : undefined
}

/** Their names carry the prefix, their messages do not. */
function entriesOf(
  position: Position,
  { plugin }: NamedClass,
  config: RawConfig,
  isOpen: Setting['isOpen'],
): Entry[] {
  const [def, prefix] = [plugin?.config ?? {}, `${position}.converter.`]
  const given = Object.entries(config)
    .filter(([key]) => key.startsWith(prefix) && key !== prefix)
    .map(([key, value]) => [key.slice(prefix.length), value])
  const own: RawConfig = Object.fromEntries(given)
  const settings = { ...own, 'converter.type': own['converter.type'] ?? position }
  const values = new Map(validateConfig(def, settings, isOpen).map((value) => [value.name, value]))
  return javaHashOrder([...values.keys()]).flatMap((name) => {
    const [key, value] = [def[name], values.get(name)]
    return key && value
      ? [{ key: { displayName: name, ...key }, value: { ...value, name: prefix + name } }]
      : []
  })
}
