import type { OffsetStore } from '../ports.ts'
import { alterOffsets } from './alter-offsets.ts'
import { leaseKey, OFFSET, offsetsPk } from './keys.ts'
import { fenced, stillHeld } from './lease-rows.ts'
import { changesOf, partsOf } from './offset-changes.ts'
import { mapOf } from './offset-json.ts'
import { type Change, MAX_CHANGES, type Rows } from './rows.ts'

export const offsetRows = (rows: Rows): OffsetStore => ({
  async read(connector) {
    const found = await rows.query(offsetsPk(connector), OFFSET)
    return found.map(({ attributes: { partition, offset } }) => ({
      partition: mapOf(String(partition)),
      offset: mapOf(String(offset)),
    }))
  },

  async commit(lease, offsets) {
    // Invariant 2: the condition is part of each transaction.
    const check: Change = {
      check: leaseKey(lease.connector, lease.task),
      onlyIf: stillHeld(lease),
    }
    for (const part of partsOf(changesOf(lease.connector, offsets), MAX_CHANGES - 1))
      if (!(await rows.transact([check, ...part]))) throw fenced(lease)
  },

  alter: (connector, revision, changes) => alterOffsets(rows, connector, revision, changes),
})
