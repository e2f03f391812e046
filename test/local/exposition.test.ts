import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { pythonWith } from '../../infra/stack/python.ts'
import { GAUGES, MEASURES, TOTALS } from '../../lib/config/metrics.ts'
import { counters } from '../../lib/local/counters.ts'

/** Prometheus' own parser of the text form: all samples as `name labels value`. */
const PARSE = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families
print(json.dumps([
  [family.type, sample.name, sample.labels, sample.value]
  for family in text_string_to_metric_families(sys.argv[1]) for sample in family.samples
]))`

type Sample = readonly [type: string, name: string, labels: Record<string, string>, value: number]

async function parsed(text: string): Promise<Sample[]> {
  const python = await pythonWith('prometheus-client-0.26.0', ['prometheus_client==0.26.0'])
  const { stdout } = await promisify(execFile)(python, ['-c', PARSE, text])
  return JSON.parse(stdout)
}

// Object literals have no other keys.
const namesOf = <T extends object>(table: T) => Object.keys(table) as (keyof T)[]

test('Prometheus reads every metric, and each label as it was', async () => {
  const metrics = counters()
  const odd = 'a "quoted" \\ name\nof two lines, Bücher 🚚'
  const of = { connector: odd, task: 7 }

  for (const name of namesOf(TOTALS)) metrics.add(name, 3, of)
  for (const name of namesOf(MEASURES)) metrics.measure(name, 2.5, of)
  for (const name of namesOf(GAUGES)) metrics.set(name, 1e21, of)
  metrics.set('connector-count', 2, {})
  const samples = await parsed(metrics.exposition())

  const highest = namesOf(MEASURES).filter((name) => 'highest' in MEASURES[name])
  const counts = [TOTALS, MEASURES, GAUGES].map((table) => Object.keys(table).length)
  const all = counts.reduce((sum, count) => sum + count, highest.length + 1)
  assert.equal(samples.length, all)
  assert.equal(new Set(samples.map(([, name, labels]) => `${name} ${labels.task}`)).size, all)
  assert.deepEqual(
    samples.filter(([, , labels]) => labels.task !== undefined && labels.connector !== odd),
    [],
  )
  assert.deepEqual(
    samples.find(([, name]) => name.endsWith('source_record_poll_total')),
    [
      'counter',
      'kafka_connect_source_task_source_record_poll_total',
      { connector: odd, task: '7' },
      3,
    ],
  )
  assert.deepEqual(
    samples.find(([, , labels]) => Object.keys(labels).length === 0),
    ['gauge', 'kafka_connect_worker_connector_count', {}, 2],
  )
})
