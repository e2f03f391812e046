import { NotFoundError } from '../errors.ts'
import { ok, statusJson, taskStatusJson } from './answers.ts'
import { type ConnectorView, viewConnector } from './connector-view.ts'
import type { Answer, Api, Call } from './http.ts'
import { type Shown, shownConnector, shownTask } from './shown-status.ts'

export async function getStatus({ api, params }: Call<'connector'>): Promise<Answer> {
  const view = await viewConnector(params.connector, api)
  const connector = view && shownConnector(view)
  if (!connector) throw new NotFoundError(`No status found for connector ${params.connector}`)
  return ok(statusJson(view.row, connector, shownTasks(view, api), api.plugins))
}

export async function getTaskStatus({ api, params }: Call<'connector' | 'task'>): Promise<Answer> {
  const task = Number(params.task)
  const view = await viewConnector(params.connector, api)
  const shown = view && shownTask(view, task, seenBy(api))
  if (!shown) throw new NotFoundError(`No status found for task ${params.connector}-${task}`)
  return ok(taskStatusJson(task, shown))
}

/** One for each task there is, in order. */
export const shownTasks = (view: ConnectorView, api: Api): Shown[] =>
  (view.tasks?.configs ?? []).flatMap((_, task) => shownTask(view, task, seenBy(api)) ?? [])

const seenBy = ({ ports }: Api) => ({ now: ports.clock.now(), workerId: ports.worker.id })
