import { NotFoundError } from '../errors.ts'
import type { ConnectorRow, ConnectorView } from '../ports.ts'
import type { Api } from './http.ts'

export type { ConnectorView } from '../ports.ts'

/** A deleted connector is as good as none. */
export async function findConnector(
  name: string,
  { ports }: Api,
): Promise<ConnectorRow | undefined> {
  const row = await ports.configs.get(name)
  return row?.deleted ? undefined : row
}

/** STOPPED has no tasks, whether or not the coordinator has taken them away by now. */
export async function viewConnector(
  name: string,
  { ports }: Api,
): Promise<ConnectorView | undefined> {
  const view = await ports.connectors.view(name)
  if (!view || view.row.deleted) return undefined
  return view.row.targetState === 'STOPPED' ? { ...view, tasks: undefined } : view
}

/** @throws NotFoundError with the text of all reads but status. */
export async function existing(name: string, api: Api): Promise<ConnectorRow> {
  const row = await findConnector(name, api)
  if (!row) throw connectorNotFound(name)
  return row
}

/** @throws NotFoundError as `existing` does */
export async function existingView(name: string, api: Api): Promise<ConnectorView> {
  const view = await viewConnector(name, api)
  if (!view) throw connectorNotFound(name)
  return view
}

export const connectorNotFound = (name: string): NotFoundError =>
  new NotFoundError(`Connector ${name} not found`)
