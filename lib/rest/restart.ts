import { ConnectError, NotFoundError } from '../errors.ts'
import type { ConnectorRow, Status } from '../ports.ts'
import { statusJson } from './answers.ts'
import { changeConnector, nudge, tellChange, untilWritten } from './change-connector.ts'
import { type ConnectorView, viewConnector } from './connector-view.ts'
import type { Answer, Api, Call } from './http.ts'
import { restarting, type Shown, type ShownAll, shownConnector } from './shown-status.ts'
import { seenBy } from './status.ts'

export async function restartConnector({ api, params, query }: Call<'connector'>): Promise<Answer> {
  const name = params.connector
  const wish = {
    includeTasks: isTrue(query.get('includeTasks')),
    onlyFailed: isTrue(query.get('onlyFailed')),
  }
  if (wish.includeTasks || wish.onlyFailed) return restartByPlan(name, wish, api)
  const row = await changeConnector(name, api, {
    change: (row) => withRestarts(row, { connector: true, tasks: [] }),
    missing: () => unknownConnector(name),
  })
  tellChange(name, 'is to be restarted', api)
  if ((await started(row, api))?.state === 'FAILED')
    throw new ConnectError(`Failed to start connector: ${name}`)
  return { status: 204 }
}

/** How often and how long the coordinator is waited for; what it has not done by then it does later. */
const LOOK_MS = 100
const MAX_LOOKS = 100

/** The status that the restart has come to; undefined when it takes longer. */
async function started(row: ConnectorRow, { ports }: Api): Promise<Status | undefined> {
  for (let looks = 0; looks < MAX_LOOKS; looks++) {
    const status = await ports.statuses.get(row.name, 'connector')
    if (status && isOfRun(status, row)) return status
    await ports.clock.sleep(LOOK_MS)
  }
  return undefined
}

/** Or of a later one: somebody else has changed it meanwhile. */
const isOfRun = ({ generation, restart }: Status, { version, restarts }: ConnectorRow): boolean =>
  generation > version || (generation === version && restart >= restarts.connector)

export async function restartTask({ api, params }: Call<'connector' | 'task'>): Promise<Answer> {
  const name = params.connector
  const task = Number(params.task)
  await untilWritten(api, async () => {
    const view = await viewConnector(name, api)
    if (!view) throw unknownConnector(name)
    if (!view.tasks || !(task in view.tasks.configs))
      throw new NotFoundError(`Unknown task: ${name}-${task}`)
    await write(view, { connector: false, tasks: [task] }, api)
  })
  tellChange(name, `is to restart its task ${task}`, api)
  await nudge(name, api)
  return { status: 204 }
}

type Wish = { readonly includeTasks: boolean; readonly onlyFailed: boolean }
type Chosen = { readonly connector: boolean; readonly tasks: readonly number[] }

/** Answers the plan: what will be restarted is shown as RESTARTING, with its old trace. One row write for all of it. */
async function restartByPlan(name: string, wish: Wish, api: Api): Promise<Answer> {
  const json = await untilWritten(api, async () => {
    const view = await viewConnector(name, api)
    if (!view) throw unknownConnector(name)
    const shown = shownConnector(view, await seenBy(api))
    if (!shown) throw new NotFoundError(`Status for connector ${name} not found`)
    const chosen = choose(wish, shown)
    await write(view, chosen, api)
    return statusJson(view.row, asPlanned(shown, chosen), api.plugins)
  })
  tellChange(name, 'is to be restarted as planned', api)
  await nudge(name, api)
  return { status: 202, json }
}

function choose({ includeTasks, onlyFailed }: Wish, { connector, tasks }: ShownAll): Chosen {
  const isDue = ({ state }: Shown) => !onlyFailed || state === 'FAILED'
  return {
    connector: isDue(connector),
    tasks: tasks.flatMap((shown, task) => (includeTasks && isDue(shown) ? [task] : [])),
  }
}

async function write({ row }: ConnectorView, chosen: Chosen, { ports }: Api): Promise<void> {
  if (!chosen.connector && chosen.tasks.length === 0) return
  await ports.configs.put(withRestarts(row, chosen), row.revision)
}

const asPlanned = ({ connector, tasks }: ShownAll, chosen: Chosen): ShownAll => ({
  connector: chosen.connector ? restarting(connector) : connector,
  tasks: tasks.map((shown, task) => (chosen.tasks.includes(task) ? restarting(shown) : shown)),
})

function withRestarts(row: ConnectorRow, chosen: Chosen): ConnectorRow {
  const { connector, tasks } = row.restarts
  const raised = chosen.tasks.map((task) => [task, (tasks[task] ?? 0) + 1] as const)
  return {
    ...row,
    restarts: {
      ...row.restarts,
      connector: connector + (chosen.connector ? 1 : 0),
      tasks: { ...tasks, ...Object.fromEntries(raised) },
    },
  }
}

const unknownConnector = (name: string): NotFoundError =>
  new NotFoundError(`Unknown connector: ${name}`)

const isTrue = (text: string | null): boolean => text?.toLowerCase() === 'true'
