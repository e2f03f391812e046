import { ConfigError, NotFoundError } from '../errors.ts'
import type { Plugin, Plugins } from '../plugin.ts'
import { definitionJson, errorAnswer, ok, pluginJson, validationJson } from './answers.ts'
import type { Answer, Call } from './http.ts'
import { readConfig, readJson } from './json-body.ts'
import { findConverter, frameworkConfig } from './plugin-choices.ts'
import { validateConnector } from './validation.ts'

const KINDS: readonly Plugin['kind'][] = ['sink', 'source', 'converter']

/** Connectors alone, unless `connectorsOnly=false`; by kind, then by class name. */
export async function listPlugins({ api, query }: Call): Promise<Answer> {
  const connectorsOnly = (query.get('connectorsOnly') ?? 'true').toLowerCase() === 'true'
  const kinds = connectorsOnly ? KINDS.slice(0, 2) : KINDS
  return ok(kinds.flatMap((kind) => pluginsOf(kind, api.plugins)).map(pluginJson))
}

const pluginsOf = (kind: Plugin['kind'], { all }: Plugins): Plugin[] =>
  all
    .filter((plugin) => plugin.kind === kind)
    .sort((one, other) => (one.name < other.name ? -1 : 1))

/** The plugin's own keys, then the framework's. */
export async function getPluginConfig({ api, params }: Call<'plugin'>): Promise<Answer> {
  const plugin = findPlugin(params.plugin, api.plugins)
  const framework = plugin.kind === 'converter' ? {} : frameworkConfig(plugin)
  // Where both declare a key, it is the plugin's.
  const config = { ...plugin.config, ...framework, ...plugin.config }
  return ok(Object.entries(config).map(([name, key]) => definitionJson(name, key)))
}

function findPlugin(name: string, plugins: Plugins): Plugin {
  const converter = findConverter(name, plugins)
  if (converter) return converter
  try {
    return plugins.connector(name)
  } catch (cause) {
    throw new NotFoundError(`Unknown plugin ${name}.`, { cause })
  }
}

/** 200, with what is wrong inside. */
export async function validatePlugin({ api, request, params }: Call<'plugin'>): Promise<Answer> {
  const { ports, plugins } = api
  const config = readConfig(readJson(request.body))
  const included = config['connector.class'] ?? null
  if (included !== null && !withoutSuffix(included).endsWith(withoutSuffix(params.plugin)))
    throw new ConfigError(
      `Included connector type ${included} does not match request type ${params.plugin}`,
    )
  try {
    return ok(validationJson(validateConnector(config, { worker: ports.worker, plugins })))
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause
    // Where POST /connectors answers 400, Kafka Connect answers 500 here, with the exception's class.
    return errorAnswer(
      500,
      `org.apache.kafka.connect.runtime.rest.errors.BadRequestException: ${cause.message}`,
    )
  }
}

const withoutSuffix = (name: string): string => name.replace(/Connector$/, '')
