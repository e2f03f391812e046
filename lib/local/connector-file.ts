import { javaTrim, type RawConfig } from '../config/config-def.ts'
import { parseProperties } from '../config/properties.ts'
import { ConnectError, messageOf } from '../errors.ts'
import type { Plugins } from '../plugin.ts'
import type { Ports, TargetState } from '../ports.ts'
import { readConfig, readCreateRequest } from '../rest/json-body.ts'
import { anything, isObject, readBody } from '../rest/json-shapes.ts'
import { handleRequest } from '../rest/router.ts'

/** A connector that a standalone worker is told to run. */
export type ConnectorFile = {
  readonly path: string
  readonly name: string
  readonly config: RawConfig
  readonly initialState: TargetState
}

/** A connector of a file cannot be made; the message names file and key. */
export class ConnectorFileError extends ConnectError {}

/**
 * Properties, or JSON in one of three forms: a configuration with its name among the keys, or `name` and `config`, perhaps with
 * `initial_state`. @throws ConnectorFileError
 */
export function readConnectorFile(path: string, text: string): ConnectorFile {
  try {
    return { path, ...(isJson(path, text) ? ofJson(text) : ofProperties(text)) }
  } catch (cause) {
    throw new ConnectorFileError(`Connector configuration at '${path}' ${messageOf(cause)}`, {
      cause,
    })
  }
}

/** @throws ConnectorFileError naming the two files. */
export function refuseTwice(files: readonly ConnectorFile[]): void {
  const paths = new Map<string, string>()
  for (const { name, path } of files) {
    const before = paths.get(name)
    if (before !== undefined)
      throw new ConnectorFileError(
        `Connector configuration at '${path}' has the name ${name}, as has the one at '${before}'`,
      )
    paths.set(name, path)
  }
}

/** Through the REST API's own door, so that a file is judged as a request is. @throws ConnectorFileError with Kafka Connect's text. */
export async function createFromFile(
  { path, name, config, initialState }: ConnectorFile,
  ports: Ports,
  plugins: Plugins,
): Promise<void> {
  const body = JSON.stringify({ name, config, initial_state: initialState })
  const headers = { 'content-type': 'application/json' }
  const request = { method: 'POST', path: '/connectors', query: '', headers, body }
  const answer = await handleRequest(request, { ports, plugins })
  if (answer.status === 201) return
  throw new ConnectorFileError(`Failed to create connector for ${path}: ${messageIn(answer.body)}`)
}

const isJson = (path: string, text: string): boolean =>
  /\.json$/i.test(path) || /^\uFEFF?\s*[{[]/.test(text)

type Named = Pick<ConnectorFile, 'name' | 'config' | 'initialState'>

const ofProperties = (text: string): Named => withItsName(parseProperties(text))

function ofJson(text: string): Named {
  const json = readBody(text, anything)
  if (!isObject(json)) throw new ConnectError('is no JSON object')
  if (!isObject(json.config ?? null)) return withItsName(readConfig(text))
  const sent = readCreateRequest(text, 'ignored')
  const inConfig = sent.config.name ?? sent.name
  if (inConfig !== sent.name)
    throw new ConnectError(
      `has the name ${sent.name}, which its config does not match: name=${inConfig}`,
    )
  return { ...withItsName({ ...sent.config, name: sent.name }), initialState: sent.initialState }
}

function withItsName(config: RawConfig): Named {
  const name = javaTrim(config.name ?? '')
  if (name === '') throw new ConnectError("is missing the mandatory 'name' configuration")
  return { name, config: { ...config, name }, initialState: 'RUNNING' }
}

function messageIn(body: string): string {
  // The REST API's own answer.
  const { message } = JSON.parse(body) as { readonly message?: string }
  return message ?? body
}
