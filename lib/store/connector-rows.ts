import type { Connectors } from '../ports.ts'
import { connectorRowOf } from './config-rows.ts'
import { isName } from './connector-name.ts'
import { groupStateOf } from './group-rows.ts'
import { CONFIG, connectorPk, GROUPS, LEASE, STATUS } from './keys.ts'
import { leaseOf } from './lease-rows.ts'
import type { Row, Rows } from './rows.ts'
import { statusesOf } from './status-rows.ts'
import { REPLACED, taskSetOf, whileReplaced } from './task-rows.ts'

/** A connector's own rows share their partition key, so that one query answers all of them. */
export const connectorRows = (rows: Rows): Connectors => ({
  async view(name) {
    if (!isName(name)) return undefined
    return whileReplaced(name, async () => {
      const found = await rows.query(connectorPk(name), '')
      const config = found.find(({ sk }) => sk === CONFIG)
      if (!config) return undefined
      const tasks = taskSetOf(found)
      if (tasks === REPLACED) return REPLACED
      return {
        row: connectorRowOf(name, config.attributes),
        tasks,
        statuses: statusesOf(startingWith(STATUS, found)),
        leases: startingWith(LEASE, found).map(({ attributes }) => leaseOf(attributes)),
        groups: groupStateOf(found.find(({ sk }) => sk === GROUPS)?.attributes),
      }
    })
  },
})

const startingWith = (prefix: string, rows: readonly Row[]): Row[] =>
  rows.filter(({ sk }) => sk.startsWith(prefix))
