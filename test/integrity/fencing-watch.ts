import { setTimeout as sleep } from 'node:timers/promises'
import type { OpenStores } from '../../lib/local/open-stores.ts'
import type { Lease, Status, StatusUnit } from '../../lib/ports.ts'

type Seen = {
  readonly leases: ReadonlyMap<number, Lease>
  readonly statuses: ReadonlyMap<StatusUnit, Status>
  readonly positions: ReadonlyMap<string, number>
}

/**
 * Watches the rows themselves: a source offset that goes back, and a status of a worker that was not the task's owner any more.
 * `end` says what was seen of either.
 */
export function watchFencing(
  stores: OpenStores,
  connectors: readonly string[],
  everyMs: number,
): { end(): Promise<string[]> } {
  const faults: string[] = []
  const before = new Map<string, Seen>()
  let isOver = false
  const look = async () => {
    for (const connector of connectors) {
      const seen = await seenOf(stores, connector)
      const last = before.get(connector)
      before.set(connector, seen)
      if (last) faults.push(...faultsBetween(connector, last, seen))
    }
  }
  const work = async () => {
    while (!isOver) {
      await look()
      await sleep(everyMs)
    }
  }
  const working = work().catch((error: unknown) => void faults.push(`watching: ${error}`))
  return {
    async end() {
      isOver = true
      await working
      return faults
    },
  }
}

/** The leases last: a status that is read was written before them. */
async function seenOf(stores: OpenStores, connector: string): Promise<Seen> {
  const stored = await stores.offsets.read(connector)
  const statuses = await stores.statuses.read(connector)
  const leases = await stores.leases.list(connector)
  return {
    leases: new Map(leases.map((lease) => [lease.task, lease])),
    statuses,
    positions: new Map(
      stored.map(({ partition, offset }) => [
        JSON.stringify(partition),
        Math.max(...Object.values(offset).map(Number)),
      ]),
    ),
  }
}

function faultsBetween(connector: string, one: Seen, next: Seen): string[] {
  const back = [...next.positions].flatMap(([partition, position]) => {
    const last = one.positions.get(partition) ?? 0
    return position < last ? [`${connector} ${partition}: ${position} after ${last}`] : []
  })
  const stale = [...next.leases].flatMap(([task, lease]) => {
    const [last, status] = [one.statuses.get(task), next.statuses.get(task)]
    const isChanged = status && last && status.workerId !== last.workerId
    // One and the same lease at both looks: none but its owner may have written between them.
    const isSame = one.leases.get(task)?.epoch === lease.epoch
    return isChanged && isSame && status.workerId !== lease.owner
      ? [`${connector}-${task}: ${status.state} of ${status.workerId}, owner is ${lease.owner}`]
      : []
  })
  return [...back, ...stale]
}
