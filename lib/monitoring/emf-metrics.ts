import { Metrics as EmfMetrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import type { Metrics } from '../ports.ts'

/** CloudWatch's embedded metric format: lines in the log that become metrics, by the dimensions Connector and Task. */
export function emfMetrics(namespace: string): Metrics {
  const units = new Map<string, Unit>()
  return {
    add(name, count, { connector, task }) {
      const unit = units.get(`${task} ${connector}`) ?? { connector, task, counts: new Map() }
      units.set(`${task} ${connector}`, unit)
      unit.counts.set(name, (unit.counts.get(name) ?? 0) + count)
    },

    flush() {
      for (const unit of units.values()) publish(namespace, unit)
      units.clear()
    },
  }
}

type Unit = {
  readonly connector: string
  readonly task: number
  readonly counts: Map<string, number>
}

function publish(namespace: string, { connector, task, counts }: Unit): void {
  const metrics = new EmfMetrics({ namespace })
  metrics.clearDefaultDimensions()
  metrics.addDimensions({ Connector: inAscii(connector), Task: String(task) })
  for (const [name, count] of counts) metrics.addMetric(name, MetricUnit.Count, count)
  metrics.publishStoredMetrics()
}

// CloudWatch drops a metric whose dimension holds anything but ASCII, or more than 1024 of it.
const inAscii = (name: string): string =>
  name
    .toWellFormed()
    .replace(/[^\x20-\x7e]+/g, encodeURIComponent)
    .slice(0, 1024)
