import { MEASURES, type MeasureName } from '../config/metrics.ts'

/** What is kept of measurements. */
export type Measured = { readonly sum: number; readonly count: number; readonly highest: number }

export const withMeasurement = (before: Measured | undefined, value: number): Measured =>
  before
    ? {
        sum: before.sum + value,
        count: before.count + 1,
        highest: Math.max(before.highest, value),
      }
    : { sum: value, count: 1, highest: value }

export const together = (one: Measured, other: Measured): Measured => ({
  sum: one.sum + other.sum,
  count: one.count + other.count,
  highest: Math.max(one.highest, other.highest),
})

/** What is told of them, by Kafka Connect's names. */
export function measured(name: MeasureName, { sum, count, highest }: Measured): [string, number][] {
  const told = MEASURES[name]
  const mean: [string, number] = [told.mean, sum / count]
  return 'highest' in told ? [mean, [told.highest, highest]] : [mean]
}
