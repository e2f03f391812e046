import { ConflictError, messageOf } from '../errors.ts'
import type { Plugins } from '../plugin.ts'
import type { Changed, ConnectorView, CoordinatorEvent, Ports } from '../ports.ts'
import { carryOutAll } from './carry-out.ts'
import type { ConnectorWatch } from './connector-watch.ts'
import { nextLook, pauseMs } from './next-look.ts'
import { reconcile } from './reconcile.ts'
import { tick } from './tick.ts'
import { wantedOf } from './wanted.ts'
import type { Action, Actual } from './wanted-actual.ts'

/** An invocation that has less left begins no more looks: one may take a while, since calls are queued and repeated. */
const LOOK_MS = 40_000

export type Surroundings = {
  /** of the invocation; left out: as much as it takes */
  readonly remainingMs?: () => number
  /** is told of every connector that is looked at */
  readonly watch?: ConnectorWatch | undefined
}

/**
 * Makes everything what the rows want: one connector after a nudge, on a tick those that have changed and a part of all others. A connector that fails
 * stops no other. Whatever ends it on the way, the change index goes on naming each connector that was not seen settled.
 */
export async function coordinate(
  event: CoordinatorEvent,
  ports: Ports,
  plugins: Plugins,
  { remainingMs = () => Number.POSITIVE_INFINITY, watch }: Surroundings = {},
): Promise<void> {
  const { lost = [] } = event
  const look: Look = { ports, plugins, lost, watch, workers: await livingWorkers(ports) }
  if (event.connector) return attend(event.connector, look)
  await tick({
    ports,
    attend: (connector, seen) => attend(connector, look, seen),
    audit: (connector) => audit(connector, look),
    isSource: (connector) => isSource(connector, look),
    mayGoOn: () => remainingMs() > LOOK_MS,
  })
  await watch?.tell()
}

/** One coordination's: who lives is asked once. */
type Look = {
  readonly ports: Ports
  readonly plugins: Plugins
  readonly workers: Pick<Actual, 'workers'>
  /** its tasks whose invocation is known to have died */
  readonly lost: readonly number[]
  readonly watch: ConnectorWatch | undefined
}

async function livingWorkers({ worker, workers }: Ports): Promise<Pick<Actual, 'workers'>> {
  return workers ? { workers: { self: worker.id, living: await workers.living() } } : {}
}

/** `seen`: its entry in the change index, where that was read already. */
function attend(name: string, look: Look, seen?: Changed): Promise<void> {
  return orLater(name, look, async () => {
    // Before the rows: what changes after this look writes the entry anew.
    await lookAt(name, look, seen ?? (await look.ports.changes.get(name)))
  })
}

/** Compares with triggers of its own kind alone. */
function audit(name: string, look: Look): Promise<void> {
  return orLater(name, look, async () => {
    const { ports } = look
    const view = await ports.connectors.view(name)
    if (view) look.watch?.saw(view)
    if (!view || !(await isAsWanted(view, look))) await attend(name, look)
  })
}

async function isAsWanted({ row, ...rows }: ConnectorView, look: Look): Promise<boolean> {
  const { ports } = look
  const { schedules, mappings } = ports.unhurried ?? ports
  const wanted = wantedOf(row, look)
  const actual = {
    ...{ ...rows, ...look.workers },
    schedules: wanted.kind === 'sink' ? [] : await schedules.list(row.name),
    mappings: wanted.kind === 'source' ? [] : await mappings.list(row.name),
  }
  const now = ports.clock.now()
  if (reconcile(wanted, actual, now).length > 0) return false
  const isLeftForLater = nextLook(wanted, actual, now) !== undefined
  return !isLeftForLater || (await ports.changes.get(row.name)) !== undefined
}

async function isSource(name: string, look: Look): Promise<boolean> {
  const view = await look.ports.connectors.view(name)
  return view !== undefined && wantedOf(view.row, look).kind === 'source'
}

/** What fails is entered into the change index, with ever longer pauses. Never throws. */
async function orLater(name: string, { ports }: Look, work: () => Promise<void>): Promise<void> {
  const { changes, clock, log } = ports
  try {
    await work()
  } catch (error) {
    // Another coordinator was first; it goes on from there, and so does the next tick.
    if (!(error instanceof ConflictError))
      log.error(`Coordinating failed: ${messageOf(error)}`, { connector: name, error })
    try {
      const entry = await changes.enter(name)
      await changes.keep(entry, later(entry, clock.now()))
    } catch (cause) {
      log.error(`Entering it for another look failed: ${messageOf(cause)}`, {
        ...{ connector: name, error: cause },
      })
    }
  }
}

