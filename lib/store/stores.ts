import type { Clock, Ports } from '../ports.ts'
import { changeRows } from './change-rows.ts'
import { configRows } from './config-rows.ts'
import { connectorRows } from './connector-rows.ts'
import { groupRows } from './group-rows.ts'
import { leaseRows } from './lease-rows.ts'
import { levelRows } from './level-rows.ts'
import { lossRows } from './loss-rows.ts'
import { offsetRows } from './offset-rows.ts'
import type { Rows } from './rows.ts'
import { statusRows } from './status-rows.ts'
import { taskRows } from './task-rows.ts'
import { topicRows } from './topic-rows.ts'

export type Stores = Pick<
  Ports,
  | 'configs'
  | 'connectors'
  | 'changes'
  | 'tasks'
  | 'leases'
  | 'offsets'
  | 'statuses'
  | 'losses'
  | 'groupStates'
  | 'activeTopics'
  | 'logLevels'
>

/** All stores of one table. The clock says when a lease has expired, and since when a configuration is there. */
export const storesOver = (rows: Rows, clock: Pick<Clock, 'now'>): Stores => ({
  configs: configRows(rows, clock),
  connectors: connectorRows(rows),
  changes: changeRows(rows, clock),
  tasks: taskRows(rows),
  leases: leaseRows(rows, clock),
  offsets: offsetRows(rows),
  statuses: statusRows(rows, clock),
  losses: lossRows(rows, clock),
  groupStates: groupRows(rows),
  activeTopics: topicRows(rows),
  logLevels: levelRows(rows, clock),
})
