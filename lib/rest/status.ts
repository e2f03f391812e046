import { NotFoundError } from '../errors.ts'
import { ok, statusJson, taskStatusJson } from './answers.ts'
import { viewConnector } from './connector-view.ts'
import type { Answer, Api, Call } from './http.ts'
import { type Seen, shownConnector, shownTask } from './shown-status.ts'
import { taskWithLag, withLags } from './sink-lag.ts'

export async function getStatus({ api, params }: Call<'connector'>): Promise<Answer> {
  const view = await viewConnector(params.connector, api)
  const shown = view && shownConnector(view, await seenBy(api))
  if (!shown) throw new NotFoundError(`No status found for connector ${params.connector}`)
  return ok(statusJson(view.row, await withLags(view, shown, api), api.plugins))
}

export async function getTaskStatus({ api, params }: Call<'connector' | 'task'>): Promise<Answer> {
  const task = Number(params.task)
  const view = await viewConnector(params.connector, api)
  const shown = view && shownTask(view, task, await seenBy(api))
  if (!shown) throw new NotFoundError(`No status found for task ${params.connector}-${task}`)
  return ok(taskStatusJson(task, await taskWithLag(view, task, shown, api)))
}

/** Read after the rows that it is to judge: a worker that has only just begun is living then. */
export const seenBy = async ({ ports }: Api): Promise<Seen> => ({
  living: await ports.workers?.living(),
  now: ports.clock.now(),
  workerId: ports.worker.id,
  taskRestarts: ports.worker.taskRestarts,
})
