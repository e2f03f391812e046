import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MetricLevel } from '../../lib/config/metrics.ts'
import { emfMetrics } from '../../lib/monitoring/emf-metrics.ts'
import { writtenLines } from './written-lines.ts'

const made = (level: MetricLevel = 'INFO') =>
  emfMetrics({ namespace: 'connectless/dev', stage: 'dev', level })

const orders = { connector: 'orders', task: 0 }

test('what was added is summed up, and written by connector and task at the flush', () => {
  const metrics = made()

  const before = writtenLines(() => {
    metrics.add('source-record-poll-total', 5, orders)
    metrics.add('source-record-poll-total', 2, orders)
    metrics.add('source-record-write-total', 7, orders)
    metrics.add('source-record-poll-total', 1, { connector: 'orders', task: 1 })
  })
  const lines = writtenLines(() => metrics.flush?.())

  assert.deepEqual(before, [])
  assert.deepEqual(lines.map(withoutHead), [
    {
      Connector: 'orders',
      Task: '0',
      'source-record-poll-total': 7,
      'source-record-write-total': 7,
    },
    { Connector: 'orders', Task: '1', 'source-record-poll-total': 1 },
  ])
  assert.deepEqual(directiveOf(lines[0]), [
    {
      Namespace: 'connectless/dev',
      Dimensions: [['Connector', 'Task']],
      Metrics: [
        { Name: 'source-record-poll-total', Unit: 'Count' },
        { Name: 'source-record-write-total', Unit: 'Count' },
      ],
    },
  ])
})

test('of measurements mean and highest are told, by Kafka Connect’s names and with their unit', () => {
  const metrics = made()

  for (const ms of [10, 40, 10]) metrics.measure('put-batch-time-ms', ms, orders)
  const [line] = writtenLines(() => metrics.flush?.())

  assert.equal(line?.['put-batch-avg-time-ms'], 20)
  assert.equal(line?.['put-batch-max-time-ms'], 40)
  assert.deepEqual(directiveOf(line)[0]?.Metrics, [
    { Name: 'put-batch-avg-time-ms', Unit: 'Milliseconds' },
    { Name: 'put-batch-max-time-ms', Unit: 'Milliseconds' },
  ])
})

test('what alarms watch is told of the stage as well: the worst of all gauges, the sum of all counts', () => {
  const metrics = made()

  metrics.set('source-lag-seconds', 100, orders)
  metrics.set('source-lag-seconds', 3, orders)
  metrics.set('source-lag-seconds', 40, { connector: 'orders', task: 1 })
  metrics.add('deadletterqueue-produce-requests', 2, orders)
  metrics.add('deadletterqueue-produce-requests', 3, { connector: 'users', task: 0 })
  metrics.set('connector-failed-task-count', 2, { connector: 'orders' })
  metrics.set('connector-failed-task-count', 5, {})
  const lines = writtenLines(() => metrics.flush?.()).map(withoutHead)

  assert.deepEqual(
    lines.find((line) => 'Stage' in line),
    {
      Stage: 'dev',
      'source-lag-seconds': 100,
      'deadletterqueue-produce-requests': 5,
      'connector-failed-task-count': 5,
    },
  )
  assert.deepEqual(
    lines.find((line) => line.Connector === 'orders' && line.Task === '0'),
    {
      Connector: 'orders',
      Task: '0',
      'source-lag-seconds': 3,
      'deadletterqueue-produce-requests': 2,
    },
  )
  assert.deepEqual(
    lines.find((line) => line.Connector === 'orders' && !('Task' in line)),
    { Connector: 'orders', 'connector-failed-task-count': 2 },
  )
})

for (const { level, want } of [
  { level: 'INFO', want: ['source-record-poll-total'] },
  { level: 'DEBUG', want: ['source-record-poll-total', 'batch-size-avg', 'batch-size-max'] },
  { level: 'TRACE', want: ['source-record-poll-total', 'batch-size-avg', 'batch-size-max'] },
  { level: 'OFF', want: [] },
] as const)
  test(`with metrics.recording.level=${level} a task has no more metrics than these: ${want}`, () => {
    const metrics = made(level)

    metrics.add('source-record-poll-total', 1, orders)
    metrics.measure('batch-size', 1, orders)
    metrics.set('source-lag-seconds', 7, {})
    const lines = writtenLines(() => metrics.flush?.()).map(withoutHead)

    const ofTask = lines.filter((line) => 'Task' in line).flatMap(Object.keys)
    assert.deepEqual(
      ofTask.filter((name) => name !== 'Connector' && name !== 'Task'),
      want,
    )
    assert.deepEqual(
      lines.filter((line) => 'Stage' in line),
      [{ Stage: 'dev', 'source-lag-seconds': 7 }],
    )
  })

test('a flush with nothing new writes nothing, not even a warning', () => {
  const metrics = made()
  metrics.add('sink-record-read-total', 1, orders)

  const lines = writtenLines(() => {
    metrics.flush?.()
    metrics.flush?.()
    made().flush?.()
  })

  assert.equal(lines.length, 1)
})

test('a name that CloudWatch would drop the metric for is written in ASCII', () => {
  const metrics = made()
  metrics.add('sink-record-read-total', 1, { connector: 'Bücher\n\ud800', task: 0 })

  const [line] = writtenLines(() => metrics.flush?.())

  assert.equal(line?.Connector, 'B%C3%BCcher%0A%EF%BF%BD')
})

type Line = ReturnType<typeof writtenLines>[number]

const withoutHead = ({ _aws, ...line }: Line): Line => line

/** As the format says. */
type Head = {
  readonly CloudWatchMetrics: readonly { readonly Metrics: unknown }[]
}

const directiveOf = (line: Line | undefined) =>
  (line?._aws as Head | undefined)?.CloudWatchMetrics ?? []
