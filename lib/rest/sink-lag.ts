/** How many records a sink is behind. Kafka tells, so a function is asked, and nobody waits long for it. */
import { groupOf, topicsOf } from '../config/consumer-groups.ts'
import { messageOf } from '../errors.ts'
import type { ConnectorRow, Ports } from '../ports.ts'
import { typeOf } from './answers.ts'
import type { ConnectorView } from './connector-view.ts'
import type { Api } from './http.ts'
import type { Shown, ShownAll } from './shown-status.ts'

/** By topic; undefined when there is no answer in time. One for all requests of a container: it keeps answers for a while. */
export type SinkLags = (row: ConnectorRow) => Promise<ReadonlyMap<string, number> | undefined>

const PATIENCE_MS = 1_000
const KEPT_MS = 5_000

type Asked = { readonly at: number; readonly answer: ReturnType<SinkLags> }

export function sinkLags({ ask, clock, log }: Pick<Ports, 'ask' | 'clock' | 'log'>): SinkLags {
  const asked = new Map<string, Asked>()

  async function askFor({ name, config }: ConnectorRow): ReturnType<SinkLags> {
    const topics = topicsOf(config)
    try {
      const groups = topics.map((topic) => ({
        group: groupOf(name, topics, topic),
        topics: [topic],
      }))
      const { lags } = await ask.sink('sinkLag', { groups })
      return new Map(lags.map(({ topic, lag }) => [topic, lag]))
    } catch (error) {
      log.warn(`How far it is behind is not known: ${messageOf(error)}`, { connector: name, error })
      return undefined
    }
  }

  return async (row) => {
    for (const [key, { at }] of asked) if (clock.monotonic() - at >= KEPT_MS) asked.delete(key)
    const key = `${row.version} ${row.name}`
    const { answer } = asked.get(key) ?? { answer: askFor(row) }
    if (!asked.has(key)) asked.set(key, { at: clock.monotonic(), answer })
    const over = new AbortController()
    try {
      const late = clock.sleep(PATIENCE_MS, over.signal).then(() => undefined)
      // An answer that comes too late serves the next request.
      return await Promise.race([answer, late])
    } finally {
      over.abort()
    }
  }
}

/** With what is known of the lag of its RUNNING tasks. */
export async function withLags(view: ConnectorView, shown: ShownAll, api: Api): Promise<ShownAll> {
  const isAsked = shown.tasks.some(({ state }) => state === 'RUNNING')
  if (!isAsked || typeOf(view.row, api.plugins) !== 'sink') return shown
  const lags = await api.lags?.(view.row)
  return {
    ...shown,
    tasks: shown.tasks.map((one, task) => withLag(one, topicsOfTask(view, task), lags)),
  }
}

export async function taskWithLag(
  view: ConnectorView,
  task: number,
  shown: Shown,
  api: Api,
): Promise<Shown> {
  const isAsked = shown.state === 'RUNNING' && typeOf(view.row, api.plugins) === 'sink'
  return isAsked ? withLag(shown, topicsOfTask(view, task), await api.lags?.(view.row)) : shown
}

const topicsOfTask = ({ tasks }: ConnectorView, task: number): readonly string[] =>
  topicsOf(tasks?.configs[task] ?? {})

function withLag(
  shown: Shown,
  topics: readonly string[],
  lags: ReadonlyMap<string, number> | undefined,
): Shown {
  const known = topics.flatMap((topic) => lags?.get(topic) ?? [])
  if (shown.state !== 'RUNNING' || known.length === 0) return shown
  return { ...shown, lag: known.reduce((sum, lag) => sum + lag, 0) }
}
