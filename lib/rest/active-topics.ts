import { errorAnswer, ok } from './answers.ts'
import { untilWritten } from './change-connector.ts'
import { findConnector } from './connector-view.ts'
import type { Answer, Call } from './http.ts'

/** Of a connector that does not exist there are none, and that is no error. */
export async function getTopics({ api, params }: Call<'connector'>): Promise<Answer> {
  const { worker, activeTopics } = api.ports
  if (worker.topicTracking?.enabled === false) return trackingDisabled
  const name = params.connector
  const row = await findConnector(name, api)
  const topics = row ? await activeTopics.read(name, row.topicsReset ?? 0) : []
  return ok({ [name]: { topics } })
}

/** Functions that see the row record again what is active from then on. */
export async function resetTopics({ api, params }: Call<'connector'>): Promise<Answer> {
  const { worker, activeTopics } = api.ports
  if (worker.topicTracking?.enabled === false) return trackingDisabled
  if (worker.topicTracking?.mayReset === false) return resetDisabled
  const name = params.connector
  const row = await untilWritten(api, async () => {
    const before = await findConnector(name, api)
    if (!before) return undefined
    return api.ports.configs.put({ ...before, topicsReset: before.revision }, before.revision)
  })
  if (row) await activeTopics.forgetBefore(name, row.topicsReset ?? 0)
  return { status: 202 }
}

const trackingDisabled = errorAnswer(403, 'Topic tracking is disabled.')
const resetDisabled = errorAnswer(403, 'Topic tracking reset is disabled.')
