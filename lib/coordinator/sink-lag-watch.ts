import { groupOf, topicsOf } from '../config/consumer-groups.ts'
import { messageOf } from '../errors.ts'
import type { ConnectorView, Ports } from '../ports.ts'
import { type Moment, stateOf } from './task-counts.ts'

/** A question is one invocation of the sink function; more groups than this take turns. */
const MAX_GROUPS = 200
/** A tick in AWS; of the many ticks of local mode some. */
const EVERY_MS = 15_000

type Group = {
  readonly connector: string
  readonly task: number
  readonly group: string
  readonly topic: string
}

/** Asks Kafka, through the sink function, how far running sinks are behind. */
export function sinkLagWatch({
  ask,
  clock,
  log,
  metrics,
}: Pick<Ports, 'ask' | 'clock' | 'log' | 'metrics'>) {
  let askedAt = Number.NEGATIVE_INFINITY
  let next = 0
  let isFailing = false
  let told = new Set<string>()

  async function ask200(groups: readonly Group[]): Promise<void> {
    const question = groups.map(({ group, topic }) => ({ group, topics: [topic] }))
    const { lags } = await ask.sink('sinkLag', { groups: question })
    const byGroup = new Map(lags.map(({ group, topic, lag }) => [`${group} ${topic}`, lag]))
    const byTask = Map.groupBy(groups, ({ connector, task }) => `${task} ${connector}`)
    for (const [key, [first, ...more]] of byTask) {
      if (!first) continue
      const known = [first, ...more].flatMap(
        ({ group, topic }) => byGroup.get(`${group} ${topic}`) ?? [],
      )
      const { connector, task } = first
      if (known.length > 0)
        metrics.set(
          'sink-record-lag',
          known.reduce((sum, lag) => sum + lag, 0),
          { connector, task },
        )
      told.add(key)
    }
  }

  function forgetOthers(groups: readonly Group[]): void {
    const wanted = new Map(groups.map((one) => [`${one.task} ${one.connector}`, one]))
    for (const key of told) {
      if (wanted.has(key)) continue
      const at = key.indexOf(' ')
      const of = { connector: key.slice(at + 1), task: Number(key.slice(0, at)) }
      metrics.set('sink-record-lag', undefined, of)
    }
    told = new Set([...told].filter((key) => wanted.has(key)))
  }

  return {
    /** Never throws. */
    async tell(sinks: readonly ConnectorView[], at: Moment): Promise<void> {
      if (clock.monotonic() - askedAt < EVERY_MS) return
      askedAt = clock.monotonic()
      const groups = sinks.flatMap((view) => groupsOf(view, at))
      forgetOthers(groups)
      if (groups.length === 0) return
      if (next >= groups.length) next = 0
      const part = groups.slice(next, next + MAX_GROUPS)
      next += MAX_GROUPS
      try {
        await ask200(part)
        isFailing = false
      } catch (error) {
        if (!isFailing)
          log.warn(`How far sinks are behind is not known: ${messageOf(error)}`, { error })
        isFailing = true
      }
    },
  }
}

/** Of its RUNNING tasks. */
function groupsOf(view: ConnectorView, at: Moment): Group[] {
  const { row, tasks } = view
  const topics = topicsOf(row.config)
  return (tasks?.configs ?? []).flatMap((config, task) =>
    stateOf(view, task, at) === 'RUNNING'
      ? topicsOf(config).map((topic) => ({
          connector: row.name,
          task,
          group: groupOf(row.name, topics, topic),
          topic,
        }))
      : [],
  )
}
