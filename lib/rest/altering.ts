/** What sources and sinks have in common where their offsets are changed. */
import type { ConfigDef, Parsed } from '../config/config-def.ts'
import { parseUnresolved } from '../config/unresolved-config.ts'
import { ConfigError, ConnectError, messageOf } from '../errors.ts'
import type { SinkConnector, SourceConnector } from '../plugin.ts'
import type { ConnectorRow } from '../ports.ts'
import { existing } from './connector-view.ts'
import type { Api } from './http.ts'

/** @throws NotFoundError, or ConfigError where it is in another state. */
export async function stopped(name: string, api: Api): Promise<ConnectorRow> {
  const row = await existing(name, api)
  if (row.targetState === 'STOPPED') return row
  throw new ConfigError(
    `Connectors must be in the STOPPED state before their offsets can be modified. This can be done for the specified connector by issuing a 'PUT' request to the '/connectors/${name}/stop' endpoint`,
  )
}

/** @throws ConnectError when its plugin is not there. */
export function connectorOf({ config }: ConnectorRow, api: Api): SourceConnector | SinkConnector {
  try {
    return api.plugins.connector(config['connector.class'] ?? '')
  } catch (cause) {
    throw new ConnectError(messageOf(cause), { cause })
  }
}

type Judge<C> = {
  readonly config: ConfigDef
  readonly alterOffsets?: (config: Parsed<ConfigDef>, changes: readonly C[]) => boolean
}

/** Whether the connector says that these changes are all there is to do. @throws ConnectError with its message when it refuses them. */
export function judged<C>(
  { config, alterOffsets }: Judge<C>,
  row: ConnectorRow,
  changes: readonly C[],
  { ports }: Api,
): boolean {
  if (!alterOffsets) return false
  const aliases = Object.keys(ports.configProviders ?? {})
  try {
    return alterOffsets(parseUnresolved(config, row.config, aliases), changes) === true
  } catch (cause) {
    throw new ConnectError(messageOf(cause), { cause })
  }
}

export const success = (isAll: boolean, done: 'altered' | 'reset'): string =>
  isAll
    ? `The offsets for this connector have been ${done} successfully`
    : `The Connect framework-managed offsets for this connector have been ${done} successfully. However, if this connector manages offsets externally, they will need to be manually ${done} in the system that the connector uses.`
