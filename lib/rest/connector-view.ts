import type { ConnectorRow, Lease, Status, StatusUnit, TaskSet } from '../ports.ts'
import type { Api } from './http.ts'

/** All that the rows say of one connector. */
export type ConnectorView = {
  readonly row: ConnectorRow
  readonly tasks: TaskSet | undefined
  readonly statuses: ReadonlyMap<StatusUnit, Status>
  readonly leases: readonly Lease[]
}

/** A deleted connector is as good as none. */
export async function findConnector(
  name: string,
  { ports }: Api,
): Promise<ConnectorRow | undefined> {
  const row = await ports.configs.get(name)
  return row?.deleted ? undefined : row
}

/** STOPPED has no tasks, whether or not the coordinator has taken them away by now. */
export async function tasksOf(row: ConnectorRow, { ports }: Api): Promise<TaskSet | undefined> {
  return row.targetState === 'STOPPED' ? undefined : ports.tasks.read(row.name)
}

export async function viewConnector(name: string, api: Api): Promise<ConnectorView | undefined> {
  const row = await findConnector(name, api)
  if (!row) return undefined
  const [tasks, statuses, leases] = await Promise.all([
    tasksOf(row, api),
    api.ports.statuses.read(name),
    api.ports.leases.list(name),
  ])
  return { row, tasks, statuses, leases }
}
