import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dashboardBody } from '../../lib/cloud/dashboard-body.ts'
import type { ShownConnector } from '../../lib/ports.ts'

const settings = { region: 'eu-west-1', namespace: 'connectless/dev', stage: 'dev' }

type Widget = {
  readonly type: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly properties: {
    readonly title?: string
    readonly markdown?: string
    readonly region?: string
    readonly metrics?: readonly (readonly unknown[])[]
  }
}

const HEAD = 5

function widgetsOf(connectors: readonly ShownConnector[]): Widget[] {
  return JSON.parse(dashboardBody(connectors, settings)).widgets
}

const source = (name: string, tasks = 1): ShownConnector => ({ name, kind: 'source', tasks })

test('a connector has one row, from edge to edge, and no widget lies on another', () => {
  const widgets = widgetsOf([source('b'), { name: 'a', kind: 'sink', tasks: 3 }])

  const rows = [...Map.groupBy(widgets, ({ y }) => y).values()]
  assert.deepEqual(
    rows.slice(1).map((row) => row.map(({ properties }) => properties.title)),
    [
      ['a: sink, 3 tasks', 'a: records a minute', 'a: behind', 'a: trouble'],
      ['b: source, 1 tasks', 'b: records a minute', 'b: behind', 'b: trouble'],
    ],
  )
  for (const row of rows) {
    assert.equal(
      row.reduce((edge, { x, width }) => (x === edge ? edge + width : Number.NaN), 0),
      24,
    )
    assert.equal(new Set(row.map(({ height }) => height)).size, 1)
  }
  const tops = rows.map(([first]) => first?.y)
  assert.deepEqual(tops, [0, 6, 11])
})

test('graphs are of the deployment’s region and metrics, and a row of its connector alone', () => {
  const widgets = widgetsOf([source('orders')])

  assert.ok(
    widgets.every(({ type, properties }) => type === 'text' || properties.region === 'eu-west-1'),
  )
  assert.deepEqual(widgets[HEAD]?.properties.metrics?.[1], [
    'connectless/dev',
    'connector-failed-task-count',
    'Connector',
    'orders',
    { stat: 'Maximum', label: 'failed' },
  ])
  assert.deepEqual(widgets[HEAD + 1]?.properties.metrics?.[1], [
    {
      expression: `SUM(SEARCH('{"connectless/dev",Connector,Task} MetricName="source-record-write-total" Connector="orders"', 'Sum', 60))`,
      label: 'written',
    },
  ])
})

test('a name is searched for exactly, whatever it holds', () => {
  const widgets = widgetsOf([source(`it's "Bücher" \\`)])

  const [{ expression } = { expression: '' }] = (widgets[HEAD + 1]?.properties.metrics?.[1] ??
    []) as readonly { expression: string }[]
  assert.match(expression, / Connector="it\\'s \\"B%C3%BCcher\\" \\\\"', 'Sum', 60\)\)$/)
})

test('where there is no room for all, those of most tasks have a row, and it is said', () => {
  const many = Array.from({ length: 10_000 }, (_, at) => source(`c${at}`, at === 7_777 ? 9 : 1))

  const widgets = widgetsOf(many)

  assert.ok(widgets.length <= 500)
  assert.equal((widgets.length - HEAD) % 4, 0)
  assert.equal(widgets[HEAD]?.properties.title, 'c7777: source, 9 tasks')
  const rows = (widgets.length - HEAD) / 4
  assert.equal(rows, 123)
  assert.match(widgets[0]?.properties.markdown ?? '', /^10000 connectors\. 9877 more have no row/m)
})

test('names as long as may be make no body that CloudWatch refuses', () => {
  const long = Array.from({ length: 124 }, (_, at) => source(`${at}-${'"'.repeat(1_000)}`))

  const body = dashboardBody(long, settings)

  assert.ok(Buffer.byteLength(body) <= 1_000_000)
  assert.ok(Buffer.byteLength(body) > 900_000)
})

test('a dashboard without connectors has its head', () => {
  assert.equal(widgetsOf([]).length, HEAD)
})
