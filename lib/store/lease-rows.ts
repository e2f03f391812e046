import { FencedError, RetriableError } from '../errors.ts'
import type { Clock, Lease, Leases, TaskEvent } from '../ports.ts'
import { backOff } from './back-off.ts'
import { connectorPk, epochKey, LEASE, leaseKey } from './keys.ts'
import {
  type Attributes,
  type Change,
  chunksOf,
  type Expected,
  MAX_CHANGES,
  type Rows,
} from './rows.ts'
import { checkVersions, readVersions, versionsOf } from './versions.ts'

type Wish = Parameters<Leases['take']>[0]
type Answer = Awaited<ReturnType<Leases['take']>>

// Tasks of one connector that start together take their leases one after another: the epoch is one row.
const MAX_LOOKS = 40

export const leaseRows = (rows: Rows, clock: Pick<Clock, 'now'>): Leases => ({
  async take(wish) {
    for (let looks = 0; looks < MAX_LOOKS; looks++) {
      if (looks > 0) await backOff(looks)
      const answer = await lookAndTake(rows, wish, clock.now())
      if (answer) return answer
    }
    throw new RetriableError(
      `Taking the lease of ${wish.connector}-${wish.task}: too many others take leases of this connector`,
    )
  },

  async renew(lease, ttlMs, caughtUpAt) {
    const set = { expiresAt: clock.now() + ttlMs, ...withTime(caughtUpAt) }
    const renewed = await rows.update(keyOf(lease), set, stillHeld(lease))
    if (renewed) return leaseOf(renewed)
    throw fenced(lease)
  },

  async release(lease, caughtUpAt) {
    const set = { released: true, ...withTime(caughtUpAt) }
    await rows.update(keyOf(lease), set, stillHeld(lease))
  },

  async claim(seen, invocation) {
    const asSeen = { ...stillHeld(seen), claim: seen.claim }
    await rows.update(keyOf(seen), { claim: invocation }, asSeen)
  },

  async releaseLost({ invocation, ...event }) {
    const found = await rows.get(keyOf(event))
    if (!found || leaseOf(found).invocation !== invocation) return undefined
    const lease = leaseOf(found)
    const released = { ...lease, released: true }
    const isReleased =
      !lease.released &&
      (await rows.transact([
        { put: rowOf(released), onlyIf: { ...stillHeld(lease), expiresAt: lease.expiresAt } },
      ]))
    return isReleased ? released : undefined
  },

  list: (connector) => listLeases(rows, connector),
})

/** Whether its expiry has passed does not matter while nobody has taken it or given it back. */
export const stillHeld = ({ epoch, generation, invocation }: Lease): Expected => ({
  epoch,
  generation,
  invocation,
  released: false,
})

export const fenced = ({ connector, task, epoch }: Lease): FencedError =>
  new FencedError(`The lease of ${connector}-${task} with epoch ${epoch} is another's by now`)

/** Undefined when something changed between look and take. */
async function lookAndTake(rows: Rows, wish: Wish, now: number): Promise<Answer | undefined> {
  // These first: a lease of any task that is taken after this look moves the epoch, the end of the connector its
  // versions, and the transaction below fails.
  const [epoch, versions] = await Promise.all([
    rows.get(epochKey(wish.connector)),
    readVersions(rows, wish.connector),
  ])
  if (versionsOf(versions).generation >= wish.generation) return { gone: true }
  const leases = await listLeases(rows, wish.connector)
  const held = inTheWay(leases, wish, now)
  if (held) return { held }
  if (await fenceOlder(rows, leases, wish)) return undefined

  const { ttlMs, ...holder } = wish
  const before = leases.find(({ task }) => task === wish.task)
  const taken: Lease = {
    ...holder,
    epoch: Number(epoch?.epoch ?? 0) + 1,
    expiresAt: now + ttlMs,
    released: false,
    ...withTime(before?.caughtUpAt),
  }
  const done = await rows.transact([
    {
      put: { ...epochKey(wish.connector), attributes: { epoch: taken.epoch } },
      onlyIf: epoch ?? 'absent',
    },
    { put: rowOf(taken), onlyIf: before ? asSeen(before) : 'absent' },
    checkVersions(versions),
  ])
  return done ? { taken } : undefined
}

const withTime = (caughtUpAt: number | undefined) =>
  caughtUpAt === undefined ? {} : { caughtUpAt }

const inTheWay = (leases: readonly Lease[], wish: Wish, now: number): Lease | undefined => {
  const isAlive = ({ released, expiresAt }: Lease) => !released && expiresAt > now
  const isOwn = ({ task }: Lease) => task === wish.task
  return (
    // A newer generation has begun, so the wish is outdated, whether or not that lease is still alive.
    leases.find((lease) => lease.generation > wish.generation) ??
    leases.find(
      (lease) => isAlive(lease) && isOwn(lease) && lease.invocation !== wish.invocation,
    ) ??
    leases.find((lease) => isAlive(lease) && !isOwn(lease) && lease.generation < wish.generation)
  )
}

/**
 * Expired leases of older generations are given back in their holders' place. Else a holder that wakes up could go on
 * committing offsets of a source partition that another task has by now.
 */
async function fenceOlder(rows: Rows, leases: readonly Lease[], wish: Wish): Promise<boolean> {
  const older = leases.filter(
    ({ task, generation, released }) =>
      task !== wish.task && generation < wish.generation && !released,
  )
  const changes = older.map(
    (lease): Change => ({ put: rowOf({ ...lease, released: true }), onlyIf: asSeen(lease) }),
  )
  for (const chunk of chunksOf(changes, MAX_CHANGES)) await rows.transact(chunk)
  return older.length > 0
}

/**
 * Raises the epoch and gives every lease of the connector back in its holder's place, while the guard holds.
 * The epoch, or undefined when something changed meanwhile: then some may be fenced.
 */
export async function fenceLeases(
  rows: Rows,
  connector: string,
  guard: Change,
): Promise<number | undefined> {
  // The epoch first: a lease that is taken after this look moves it, and the transaction below fails.
  const before = await rows.get(epochKey(connector))
  const held = (await listLeases(rows, connector)).filter(({ released }) => !released)
  const epoch = Number(before?.epoch ?? 0) + 1
  const fences = held.map(
    (lease): Change => ({ put: rowOf({ ...lease, released: true }), onlyIf: stillHeld(lease) }),
  )
  const raise: Change = {
    put: { ...epochKey(connector), attributes: { epoch } },
    onlyIf: before ?? 'absent',
  }
  const [first = [], ...more] = chunksOf(fences, MAX_CHANGES - 2)
  if (!(await rows.transact([guard, raise, ...first]))) return undefined
  for (const chunk of more)
    if (!(await rows.transact([guard, atEpoch(connector, epoch), ...chunk]))) return undefined
  return epoch
}

/** Nobody has taken a lease of the connector, or fenced them, since. */
export const atEpoch = (connector: string, epoch: number): Change => ({
  check: epochKey(connector),
  onlyIf: { epoch },
})

const asSeen = ({ epoch, expiresAt, released }: Lease): Expected => ({ epoch, expiresAt, released })

async function listLeases(rows: Rows, connector: string): Promise<Lease[]> {
  const found = await rows.query(connectorPk(connector), LEASE)
  return found.map(({ attributes }) => leaseOf(attributes))
}

const keyOf = ({ connector, task }: TaskEvent) => leaseKey(connector, task)
const rowOf = (lease: Lease) => ({ ...keyOf(lease), attributes: lease })
// A lease is all scalars, and its row is written by this file alone.
export const leaseOf = (attributes: Attributes): Lease => attributes as Lease
