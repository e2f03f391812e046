/** What stands on CloudWatch's dashboard: what all connectors have in common on top, then a row a connector. Pure. */
import { dimensionValue, type GaugeName, MEASURES, type TotalName } from '../config/metrics.ts'
import type { ShownConnector } from '../ports.ts'

export type DashboardSettings = {
  readonly region: string
  /** of the metrics */
  readonly namespace: string
  readonly stage: string
}

/** AWS's limits. */
const MAX_WIDGETS = 500
const MAX_BYTES = 1_000_000
/** More than the head takes, and a row's four places. */
const HEAD_BYTES = 10_000
const PLACE_BYTES = 20

const WIDTH = 24
const HEAD_HEIGHT = 6
const ROW_HEIGHT = 5

/** Where there are more connectors than room, those of most tasks have it. */
export function dashboardBody(
  connectors: readonly ShownConnector[],
  settings: DashboardSettings,
): string {
  const ranked = connectors.toSorted(
    (one, other) => other.tasks - one.tasks || (one.name < other.name ? -1 : 1),
  )
  const fitting = ranked.slice(0, room(ranked, settings))
  const shown = fitting.length < ranked.length ? fitting : fitting.toSorted(byName)
  const rows = shown.flatMap((one, at) => row(one, HEAD_HEIGHT + at * ROW_HEIGHT, settings))
  return JSON.stringify({ widgets: [...head(settings, shown.length, ranked.length), ...rows] })
}

/** How many of them have a row. */
function room(ranked: readonly ShownConnector[], settings: DashboardSettings): number {
  const most = Math.floor((MAX_WIDGETS - head(settings, 0, 0).length) / WIDGETS_A_ROW)
  let leftBytes = MAX_BYTES - HEAD_BYTES
  const tooMany = ranked.slice(0, most).findIndex((one) => {
    leftBytes -= Buffer.byteLength(JSON.stringify(row(one, 0, settings))) + PLACE_BYTES
    return leftBytes < 0
  })
  return tooMany < 0 ? most : tooMany
}

const byName = (one: ShownConnector, other: ShownConnector): number =>
  one.name < other.name ? -1 : 1

function head(settings: DashboardSettings, shown: number, all: number) {
  const { stage } = settings
  const left = all - shown
  const others = left > 0 ? ` ${left} more have no row here: those of most tasks have one.` : ''
  const ofStage = (name: GaugeName | TotalName, stat: string, label: string) =>
    metric(settings, name, ['Stage', stage], { stat, label })
  return [
    {
      ...place(0, 0, 4, HEAD_HEIGHT),
      type: 'text',
      properties: {
        markdown: `# Connectless ${stage}\n${all} connectors.${others}\n\nWhat to do about alarms: docs/operations.md`,
      },
    },
    graph(place(4, 0, 5, HEAD_HEIGHT), 'Tasks', settings, [
      ofStage('connector-running-task-count', 'Maximum', 'running'),
      ofStage('connector-failed-task-count', 'Maximum', 'failed'),
      ofStage('connector-paused-task-count', 'Maximum', 'paused'),
      ofStage('connector-unassigned-task-count', 'Maximum', 'unassigned'),
    ]),
    graph(place(9, 0, 5, HEAD_HEIGHT), 'Connectors with failed tasks', settings, [
      search(settings, ['Connector'], 'connector-failed-task-count', 'Maximum'),
    ]),
    graph(place(14, 0, 5, HEAD_HEIGHT), 'Furthest behind', settings, [
      ofStage('source-lag-seconds', 'Maximum', 'source, seconds'),
      ofStage('sink-record-lag', 'Maximum', 'sink, records'),
    ]),
    graph(place(19, 0, 5, HEAD_HEIGHT), 'Dead letters', settings, [
      ofStage('deadletterqueue-produce-requests', 'Sum', 'sent'),
      ofStage('deadletterqueue-produce-failures', 'Sum', 'not taken'),
    ]),
  ]
}

const WIDGETS_A_ROW = 4

