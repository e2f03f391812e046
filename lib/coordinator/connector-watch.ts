/** What of all connectors together is told to people: how many tasks are in which state, how far sinks are behind, who stands on the dashboard. */
import type { GaugeName } from '../config/metrics.ts'
import { messageOf } from '../errors.ts'
import type { Plugins } from '../plugin.ts'
import type { ConnectorView, Ports, ShownConnector } from '../ports.ts'
import { knownConnectors } from './known-connectors.ts'
import { sinkLagWatch } from './sink-lag-watch.ts'
import { type Moment, type TaskCounts, taskCounts } from './task-counts.ts'

/** One for the life of a container. */
export type ConnectorWatch = {
  /** Takes note of a connector that was looked at anyway. */
  saw(view: ConnectorView): void
  /** At the end of each tick. Never throws: the next tick tells what this one could not. */
  tell(): Promise<void>
}

export function connectorWatch(ports: Ports, plugins: Plugins): ConnectorWatch {
  const { metrics, clock, log, workers, worker } = ports
  const known = knownConnectors(ports)
  const lags = sinkLagWatch(ports)
  const dashboard = dashboardWatch(ports)

  async function moment(): Promise<Moment> {
    const living = await workers?.living()
    return { now: clock.now(), living: living && [...living, worker.id] }
  }

  function tellCounts(views: readonly ConnectorView[], at: Moment): void {
    const sums = new Map<GaugeName, number>(COUNTS.map(([name]) => [name, 0]))
    for (const view of views) {
      const counts = taskCounts(view, at)
      for (const [name, kind] of COUNTS) {
        metrics.set(name, counts[kind], { connector: view.row.name })
        sums.set(name, (sums.get(name) ?? 0) + counts[kind])
      }
    }
    // Half of a sum would look like fewer failures.
    if (views.length < known.views.size) return
    for (const [name, sum] of sums) metrics.set(name, sum, {})
    metrics.set('task-count', sums.get('connector-total-task-count') ?? 0, {})
  }

  async function tellAll(): Promise<void> {
    for (const name of await known.refresh()) metrics.forget?.(name)
    metrics.set('connector-count', known.views.size, {})
    const views = [...known.views.values()].filter((view) => view !== undefined)
    const at = await moment()
    tellCounts(views, at)
    const kinds = views.map((view) => ({ view, kind: kindOf(view, plugins) }))
    await lags.tell(
      kinds.filter(({ kind }) => kind === 'sink').map(({ view }) => view),
      at,
    )
    if (views.length === known.views.size) await dashboard.show(kinds.map(shownOf))
  }

  return {
    saw: known.saw,
    async tell() {
      try {
        await tellAll()
      } catch (error) {
        log.warn(`Could not tell how all connectors stand: ${messageOf(error)}`, { error })
      }
    },
  }
}

const COUNTS = [
  ['connector-running-task-count', 'running'],
  ['connector-failed-task-count', 'failed'],
  ['connector-paused-task-count', 'paused'],
  ['connector-unassigned-task-count', 'unassigned'],
  ['connector-restarting-task-count', 'restarting'],
  ['connector-total-task-count', 'total'],
] as const satisfies readonly (readonly [GaugeName, keyof TaskCounts])[]

function kindOf({ row }: ConnectorView, plugins: Plugins): ShownConnector['kind'] {
  try {
    return plugins.connector(row.config['connector.class'] ?? '').kind
  } catch {
    // The coordinator makes it FAILED for that.
    return 'unknown'
  }
}

const shownOf = (one: {
  readonly view: ConnectorView
  readonly kind: ShownConnector['kind']
}): ShownConnector => ({
  name: one.view.row.name,
  kind: one.kind,
  tasks: one.view.tasks?.configs.length ?? 0,
})

/** Writes it when it is another than the one this container wrote last. */
function dashboardWatch({ dashboards }: Pick<Ports, 'dashboards'>) {
  let written: string | undefined
  return {
    async show(connectors: readonly ShownConnector[]): Promise<void> {
      if (!dashboards) return
      const sorted = connectors.toSorted((one, other) => (one.name < other.name ? -1 : 1))
      const wanted = JSON.stringify(sorted)
      if (wanted === written) return
      await dashboards.show(sorted)
      written = wanted
    },
  }
}
