import { messageOf } from '../errors.ts'
import { clusterJson, ok } from './answers.ts'
import type { Answer, Call } from './http.ts'

export const getCluster = async ({ api }: Call): Promise<Answer> =>
  ok(clusterJson(api.ports.worker))

/** How long Kafka Connect waits for its herder. */
const PATIENCE_MS = 10_000

/** Healthy is who can read the rows. */
export async function getHealth({ api }: Call): Promise<Answer> {
  const { configs, clock, log } = api.ports
  const waiting = new AbortController()
  try {
    const canRead = configs.target('health').then(() => true)
    const inTime = await Promise.race([canRead, clock.sleep(PATIENCE_MS, waiting.signal)])
    if (inTime) return health(200, 'healthy', HEALTHY)
    log.error('The store has not answered for 10 s')
  } catch (error) {
    log.error(`The store cannot be read: ${messageOf(error)}`, { error })
  } finally {
    waiting.abort()
  }
  return health(500, 'unhealthy', UNHEALTHY)
}

const HEALTHY = 'Worker has completed startup and is ready to handle requests.'
const UNHEALTHY =
  'Worker was unable to handle this request and may be unable to handle other requests.'

const health = (status: number, name: string, message: string): Answer => ({
  status,
  json: { status: name, message },
})
