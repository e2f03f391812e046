import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cost } from '../../bin/cost.ts'
import { ConfigError } from '../../lib/errors.ts'

type Told = {
  readonly lines: readonly {
    readonly service: string
    readonly usage: string
    readonly usd: number
  }[]
  readonly total: number
  readonly saved?: number
}

const told = (...args: readonly string[]): Told => JSON.parse(cost([...args, '--json']))

const near = (actual: number | undefined, wanted: number) =>
  assert.ok(Math.abs((actual ?? Number.NaN) - wanted) < 0.005, `${actual} is not ${wanted}`)

test('one idle source costs what it does by hand', () => {
  const { lines, total } = told(
    ...['sources=1', 'sinks=0', 'busy.fraction=0', 'rows.per.second=0', 'api.requests.per.day=0'],
    ...['tick.ms=500', 'memory.mb=1024', 'coordinator.memory.mb=1024', 'table.gb=1'],
    ...['metrics.per.task=8', 'metrics.of.stage=10', 'alarms=10', 'log.bytes.per.invocation=1000'],
  )
  const usd = (service: string) => lines.find((line) => line.service === service)?.usd

  // 43,200 minutes, a tick of half a second each for source and coordinator: 43,200 GB-s.
  near(usd('Lambda, time'), 43_200 * 0.0000133334)
  near(usd('Lambda, requests'), 0.0864 * 0.2)
  near(usd('DynamoDB, writes'), 0.216 * 0.625)
  near(usd('DynamoDB, reads'), 0.5184 * 0.125)
  near(usd('DynamoDB, storage'), 0.25)
  near(usd('Scheduler'), 0.0864)
  // 8 of the task, 1 of the connector, 10 of the stage.
  near(usd('CloudWatch, metrics'), 5.7)
  near(usd('CloudWatch, alarms and dashboard'), 4)
  near(usd('CloudWatch, logs'), 0.0864 * 0.5)
  near(total, 0.576 + 0.0173 + 0.135 + 0.0648 + 0.25 + 0.0864 + 5.7 + 4 + 0.0432)
})

test('a busy source is paid for by the second, a sink by the batch', () => {
  const usdOf = (...args: readonly string[]) =>
    told('memory.mb=1024', 'sinks=0', 'tick.ms=0', 'api.requests.per.day=0', ...args).lines[0]?.usd

  // 2,592,000 s of one GB.
  near(usdOf('busy.fraction=1'), 34.56)
  near(usdOf('busy.fraction=0.5', 'tasks.per.source=4'), 4 * 17.28)
  const sink = ['sources=0', 'sinks=1', 'rows.per.second=100', 'batch.records=50', 'batch.ms=500']
  // A batch of half a second twice a second, and a second for the lag each minute.
  near(usdOf('busy.fraction=0', ...sink), (2_592_000 + 43_200) * 0.0000133334)
})

test('prices may be others, and a Connect cluster is compared with', () => {
  const usual = told('connect.cluster.usd=500')
  const dear = told('lambda.gb.s=1', 'connect.cluster.usd=500')

  near(usual.saved, 500 - usual.total)
  assert.ok(dear.total > 1_000 * usual.total)
})

test('the table has a line a service and their sum', () => {
  const text = cost(['provisioned.epus=2'])

  assert.match(text, /^Provisioned pollers +2 EPU +\$266\.40$/m)
  assert.match(text, /^Together, a month +\$\d+\.\d\d$/m)
  assert.match(text, /check current prices/)
})

for (const arg of ['sauces=1', 'sources=many', 'sources=-1', 'sources'])
  test(`${arg} is refused by name`, () => {
    assert.throws(
      () => cost([arg]),
      (error) => error instanceof ConfigError && error.message.includes(arg.split('=')[0] ?? arg),
    )
  })
