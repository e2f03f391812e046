import type { Clock, Lease, Leases, TaskEvent, Workers } from '../ports.ts'

/** How long a worker is counted after its last sign of life: well below a lease, so that a dead one's share is free before its leases are. */
const ALIVE_MS = 6_000

/** The processes that live, and which of them, in one order for all, this one is. */
export type Crew = { readonly processes: number; readonly rank: number }

/** What each has to run: the shares differ by one at most, and their sum is all tasks. */
export const shareOf = (tasks: number, { processes, rank }: Crew): number =>
  Math.floor(tasks / processes) + (rank < tasks % processes ? 1 : 0)

/** Spreads source tasks over the processes of one store: nobody begins more than its share, and who has more makes way. */
export type FairShare = {
  /** Says that this process lives, and which do. */
  beat(): Promise<Crew>
  /** Asks as many of this process's own tasks to make way as it runs above its share; gives back those that no other process holds. */
  makeWay(scheduled: readonly TaskEvent[], share: number): Promise<readonly TaskEvent[]>
  leave(): Promise<void>
}

/** Stands for a successor in a claim: the task is free for whoever has room. */
const ANYBODY = 'anybody'

export function fairShare(
  workerId: string,
  workers: Workers,
  leases: Leases,
  clock: Clock,
): FairShare {
  const isElsewhere = ({ owner, released, expiresAt }: Lease) =>
    owner !== workerId && !released && expiresAt > clock.now()
  return {
    async beat() {
      await workers.beat(workerId, ALIVE_MS)
      const all = [...new Set([...(await workers.living()), workerId])].sort()
      return { processes: all.length, rank: all.indexOf(workerId) }
    },
    async makeWay(scheduled, share) {
      const connectors = [...new Set(scheduled.map(({ connector }) => connector))]
      const all = (await Promise.all(connectors.map((name) => leases.list(name)))).flat()
      // Those that were asked already are on their way out.
      const staying = all.filter(
        (lease) => lease.owner === workerId && !lease.released && lease.claim === undefined,
      )
      for (const lease of staying.slice(share)) await leases.claim(lease, ANYBODY)
      const elsewhere = new Set(all.filter(isElsewhere).map(keyOf))
      return scheduled.filter((event) => !elsewhere.has(keyOf(event)))
    },
    leave: () => workers.leave(workerId),
  }
}

const keyOf = ({ connector, task }: TaskEvent): string => `${task} ${connector}`
