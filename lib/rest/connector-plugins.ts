import type { RawConfig } from '../config/config-def.ts'
import { isJdkClass, noSuchVersion } from '../config/java-classes.ts'
import { versionRange } from '../config/version-range.ts'
import { ConfigError, errorClassOf, NotFoundError } from '../errors.ts'
import type { Plugin, Plugins } from '../plugin.ts'
import { definitionJson, errorAnswer, ok, pluginJson, validationJson } from './answers.ts'
import { frameworkConfig, settingOf } from './framework-config.ts'
import type { Answer, Call } from './http.ts'
import { readConfig } from './json-body.ts'
import { OverrideError } from './override-validation.ts'
import { probed } from './probing.ts'
import { validateConnector } from './validation.ts'

/** Connectors alone, unless `connectorsOnly=false`; by kind, then by class name. */
export async function listPlugins({ api, query }: Call): Promise<Answer> {
  const connectorsOnly = (query.get('connectorsOnly') ?? 'true').toLowerCase() === 'true'
  const kinds = connectorsOnly ? PLUGIN_TYPES.slice(0, 2) : PLUGIN_TYPES
  return ok(kinds.flatMap((kind) => pluginsOf(kind, api.plugins)))
}

const pluginsOf = ({ type, serves }: PluginType, { all }: Plugins) =>
  all
    .filter(serves)
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map((plugin) => pluginJson(plugin, type))

type PluginType = { readonly type: string; readonly serves: (plugin: Plugin) => boolean }

const PLUGIN_TYPES: readonly PluginType[] = [
  { type: 'sink', serves: ({ kind }) => kind === 'sink' },
  { type: 'source', serves: ({ kind }) => kind === 'source' },
  { type: 'transformation', serves: ({ kind }) => kind === 'transform' },
  { type: 'predicate', serves: ({ kind }) => kind === 'predicate' },
  { type: 'converter', serves: (plugin) => plugin.kind === 'converter' && !plugin.headersOnly },
  { type: 'header_converter', serves: ({ kind }) => kind === 'converter' },
]

/** The plugin's own keys, then the framework's. */
export async function getPluginConfig({ api, params, query }: Call<'plugin'>): Promise<Answer> {
  const found = findPlugin(params.plugin, query.get('version'), api.plugins)
  if ('status' in found) return found
  const framework = found.kind === 'source' || found.kind === 'sink' ? frameworkConfig(found) : {}
  // Where both declare a key, it is the plugin's.
  const config = { ...found.config, ...framework, ...found.config }
  return ok(Object.entries(config).map(([name, key]) => definitionJson(name, key)))
}

/** @throws NotFoundError, ConfigError */
function findPlugin(name: string, version: string | null, plugins: Plugins): Plugin | Answer {
  const range = rangeOf(version)
  const found = plugins.classNamed(name)
  if (!found) throw new NotFoundError(`Unknown plugin ${name}.`)
  const plugin = plugins.all.find((one) => one.name === found.name)
  if (range && !plugin)
    throw new ConfigError(
      `Plugin ${found.name} is not part of Connect's plugin loading mechanism (ClassPath or Plugin Path)`,
    )
  if (range && plugin && !range.includes(plugin.version))
    throw new ConfigError(noSuchVersion(found, range))
  if (plugin) return plugin
  // What has no constructor to call, and what the JDK loads itself, Kafka Connect stumbles over.
  if (found.is || isJdkClass(found)) return errorAnswer(500, 'Instantiation error')
  throw new ConfigError(
    `Invalid plugin class ${name}. Valid types are sink, source, converter, header_converter, transformation, predicate.`,
  )
}

function rangeOf(version: string | null) {
  try {
    return versionRange(version)
  } catch (cause) {
    throw new ConfigError(`Invalid version specification: ${version}`, { cause })
  }
}

/** The body, a configuration of the plugin that the path names. @throws DataError, ConfigError */
export function includedConfig({ request, params }: Call<'plugin'>): RawConfig {
  const config = readConfig(request.body)
  const included = config['connector.class'] ?? null
  if (included === null || withoutSuffix(included).endsWith(withoutSuffix(params.plugin)))
    return config
  throw new ConfigError(
    `Included connector type ${included} does not match request type ${params.plugin}`,
  )
}

/** 200, with what is wrong inside. */
export async function validatePlugin(call: Call<'plugin'>): Promise<Answer> {
  const { api } = call
  const config = includedConfig(call)
  try {
    const validation = validateConnector(config, settingOf(api))
    const found = validation.errorCount > 0 ? {} : await probed(config, api)
    return ok(
      validationJson(
        Object.keys(found).length > 0
          ? validateConnector(config, settingOf(api), found)
          : validation,
      ),
    )
  } catch (cause) {
    // Kafka Connect answers 500 here, with the exception's class, even where POST /connectors answers 400.
    if (cause instanceof OverrideError)
      return errorAnswer(500, `${errorClassOf(cause)}: ${cause.message}`)
    if (!(cause instanceof ConfigError)) throw cause
    return errorAnswer(
      500,
      `org.apache.kafka.connect.runtime.rest.errors.BadRequestException: ${cause.message}`,
    )
  }
}

const withoutSuffix = (name: string): string => name.replace(/Connector$/, '')
