import { Metrics as EmfMetrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import {
  dimensionValue,
  GAUGES,
  isRecorded,
  MEASURES,
  type MetricLevel,
  TOTALS,
  type MetricUnit as Unit,
} from '../config/metrics.ts'
import type { Metrics, MetricTags } from '../ports.ts'
import { type Measured, measured, withMeasurement } from './measured.ts'

type Settings = {
  /** one a deployment: connectors of two have the same names */
  readonly namespace: string
  readonly stage: string
  readonly level: MetricLevel
}

/**
 * CloudWatch's embedded metric format: lines in the log that become metrics, by the dimensions Connector and Task.
 * What alarms watch is told by the dimension Stage as well, as one of all connectors.
 */
export function emfMetrics({ namespace, stage, level }: Settings): Metrics {
  const units = new Map<string, Lines>()
  const unitOf = (dimensions: Dimensions): Lines => {
    const key = JSON.stringify(dimensions)
    const unit = units.get(key) ?? { dimensions, values: new Map(), measures: new Map() }
    units.set(key, unit)
    return unit
  }
  const stageUnit = () => unitOf({ Stage: stage })
  const ofTask = new Map<string, Dimensions>()
  const dimensionsOf = ({ connector, task }: MetricTags): Dimensions => {
    if (connector === undefined) return { Stage: stage }
    const key = `${task} ${connector}`
    const known = ofTask.get(key) ?? {
      Connector: dimensionValue(connector),
      ...(task !== undefined && { Task: String(task) }),
    }
    ofTask.set(key, known)
    return known
  }

  return {
    add(name, count, of) {
      const metric = TOTALS[name]
      const tell = ({ values }: Lines) =>
        values.set(name, { unit: metric.unit, value: count + (values.get(name)?.value ?? 0) })
      if (isRecorded(metric, level)) tell(unitOf(dimensionsOf(of)))
      if ('isWatched' in metric) tell(stageUnit())
    },

    measure(name, value, of) {
      if (!isRecorded(MEASURES[name], level)) return
      const { measures } = unitOf(dimensionsOf(of))
      measures.set(name, withMeasurement(measures.get(name), value))
    },

    set(name, value, of) {
      // What was true a moment ago is told nevertheless.
      if (value === undefined) return
      const { unit, ...metric } = GAUGES[name]
      if (of.connector === undefined) return void stageUnit().values.set(name, { unit, value })
      // A metric of CloudWatch's costs whatever its value; of states, those that are there are told.
      const isWorthIt = value !== 0 || of.task !== undefined
      if (isWorthIt && isRecorded(metric, level))
        unitOf(dimensionsOf(of)).values.set(name, { unit, value })
      if (of.task === undefined || !('isWatched' in metric)) return
      // The worst of all tasks.
      const { values } = stageUnit()
      values.set(name, { unit, value: Math.max(value, values.get(name)?.value ?? value) })
    },

    flush() {
      for (const unit of units.values()) publish(namespace, unit)
      units.clear()
      ofTask.clear()
    },
  }
}

type Dimensions = Record<string, string>

type Lines = {
  readonly dimensions: Dimensions
  readonly values: Map<string, { readonly unit: Unit; readonly value: number }>
  readonly measures: Map<keyof typeof MEASURES, Measured>
}

function publish(namespace: string, { dimensions, values, measures }: Lines): void {
  const metrics = new EmfMetrics({ namespace })
  metrics.clearDefaultDimensions()
  metrics.addDimensions(dimensions)
  const tell = (name: string, unit: Unit, value: number) =>
    metrics.addMetric(name, MetricUnit[unit === 'None' ? 'NoUnit' : unit], value)
  for (const [name, { unit, value }] of values) tell(name, unit, value)
  for (const [name, sum] of measures)
    for (const [told, value] of measured(name, sum)) tell(told, MEASURES[name].unit, value)
  metrics.publishStoredMetrics()
}