/** What follows from these is seen in another look; a deleted connector's end takes a third, and what came to its triggers meanwhile a fourth. */
const GOES_ALONE: ReadonlySet<Action['do']> = new Set(['publish tasks', 'restart tasks'])
const MAX_LOOKS = 4

async function lookAt(name: string, look: Look, seen: Changed | undefined): Promise<void> {
  const { ports } = look
  let entry = seen
  let hasActed = false
  for (let looks = 0; looks < MAX_LOOKS; looks++) {
    const triggers = await triggersOf(name, ports)
    // The rows last: what is carried out then is wanted as late as can be.
    const view = await ports.connectors.view(name)
    if (!view) {
      const isEmpty = await removeTriggers(name, triggers, ports)
      return isEmpty && !hasActed ? settle(entry, look) : keep(name, entry, look)
    }
    look.watch?.saw(view)
    const { row, ...rows } = view
    const actual = { ...rows, ...triggers, ...look.workers, lost: look.lost }
    const wanted = wantedOf(row, look)
    const now = ports.clock.now()
    const actions = reconcile(wanted, actual, now)
    if (actions.length === 0 && !hasActed) {
      const dueAt = nextLook(wanted, actual, now)
      return dueAt === undefined ? settle(entry, look) : putOff(name, entry, look, dueAt)
    }
    // Whoever ends between here and the last action leaves it behind.
    entry ??= await ports.changes.enter(name)
    hasActed = true
    const first = actions.find(({ do: what }) => GOES_ALONE.has(what))
    const failures = await carryOutAll(first ? [first] : actions, { wanted, actual, ports })
    // Cleared away meanwhile, by another: what was made after that is for nobody.
    if (actions.some(makesTrigger) && !(await ports.configs.target(name))) {
      await removeTriggers(name, await triggersOf(name, ports), ports)
      break
    }
    if (failures.length > 0) throw failures[0]
    if (actions.length === 0 || !(first || row.deleted)) break
  }
  await keep(name, entry, look)
}

/** Where processes have triggers of their own, each looks at least twice at what has changed. */
const SHARED_MS = 5_000

const isForOthers = ({ since }: Changed, { workers, clock }: Ports): boolean =>
  workers !== undefined && clock.now() - since < SHARED_MS

async function settle(entry: Changed | undefined, { ports }: Look): Promise<void> {
  if (entry && !isForOthers(entry, ports)) await ports.changes.settle(entry)
}

/** After something was done it is looked at once more: another's work may have come between. */
async function keep(name: string, seen: Changed | undefined, { ports }: Look): Promise<void> {
  const entry = seen ?? (await ports.changes.enter(name))
  await ports.changes.keep(entry, { dueAt: ports.clock.now(), attempts: 0 })
}

/** Nothing is to be done now, and then something will be. */
async function putOff(
  name: string,
  seen: Changed | undefined,
  { ports }: Look,
  dueAt: number,
): Promise<void> {
  const { changes, clock } = ports
  const entry = seen ?? (await changes.enter(name))
  if (isForOthers(entry, ports)) return
  const now = clock.now()
  await changes.keep(entry, dueAt > now ? { dueAt, attempts: 0 } : later(entry, now))
}

const later = (entry: Changed, now: number): Pick<Changed, 'dueAt' | 'attempts'> => ({
  dueAt: now + pauseMs(entry),
  attempts: entry.attempts + 1,
})

const makesTrigger = (action: Action): boolean =>
  action.do === 'ensure schedule' || action.do === 'ensure mapping'

/** Somebody else has cleared the connector away; where several processes share the rows, each has triggers of its own. Whether there were none. */
async function removeTriggers(
  connector: string,
  { schedules, mappings }: Triggers,
  ports: Ports,
): Promise<boolean> {
  for (const task of schedules) await ports.schedules.remove({ connector, task })
  for (const { topic } of mappings) await ports.mappings.remove(connector, topic)
  await ports.mappings.clear?.(connector)
  return schedules.length + mappings.length === 0
}

type Triggers = Pick<Actual, 'schedules' | 'mappings'>

async function triggersOf(name: string, ports: Ports): Promise<Triggers> {
  const [schedules, mappings] = await Promise.all([
    ports.schedules.list(name),
    ports.mappings.list(name),
  ])
  return { schedules, mappings }
}
