import type { RawConfig } from '../config/config-def.ts'
import type { ConnectorView, Ports } from '../ports.ts'

/** What a coordinator remembers of all connectors: a tick of many looks at some of them alone. */
export type KnownConnectors = {
  saw(view: ConnectorView): void
  /** Looks at those it has never seen, and at those it has not seen for longest: so many at most. Gives back who is gone since. */
  refresh(): Promise<readonly string[]>
  /** Of configurations only what this room's watching needs; undefined of those it has not seen yet. */
  readonly views: ReadonlyMap<string, ConnectorView | undefined>
}

/** Looks of a tick, a read each: at those that no other look has come to for long. A new container knows none yet. */
const MAX_LOOKS = 100
const MAX_FIRST_LOOKS = 500
const AT_ONCE = 20
/** Who was seen since needs no other look. */
const FRESH_MS = 50_000
/** What other coordinators made or removed is found at least so often. */
const LIST_MS = 15 * 60_000

export function knownConnectors({
  configs,
  connectors,
  clock,
}: Pick<Ports, 'configs' | 'connectors' | 'clock'>): KnownConnectors {
  const views = new Map<string, ConnectorView | undefined>()
  /** when each was seen last, longest ago first */
  const seenAt = new Map<string, number>()
  let listedAt = Number.NEGATIVE_INFINITY
  let gone: string[] = []

  function remove(name: string): void {
    seenAt.delete(name)
    if (views.delete(name)) gone.push(name)
  }

  function saw(view: ConnectorView): void {
    const { name, deleted } = view.row
    if (deleted) {
      remove(name)
      return
    }
    views.set(name, slim(view))
    seenAt.delete(name)
    seenAt.set(name, clock.monotonic())
  }

  async function listAnew(): Promise<void> {
    if (clock.monotonic() - listedAt < LIST_MS) return
    const listed = new Set(await configs.list())
    listedAt = clock.monotonic()
    for (const name of views.keys()) if (!listed.has(name)) remove(name)
    for (const name of listed) if (!views.has(name)) views.set(name, undefined)
  }

  async function look(name: string): Promise<void> {
    const view = await connectors.view(name)
    if (view) saw(view)
    else remove(name)
  }

  return {
    saw,
    views,
    async refresh() {
      await listAnew()
      const unseen = [...views.keys()].filter((name) => !seenAt.has(name))
      const stale = [...seenAt]
        .filter(([, at]) => clock.monotonic() - at >= FRESH_MS)
        .map(([name]) => name)
      const due = [...unseen.slice(0, MAX_FIRST_LOOKS), ...stale.slice(0, MAX_LOOKS)]
      for (let at = 0; at < due.length; at += AT_ONCE)
        await Promise.all(due.slice(at, at + AT_ONCE).map(look))
      const since = gone
      gone = []
      return since
    },
  }
}

/** Of 10,000 connectors whole configurations and traces would take much room. */
const slim = ({ row, tasks, statuses, leases }: ConnectorView): ConnectorView => ({
  row: { ...row, config: kept(row.config) },
  tasks: tasks && { ...tasks, configs: tasks.configs.map(kept) },
  statuses: new Map(
    Array.from(statuses, ([unit, { trace: _, reason: __, lastError: ___, ...status }]) => [
      unit,
      status,
    ]),
  ),
  leases,
  groups: undefined,
})

const KEPT = ['connector.class', 'topics']

const kept = (config: RawConfig): RawConfig =>
  Object.fromEntries(KEPT.flatMap((key) => (key in config ? [[key, config[key] ?? null]] : [])))