function row({ name, kind, tasks }: ShownConnector, y: number, settings: DashboardSettings) {
  const connector = dimensionValue(name)
  const sum = (label: string, of: string, stat: 'Sum' | 'Maximum' | 'Average') =>
    summed(settings, connector, { label, of, stat })
  const state = (of: GaugeName, label: string) =>
    metric(settings, of, ['Connector', connector], { stat: 'Maximum', label })
  const at = (column: number) => place(column * 6, y, 6, ROW_HEIGHT)
  const title = (what: string) => `${name}: ${what}`.slice(0, 255)
  const { records, lag, time } = OF_KIND[kind]
  return [
    graph(at(0), title(`${kind}, ${tasks} tasks`), settings, [
      state('connector-running-task-count', 'running'),
      state('connector-failed-task-count', 'failed'),
      state('connector-paused-task-count', 'paused'),
      state('connector-unassigned-task-count', 'unassigned'),
    ]),
    graph(at(1), title('records a minute'), settings, [
      ...records.map(([of, label]) => sum(label, of, 'Sum')),
    ]),
    graph(at(2), title('behind'), settings, [
      ...lag.map(([of, label]) => sum(label, of, 'Maximum')),
      ...time.map(([of, label]) => sum(label, of, 'Maximum')),
    ]),
    graph(at(3), title('trouble'), settings, [
      sum('given up', 'total-record-errors', 'Sum'),
      sum('tried again', 'total-retries', 'Sum'),
      sum('dead letters', 'deadletterqueue-produce-requests', 'Sum'),
    ]),
  ]
}

type Told = readonly (readonly [of: string, label: string])[]

const SOURCE: { readonly records: Told; readonly lag: Told; readonly time: Told } = {
  records: [
    ['source-record-poll-total', 'polled'],
    ['source-record-write-total', 'written'],
  ],
  lag: [['source-lag-seconds', 'lag, seconds']],
  time: [[MEASURES['poll-batch-time-ms'].highest, 'slowest poll, ms']],
}

const OF_KIND: Readonly<Record<ShownConnector['kind'], typeof SOURCE>> = {
  source: SOURCE,
  sink: {
    records: [
      ['sink-record-read-total', 'read'],
      ['sink-record-send-total', 'put'],
    ],
    lag: [['sink-record-lag', 'lag, records']],
    time: [[MEASURES['put-batch-time-ms'].highest, 'slowest put, ms']],
  },
  unknown: { records: [], lag: [], time: [] },
}

const place = (x: number, y: number, width: number, height: number) => ({
  x: Math.min(x, WIDTH - width),
  y,
  width,
  height,
})

const graph = (
  at: ReturnType<typeof place>,
  title: string,
  { region }: DashboardSettings,
  metrics: readonly unknown[],
) => ({
  ...at,
  type: 'metric',
  properties: {
    title,
    region,
    view: 'timeSeries',
    period: 60,
    yAxis: { left: { min: 0 } },
    metrics,
  },
})

const metric = (
  { namespace }: DashboardSettings,
  name: string,
  dimension: readonly [string, string],
  options: { readonly stat: string; readonly label: string },
) => [namespace, name, ...dimension, options]

/** All of its tasks together, however many there are. */
function summed(
  settings: DashboardSettings,
  connector: string,
  { label, of, stat }: { readonly label: string; readonly of: string; readonly stat: string },
) {
  const [{ expression }] = search(settings, ['Connector', 'Task'], of, stat, connector)
  const together = stat === 'Sum' ? 'SUM' : 'MAX'
  return [{ expression: `${together}(${expression})`, label }]
}

function search(
  { namespace }: DashboardSettings,
  dimensions: readonly string[],
  name: string,
  stat: string,
  connector?: string,
): [{ readonly expression: string }] {
  const schema = [quoted(namespace), ...dimensions].join(',')
  const only = connector === undefined ? '' : ` Connector=${quoted(connector)}`
  // The query stands in single quotes.
  const query = `{${schema}} MetricName=${quoted(name)}${only}`.replaceAll("'", "\\'")
  return [{ expression: `SEARCH('${query}', '${stat}', 60)` }]
}

/** Exactly this, whatever it holds. */
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`
