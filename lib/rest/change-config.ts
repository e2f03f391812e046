/** What every change of a configuration goes through: its name, its masks, the validation of the whole. */
import type { RawConfig } from '../config/config-def.ts'
import { ConfigError, DataError } from '../errors.ts'
import type { ConnectorRow, ConnectorView } from '../ports.ts'
import { connectorJson, ok } from './answers.ts'
import { nudge, tellChange, untilWritten } from './change-connector.ts'
import { existingView } from './connector-view.ts'
import { settingOf } from './framework-config.ts'
import type { Answer, Api, Call } from './http.ts'
import { readMap } from './json-body.ts'
import { emptyMasks, maskingOf, unmasked } from './secrets.ts'
import { requireValid, validateConnector } from './validation.ts'

/** Null takes a key away. What was sent is merged into whatever is there when it is written. */
export async function patchConfig({ api, request, params }: Call<'connector'>): Promise<Answer> {
  const patch = readMap(request.body)
  return changeConfig(params.connector, api, async ({ row }) => {
    if (patch === null) throw new DataError(NULL_PATCH)
    return putConfig(row, withName(merged(row.config, patch), row.name), api)
  })
}

const NULL_PATCH =
  'Cannot invoke "java.util.Map.forEach(java.util.function.BiConsumer)" because "patch" is null'

const merged = (config: RawConfig, patch: RawConfig): RawConfig =>
  Object.fromEntries(Object.entries({ ...config, ...patch }).filter(([key]) => patch[key] !== null))

/** Answers what is stored then, with the tasks there were. `put` is called again when somebody else was first. */
export async function changeConfig(
  name: string,
  api: Api,
  put: (view: ConnectorView) => Promise<ConnectorRow>,
): Promise<Answer> {
  const { row, tasks } = await untilWritten(api, async () => {
    const view = await existingView(name, api)
    return { row: await put(view), tasks: view.tasks }
  })
  tellChange(name, `changed: version ${row.version} of its configuration`, api)
  await nudge(name, api)
  return ok(connectorJson(row, tasks, maskingOf(api)))
}

/** A new version in the place of the row's configuration; target state and restarts stay. */
export async function putConfig(
  row: ConnectorRow,
  sent: RawConfig,
  api: Api,
): Promise<ConnectorRow> {
  const config = await withSecrets(sent, row, api)
  requireStorable(config, api)
  return api.ports.configs.put({ ...row, config, version: row.version + 1 }, row.revision)
}

/** Behind a mask is the stored value; when there is none (any more), the newest that there was. */
async function withSecrets(sent: RawConfig, row: ConnectorRow, api: Api): Promise<RawConfig> {
  const config = unmasked(sent, row.config, api.plugins)
  const empty = Object.keys(emptyMasks(config, api.plugins))
  if (empty.length === 0) return config
  const history = await api.ports.configs.history(row.name)
  const found = empty.flatMap((key) => {
    const last = history.find((entry) => (entry.config[key] ?? null) !== null)
    return last ? [[key, last.config[key] ?? null] as const] : []
  })
  return { ...config, ...Object.fromEntries(found) }
}

export function withName(config: RawConfig, name: string): RawConfig {
  const included = config.name ?? null
  if (included === null) return { ...config, name }
  if (included === name) return config
  throw new ConfigError(
    `Connector name configuration (${included}) doesn't match connector name in the URL (${name})`,
  )
}

export function requireStorable(config: RawConfig, api: Api): void {
  requireValid(validateConnector(config, settingOf(api), emptyMasks(config, api.plugins)))
}
