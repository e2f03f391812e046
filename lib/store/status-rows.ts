import { isDeepStrictEqual } from 'node:util'
import { RetriableError } from '../errors.ts'
import type { Clock, Status, StatusStore, StatusUnit } from '../ports.ts'
import { backOff } from './back-off.ts'
import { entering } from './change-rows.ts'
import { connectorPk, STATUS, statusKey, unitOfStatus } from './keys.ts'
import type { Attributes, Change, Expected, Row, Rows } from './rows.ts'
import { checkVersions, readVersions, versionsOf } from './versions.ts'

const MAX_LOOKS = 20

export const statusRows = (rows: Rows, clock: Pick<Clock, 'now'>): StatusStore => {
  const get = async (connector: string, unit: StatusUnit): Promise<Status | undefined> => {
    const stored = await rows.get(statusKey(connector, unit))
    return stored && statusOf(stored)
  }

  /** Undefined when the connector that it is of was cleared away: its row would stay behind. */
  const firstOf = async (connector: string, unit: StatusUnit, put: Row) => {
    const versions = await readVersions(rows, connector)
    const past = versionsOf(versions)
    const isOfThePast =
      Number(put.attributes.generation) <= (unit === 'connector' ? past.version : past.generation)
    return isOfThePast ? undefined : [{ put, onlyIf: 'absent' } as const, checkVersions(versions)]
  }

  return {
    get,

    read: async (connector) => statusesOf(await rows.query(connectorPk(connector), STATUS)),

    async write(connector, unit, said, inPlaceOf) {
      const wanted = asStored(said)
      for (let looks = 0; looks < MAX_LOOKS; looks++) {
        if (looks > 0) await backOff(looks)
        const stored = await get(connector, unit)
        if (stored && !givesWay(unit, stored, wanted, inPlaceOf)) return false
        const status = stored ? goingOn(stored, wanted) : wanted
        if (stored && saysTheSame(stored, status)) return true
        const put = { ...statusKey(connector, unit), attributes: status }
        const change: Change[] | undefined = stored
          ? [{ put, onlyIf: asSeen(stored) }]
          : await firstOf(connector, unit, put)
        if (!change) return false
        // A task that has failed is triggered no more, and may be restarted later.
        const isForCoordinator = unit !== 'connector' && status.state === 'FAILED'
        const entry = isForCoordinator ? [entering(connector, clock)] : []
        if (await rows.transact([...change, ...entry])) return true
      }
      throw new RetriableError(
        `The status of ${connector} (${unit}) is written by too many at once`,
      )
    },
  }
}

export const statusesOf = (rows: readonly Row[]): Map<StatusUnit, Status> =>
  new Map(rows.map(({ sk, attributes }) => [unitOfStatus(sk), statusOf(attributes)]))

const givesWay = (
  unit: StatusUnit,
  stored: Status,
  next: Status,
  inPlaceOf: string | undefined,
): boolean => {
  const newer = next.generation - stored.generation || next.restart - stored.restart
  if (newer !== 0) return newer > 0
  if ((next.asOf ?? 0) < (stored.asOf ?? 0)) return false
  if (inPlaceOf !== undefined && stored.workerId !== inPlaceOf) return false
  const isHealable = unit === 'connector' && stored.retriable === true
  return stored.state !== 'FAILED' || next.state === 'STOPPED' || isHealable
}

/** What stays of the status before. */
function goingOn(stored: Status, { ranMs: _, ...next }: Status): Status {
  const isSameRun = stored.generation === next.generation && stored.restart === next.restart
  const isSameState = isSameRun && stored.state === next.state
  const ranMs = isSameRun ? ranMsOf(stored, isSameState ? stored.since : next.since) : 0
  const kept = stored.configVersion === next.configVersion ? stored.lastError : undefined
  // Each begins with its time.
  const lastError = [kept, next.lastError]
    .filter((one) => one !== undefined)
    .sort()
    .at(-1)
  return {
    ...next,
    ...(isSameState && { since: stored.since }),
    ...(ranMs > 0 && { ranMs }),
    ...(lastError !== undefined && { lastError }),
  }
}

/** By the time that its state ends. */
const ranMsOf = ({ state, since, ranMs = 0 }: Status, until: number): number =>
  state === 'RUNNING' ? ranMs + Math.max(0, until - since) : ranMs

const saysTheSame = ({ asOf: _, ...stored }: Status, { asOf: __, ...next }: Status): boolean =>
  isDeepStrictEqual(stored, next)

/** All that decides what is written. */
const asSeen = (stored: Status): Expected => {
  const { state, generation, restart, since, workerId, asOf, configVersion, lastError } = stored
  return { state, generation, restart, since, workerId, asOf, configVersion, lastError }
}

const MAX_TRACE_LENGTH = 20_000
const MAX_REASON_LENGTH = 4_000

/** A status must be storable whatever failed: its texts are cut, and lone surrogates, which UTF-8 cannot hold, replaced. */
const asStored = ({ trace, reason, lastError, ...status }: Status): Status => ({
  ...status,
  ...(lastError === undefined ? {} : { lastError: cut(lastError, MAX_REASON_LENGTH) }),
  ...(trace === undefined ? {} : { trace: cut(trace, MAX_TRACE_LENGTH) }),
  ...(reason === undefined ? {} : { reason: cut(reason, MAX_REASON_LENGTH) }),
})

const cut = (text: string, length: number): string =>
  (text.length <= length ? text : `${text.slice(0, length)}… (cut)`).toWellFormed()

// A status is all scalars, and its row is written by this file alone.
const statusOf = (attributes: Attributes): Status => attributes as Status
