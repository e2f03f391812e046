import { ConflictError, RetriableError } from '../errors.ts'
import type { OffsetStore } from '../ports.ts'
import { backOff } from './back-off.ts'
import { OFFSET, offsetsPk, targetKey } from './keys.ts'
import { atEpoch, fenceLeases } from './lease-rows.ts'
import { changesOf, partsOf } from './offset-changes.ts'
import { type Change, type Expected, MAX_CHANGES, type Rows } from './rows.ts'

type Changes = Parameters<OffsetStore['alter']>[2]

// Others who alter offsets, and tasks that still take or give back leases, come to an end.
const MAX_LOOKS = 20

/** Each transaction has the condition that the connector is still the STOPPED one, and that nobody has done the like since. */
export async function alterOffsets(
  rows: Rows,
  connector: string,
  revision: number,
  changes: Changes,
): Promise<void> {
  const asSeen = { revision, targetState: 'STOPPED', deleted: false }
  const guard: Change = { check: targetKey(connector), onlyIf: asSeen }
  // What cannot be stored is refused before anything is done.
  const given = changes === 'forget all' ? undefined : changesOf(connector, changes)
  for (let looks = 0; looks < MAX_LOOKS; looks++) {
    if (looks > 0) await backOff(looks)
    const epoch = await fenceLeases(rows, connector, guard)
    if (epoch !== undefined) {
      // Invariant 2: from here on no commit of anybody takes place, so these are all there are.
      const wanted = given ?? (await forgettingAll(rows, connector))
      if (await putAll(rows, [guard, atEpoch(connector, epoch)], wanted)) return
    }
    await requireAsSeen(rows, connector, asSeen)
  }
  throw new RetriableError(`Changing the offsets of ${connector}: too many others do so`)
}

async function forgettingAll(rows: Rows, connector: string): Promise<Change[]> {
  const pk = offsetsPk(connector)
  return (await rows.sortKeys(pk, OFFSET)).map((sk) => ({ remove: { pk, sk } }))
}

async function putAll(rows: Rows, checks: readonly Change[], changes: readonly Change[]) {
  for (const part of partsOf(changes, MAX_CHANGES - checks.length))
    if (!(await rows.transact([...checks, ...part]))) return false
  return true
}

async function requireAsSeen(rows: Rows, connector: string, asSeen: Expected): Promise<void> {
  const stored = await rows.get(targetKey(connector))
  const isSeen = stored && Object.entries(asSeen).every(([key, value]) => stored[key] === value)
  if (!isSeen)
    throw new ConflictError(`Connector ${connector} is no longer the stopped one that was seen`)
}
