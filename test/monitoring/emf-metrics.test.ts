import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emfMetrics } from '../../lib/monitoring/emf-metrics.ts'
import { writtenLines } from './written-lines.ts'

test('what was added is summed up, and written by connector and task at the flush', () => {
  const metrics = emfMetrics('Connectless')

  const before = writtenLines(() => {
    metrics.add('source-record-poll-total', 5, { connector: 'orders', task: 0 })
    metrics.add('source-record-poll-total', 2, { connector: 'orders', task: 0 })
    metrics.add('source-record-write-total', 7, { connector: 'orders', task: 0 })
    metrics.add('source-record-poll-total', 1, { connector: 'orders', task: 1 })
  })
  const lines = writtenLines(() => metrics.flush?.())

  assert.deepEqual(before, [])
  assert.deepEqual(
    lines.map(({ _aws, ...line }) => line),
    [
      {
        Connector: 'orders',
        Task: '0',
        'source-record-poll-total': 7,
        'source-record-write-total': 7,
      },
      { Connector: 'orders', Task: '1', 'source-record-poll-total': 1 },
    ],
  )
  const emf = lines[0]?._aws as { CloudWatchMetrics: unknown } | undefined // parsed JSON
  assert.deepEqual(emf?.CloudWatchMetrics, [
    {
      Namespace: 'Connectless',
      Dimensions: [['Connector', 'Task']],
      Metrics: [
        { Name: 'source-record-poll-total', Unit: 'Count' },
        { Name: 'source-record-write-total', Unit: 'Count' },
      ],
    },
  ])
})

test('a flush with nothing new writes nothing, not even a warning', () => {
  const metrics = emfMetrics('Connectless')
  metrics.add('sink-record-read-total', 1, { connector: 'redis', task: 0 })

  const lines = writtenLines(() => {
    metrics.flush?.()
    metrics.flush?.()
    emfMetrics('Connectless').flush?.()
  })

  assert.equal(lines.length, 1)
})

test('a name that CloudWatch would drop the metric for is written in ASCII', () => {
  const metrics = emfMetrics('Connectless')
  metrics.add('sink-record-read-total', 1, { connector: 'Bücher\n\ud800', task: 0 })

  const [line] = writtenLines(() => metrics.flush?.())

  assert.equal(line?.Connector, 'B%C3%BCcher%0A%EF%BF%BD')
})
