import type { Rows } from '../../lib/store/rows.ts'
import { storesOver } from '../../lib/store/stores.ts'
import { activeTopicsContract } from './active-topics.ts'
import { alteredOffsetsContract } from './altered-offsets.ts'
import { changeIndexContract } from './change-index.ts'
import { configStoreContract } from './config-store.ts'
import { connectorsContract } from './connectors.ts'
import { groupStatesContract } from './group-states.ts'
import { leasesContract } from './leases.ts'
import { logLevelsContract } from './log-levels.ts'
import { lossesContract } from './losses.ts'
import type { MakeStores } from './made-stores.ts'
import { offsetStoreContract } from './offset-store.ts'
import { rowsContract } from './rows.ts'
import { statusStoreContract } from './status-store.ts'
import { taskStoreContract } from './task-store.ts'
import { workersContract } from './workers.ts'

/** Holds one kind of rows, and every store over it, to what the ports promise. */
export function allContracts(name: string, makeRows: () => Promise<Rows>): void {
  const makeStores: MakeStores = async (clock) => storesOver(await makeRows(), clock)
  rowsContract(name, makeRows)
  configStoreContract(name, makeStores)
  changeIndexContract(name, makeStores)
  taskStoreContract(name, makeStores)
  connectorsContract(name, makeRows)
  leasesContract(name, makeStores)
  offsetStoreContract(name, makeStores)
  alteredOffsetsContract(name, makeStores)
  statusStoreContract(name, makeStores)
  lossesContract(name, makeStores)
  groupStatesContract(name, makeStores)
  activeTopicsContract(name, makeStores)
  logLevelsContract(name, makeStores)
  workersContract(name, makeRows)
}
