import { GAUGES, MEASURES, type MeasureName, TOTALS } from '../config/metrics.ts'
import { type Measured, measured, together, withMeasurement } from '../monitoring/measured.ts'
import { systemClock } from '../monitoring/system-clock.ts'
import type { Clock, Metrics, MetricTags } from '../ports.ts'
import { exposition, type Family } from './exposition.ts'

/** Totals since the start, and how things stand, by metric, connector and task. */
export type Counters = Metrics & {
  readonly total: (name: string, connector: string) => number
  readonly exposition: () => string
}

/** Kafka Connect's sample window: means and highest are those of the last 30 to 60 s. */
const WINDOW_MS = 30_000

type Window = { readonly at: number; now: Measured | undefined; before: Measured | undefined }

/** By metric and then by unit, so that a scrape meets each metric's values together. */
type Values<V> = Map<string, Map<string, { readonly of: MetricTags; value: V }>>

export function counters(clock: Pick<Clock, 'monotonic'> = systemClock): Counters {
  const totals: Values<number> = new Map()
  const gauges: Values<number> = new Map()
  const windows: Values<Window> = new Map()

  function windowNow(window: Window | undefined): Window {
    const at = Math.floor(clock.monotonic() / WINDOW_MS)
    if (window?.at === at) return window
    return { at, now: undefined, before: window?.at === at - 1 ? window.now : undefined }
  }

  function measuresOf(name: MeasureName): Family[] {
    const { group, doc, ...told } = MEASURES[name]
    const known = [...(windows.get(name)?.values() ?? [])].flatMap(({ of, value }) => {
      const { now, before } = windowNow(value)
      const both = now && before ? together(now, before) : (now ?? before)
      return both ? [{ of, values: new Map(measured(name, both)) }] : []
    })
    const family = (of: string, text: string): Family => ({
      name: of,
      group,
      type: 'gauge',
      doc: text,
      samples: known.map((one) => ({ of: one.of, value: one.values.get(of) ?? 0 })),
    })
    const mean = family(told.mean, `${doc}: mean of the last 30 to 60 s`)
    return 'highest' in told
      ? [mean, family(told.highest, `${doc}: highest of the last 30 to 60 s`)]
      : [mean]
  }

  return {
    add(name, count, of) {
      const one = entryOf(totals, name, of, () => 0)
      one.value += count
    },
    measure(name, value, of) {
      const one = entryOf(windows, name, of, () => windowNow(undefined))
      one.value = windowNow(one.value)
      one.value.now = withMeasurement(one.value.now, value)
    },
    set(name, value, of) {
      if (value === undefined) gauges.get(name)?.delete(keyOf(of))
      else entryOf(gauges, name, of, () => value).value = value
    },
    forget(connector) {
      for (const all of [totals, gauges, windows])
        for (const units of all.values())
          for (const [key, { of }] of units) if (of.connector === connector) units.delete(key)
    },
    total(name, connector) {
      const units = [...(totals.get(name)?.values() ?? [])]
      return units.reduce((sum, { of, value }) => sum + (of.connector === connector ? value : 0), 0)
    },
    exposition: () =>
      exposition([
        ...namesOf(TOTALS).map((name) => familyOf(name, 'counter', TOTALS[name], totals)),
        ...namesOf(MEASURES).flatMap(measuresOf),
        ...namesOf(GAUGES).map((name) => familyOf(name, 'gauge', GAUGES[name], gauges)),
      ]),
  }
}

const keyOf = ({ connector, task }: MetricTags): string => `${task ?? ''} ${connector ?? ''}`

function entryOf<V>(all: Values<V>, name: string, of: MetricTags, first: () => V): { value: V } {
  const units = all.get(name) ?? new Map<string, { of: MetricTags; value: V }>()
  all.set(name, units)
  const key = keyOf(of)
  const known = units.get(key)
  if (known) return known
  // A task's event may carry more than its name.
  const { connector, task } = of
  const tags = {
    ...(connector !== undefined && { connector }),
    ...(task !== undefined && { task }),
  }
  const made = { of: tags, value: first() }
  units.set(key, made)
  return made
}

// An object literal has no other keys.
const namesOf = <T extends object>(table: T) => Object.keys(table) as (keyof T)[]

const familyOf = (
  name: string,
  type: Family['type'],
  { group, doc }: Pick<Family, 'group' | 'doc'>,
  values: Values<number>,
): Family => ({ name, group, type, doc, samples: [...(values.get(name)?.values() ?? [])] })
