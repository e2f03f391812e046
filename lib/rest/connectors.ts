import { javaTrim, type RawConfig } from '../config/config-def.ts'
import { ConflictError } from '../errors.ts'
import type { ConnectorRow, TargetState } from '../ports.ts'
import { connectorJson, ok, tasksJson } from './answers.ts'
import { putConfig, requireStorable, withName } from './change-config.ts'
import { changeConnector, nudge, tellChange, untilWritten } from './change-connector.ts'
import { connectorNotFound, existing, existingView, viewConnector } from './connector-view.ts'
import type { Answer, Api, Call, Request } from './http.ts'
import { readConfig, readCreateRequest } from './json-body.ts'
import { masked, maskingOf } from './secrets.ts'

export async function createConnector({ api, request }: Call): Promise<Answer> {
  const { configs } = api.ports
  const sent = readCreateRequest(request.body)
  const name = javaTrim(sent.name)
  const config = withName(sent.config, name)
  requireStorable(config, api)
  const row = await untilWritten(api, async () => {
    const before = await configs.get(name)
    if (before && !before.deleted) return undefined
    const wanted = await newRow({ name, config, targetState: sent.initialState }, before, api)
    return configs.put(wanted, before?.revision)
  })
  if (!row) throw new ConflictError(`Connector ${name} already exists`)
  tellChange(name, 'created', api)
  await nudge(name, api)
  return created(row, request, api)
}

export async function replaceConfig({ api, request, params }: Call<'connector'>): Promise<Answer> {
  const name = params.connector
  const sent = withName(readConfig(request.body), name)
  const { row, before } = await untilWritten(api, () => replaceOrCreate(name, sent, api))
  tellChange(name, before ? `changed: version ${row.version} of its configuration` : 'created', api)
  await nudge(name, api)
  return before ? ok(connectorJson(row, before.tasks, maskingOf(api))) : created(row, request, api)
}

/** `before`: undefined when there was none. */
async function replaceOrCreate(name: string, sent: RawConfig, api: Api) {
  const { configs } = api.ports
  const before = await viewConnector(name, api)
  if (before) return { row: await putConfig(before.row, sent, api), before }
  requireStorable(sent, api)
  const deleted = await configs.get(name)
  if (deleted && !deleted.deleted) throw new ConflictError(`Connector ${name} already exists`)
  const wanted = await newRow({ name, config: sent, targetState: 'RUNNING' }, deleted, api)
  return { row: await configs.put(wanted, deleted?.revision), before }
}

export async function getConnector({ api, params }: Call<'connector'>): Promise<Answer> {
  const { row, tasks } = await existingView(params.connector, api)
  return ok(connectorJson(row, tasks, maskingOf(api)))
}

export async function getConfig({ api, params }: Call<'connector'>): Promise<Answer> {
  const { config } = await existing(params.connector, api)
  return ok(masked(config, maskingOf(api)))
}

export async function getTasks({ api, params }: Call<'connector'>): Promise<Answer> {
  const { row, tasks } = await existingView(params.connector, api)
  return ok(tasksJson(row, tasks, maskingOf(api)))
}

/** The coordinator clears up; from here on there is no such connector for any reader. */
export async function deleteConnector({ api, params }: Call<'connector'>): Promise<Answer> {
  await changeConnector(params.connector, api, {
    change: (row) => ({ ...row, deleted: true }),
    missing: () => connectorNotFound(params.connector),
  })
  tellChange(params.connector, 'deleted', api)
  return { status: 204 }
}

/**
 * The first row of a connector. Where a deleted one of its name is not cleared away yet, its counters go on,
 * so that nothing the old one reached or failed at counts for the new one.
 */
async function newRow(
  wanted: {
    readonly name: string
    readonly config: RawConfig
    readonly targetState: TargetState
  },
  before: ConnectorRow | undefined,
  { ports }: Api,
): Promise<Omit<ConnectorRow, 'revision'>> {
  if (!before)
    return { ...wanted, version: 1, restarts: { connector: 0, tasks: {} }, deleted: false }
  const old = (await ports.tasks.generation(wanted.name))?.tasks ?? 0
  const { connector, tasks } = before.restarts
  const all = [...Array.from({ length: old }, (_, task) => String(task)), ...Object.keys(tasks)]
  return {
    ...wanted,
    version: before.version + 1,
    restarts: {
      connector: connector + 1,
      tasks: Object.fromEntries(all.map((task) => [task, (tasks[task] ?? 0) + 1])),
    },
    deleted: false,
    topicsReset: before.revision,
  }
}

const created = (row: ConnectorRow, request: Request, api: Api): Answer => ({
  status: 201,
  headers: { location: locationOf(row.name, request) },
  json: connectorJson(row, undefined, maskingOf(api)),
})

function locationOf(name: string, { headers }: Request): string {
  const [scheme = 'http'] = (headers['x-forwarded-proto'] ?? 'http').split(',')
  const path = encodeURI(name).replace(/[?#]/g, encodeURIComponent)
  return `${scheme.trim()}://${headers.host ?? 'localhost'}/connectors/${path}`
}
