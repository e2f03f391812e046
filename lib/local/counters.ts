import type { Metrics } from '../ports.ts'

/** Totals since the start, by metric, connector and task. */
export type Counters = Metrics & { readonly total: (name: string, connector: string) => number }

export function counters(): Counters {
  const totals = new Map<string, number>()
  return {
    add(name, count, { connector }) {
      const key = `${name} ${connector}`
      totals.set(key, (totals.get(key) ?? 0) + count)
    },
    total: (name, connector) => totals.get(`${name} ${connector}`) ?? 0,
  }
}
