import { messageOf } from '../errors.ts'
import type { Changed, Ports } from '../ports.ts'
import { followRelease } from './follow-release.ts'
import { inParallel } from './in-parallel.ts'
import { sweep } from './sweep.ts'

/** What a tick goes by; `attend` and `audit` never throw. */
export type Tick = {
  readonly ports: Ports
  /** Looks at a connector and makes it what its rows want. */
  readonly attend: (connector: string, seen?: Changed) => Promise<void>
  /** Looks whether there is a difference at all, and attends to it then. */
  readonly audit: (connector: string) => Promise<void>
  readonly isSource: (connector: string) => Promise<boolean>
  /** false once the invocation's time is nearly up */
  readonly mayGoOn: () => boolean
}

/** What each tick does beside looking at connectors. One that fails stops no other. */
const ALSO: Readonly<Record<string, (tick: Tick) => Promise<void>>> = {
  'Moving sink connectors to the live release': followRelease,
  'Looking for what nobody wants any more': sweep,
}

const AT_ONCE = 8

/** First those that the change index names, then the part of all that has its turn. What there was no time for is left in the index. */
export async function tick(given: Tick): Promise<void> {
  const { ports, attend, audit, mayGoOn } = given
  const due = await dueEntries(ports)
  await inParallel(due, AT_ONCE, (entry) => attend(entry.connector, entry), mayGoOn)

  const attended = new Set(due.map(({ connector }) => connector))
  const all = () => ports.configs.listAll()
  const names = await (ports.audit ? ports.audit(all) : all())
  const audited = names.filter((name) => !attended.has(name))
  const left = await inParallel(audited, AT_ONCE, audit, mayGoOn)
  for (const name of left) await ports.changes.enter(name)

  for (const [doing, step] of Object.entries(ALSO)) {
    try {
      await step(given)
    } catch (error) {
      ports.log.error(`${doing} failed: ${messageOf(error)}`, { error })
    }
  }
}

/** Those that have waited for longest first. */
async function dueEntries({ changes, clock }: Ports): Promise<Changed[]> {
  const now = clock.now()
  const due = (await changes.all()).filter(({ dueAt }) => dueAt <= now)
  return due.sort((one, other) => one.since - other.since)
}
