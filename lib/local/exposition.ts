import type { MetricGroup } from '../config/metrics.ts'
import type { MetricTags } from '../ports.ts'

/** All values of one metric. */
export type Family = {
  readonly name: string
  readonly group: MetricGroup
  readonly type: 'counter' | 'gauge'
  readonly doc: string
  readonly samples: readonly { readonly of: MetricTags; readonly value: number }[]
}

/**
 * Prometheus' text form, version 0.0.4. Names are those that its JMX exporter usually makes of Kafka Connect's beans:
 * `kafka.connect:type=source-task-metrics,connector=…,task=…` is `kafka_connect_source_task_…{connector="…",task="…"}`.
 */
export const exposition = (families: readonly Family[]): string =>
  families
    .filter(({ samples }) => samples.length > 0)
    .map((family) => {
      const name = exposedName(family)
      const lines = family.samples.map(({ of, value }) => `${name}${labels(of)} ${value}\n`)
      return `# HELP ${name} ${escaped(family.doc)}\n# TYPE ${name} ${family.type}\n${lines.join('')}`
    })
    .join('')

export const exposedName = ({ group, name }: Pick<Family, 'group' | 'name'>): string =>
  `kafka_connect_${group.replace('connect-', '')}_${name}`.replaceAll('-', '_')

function labels({ connector, task }: MetricTags): string {
  const pairs = [
    ...(connector === undefined ? [] : [`connector="${quoted(connector)}"`]),
    ...(task === undefined ? [] : [`task="${task}"`]),
  ]
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')

// The text goes as UTF-8, which has no half of a surrogate pair.
const quoted = (text: string): string => escaped(text.toWellFormed()).replaceAll('"', '\\"')
