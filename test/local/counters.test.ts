import assert from 'node:assert/strict'
import { test } from 'node:test'
import { counters } from '../../lib/local/counters.ts'

const orders = { connector: 'orders', task: 0 }

function scene() {
  const time = { ms: 0 }
  const metrics = counters({ monotonic: () => time.ms })
  const valuesOf = (name: string) =>
    metrics
      .exposition()
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .map((line) => line.replace(name, ''))
  return { time, metrics, valuesOf }
}

test('totals grow, each task has its own, and each metric says what it is', () => {
  const { metrics } = scene()

  metrics.add('source-record-poll-total', 5, orders)
  metrics.add('source-record-poll-total', 2, { connector: 'orders', task: 1 })
  metrics.add('source-record-poll-total', 3, orders)

  assert.equal(
    metrics.exposition(),
    `# HELP kafka_connect_source_task_source_record_poll_total Records polled from the source
# TYPE kafka_connect_source_task_source_record_poll_total counter
kafka_connect_source_task_source_record_poll_total{connector="orders",task="0"} 8
kafka_connect_source_task_source_record_poll_total{connector="orders",task="1"} 2
`,
  )
  assert.equal(metrics.total('source-record-poll-total', 'orders'), 10)
})

test('means and highest are those of the last minute at most', () => {
  const { time, metrics, valuesOf } = scene()
  const mean = () => valuesOf('kafka_connect_sink_task_put_batch_avg_time_ms')
  const highest = () => valuesOf('kafka_connect_sink_task_put_batch_max_time_ms')
  const of = '{connector="orders",task="0"}'

  for (const ms of [10, 30]) metrics.measure('put-batch-time-ms', ms, orders)
  const first = [mean(), highest()]
  time.ms = 45_000
  metrics.measure('put-batch-time-ms', 2, orders)
  const second = [mean(), highest()]
  time.ms = 70_000
  const third = [mean(), highest()]
  time.ms = 130_000
  const fourth = [mean(), highest()]

  assert.deepEqual(first, [[`${of} 20`], [`${of} 30`]])
  assert.deepEqual(second, [[`${of} 14`], [`${of} 30`]])
  assert.deepEqual(third, [[`${of} 2`], [`${of} 2`]])
  assert.deepEqual(fourth, [[], []])
})

test('what this process does not know any more is not told', () => {
  const { metrics, valuesOf } = scene()
  const lags = () => valuesOf('kafka_connect_source_task_source_lag_seconds')

  metrics.set('source-lag-seconds', 4, orders)
  const before = lags()
  metrics.set('source-lag-seconds', undefined, orders)

  assert.deepEqual([before, lags()], [['{connector="orders",task="0"} 4'], []])
})

test('of a connector that is gone nothing is told', () => {
  const { metrics } = scene()
  metrics.add('total-retries', 1, orders)
  metrics.measure('batch-size', 1, orders)
  metrics.set('connector-running-task-count', 1, { connector: 'orders' })
  metrics.set('connector-count', 1, {})

  metrics.forget?.('orders')

  assert.match(metrics.exposition(), /^[^{]*\nkafka_connect_worker_connector_count 1\n$/)
})
