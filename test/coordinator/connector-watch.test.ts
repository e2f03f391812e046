import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GaugeName } from '../../lib/config/metrics.ts'
import { connectorWatch } from '../../lib/coordinator/connector-watch.ts'
import { RetriableError } from '../../lib/errors.ts'
import { sinkConnector, sourceConnector } from '../../lib/plugin.ts'
import type { Asked, MetricTags, Ports, ShownConnector, Status } from '../../lib/ports.ts'
import { pluginsOf } from '../../lib/registry.ts'
import { portsForTest, tickingClock } from '../runtime/ports-for-test.ts'

const base = { version: '1', doc: 'Is never started.', config: {} }
const notStarted = async () => {
  throw new Error('no task is started here')
}
const source = sourceConnector({
  ...base,
  name: 'test.Source',
  taskClass: 'test.SourceTask',
  taskConfigs: (_config, _max, raw) => [raw],
  startTask: notStarted,
})
const sink = sinkConnector({
  ...base,
  name: 'test.Sink',
  taskClass: 'test.SinkTask',
  startTask: notStarted,
})
const plugins = pluginsOf([source, sink])

type SinkLag = Asked['sinkLag']

/** Connectors as rows, and what is told of them. */
function scene(given: { lag?: (question: SinkLag['question']) => SinkLag['answer'] } = {}) {
  const clock = tickingClock()
  const gauges = new Map<string, number>()
  const warnings: string[] = []
  const shown: string[][] = []
  const asked: string[][] = []
  const forgotten: string[] = []
  const counts = { views: 0 }
  const key = (name: GaugeName, { connector = '*', task }: MetricTags) =>
    `${name} ${connector}${task === undefined ? '' : `-${task}`}`
  const plain = portsForTest({ clock })
  const askSink = async (_what: string, question: object) => {
    // The watch asks for nothing else.
    const { groups } = question as SinkLag['question']
    asked.push(groups.map(({ group }) => group))
    if (!given.lag) throw new RetriableError('Kafka does not answer')
    return given.lag({ groups })
  }
  const ports: Ports = {
    ...plain,
    connectors: {
      view: async (name) => {
        counts.views++
        return plain.connectors.view(name)
      },
    },
    log: { ...plain.log, warn: (message) => void warnings.push(message) },
    // By the name of the question.
    ask: { ...plain.ask, sink: askSink as unknown as Ports['ask']['sink'] },
    dashboards: {
      show: async (connectors: readonly ShownConnector[]) =>
        void shown.push(connectors.map(({ name, kind, tasks }) => `${name} ${kind} ${tasks}`)),
    },
    metrics: {
      add: () => undefined,
      measure: () => undefined,
      set(name, value, of) {
        if (value === undefined) gauges.delete(key(name, of))
        else gauges.set(key(name, of), value)
      },
      forget: (connector) => void forgotten.push(connector),
    },
  }

  async function connector(name: string, config: Record<string, string>, tasks = 1) {
    const full = { name, 'connector.class': source.name, ...config }
    await ports.configs.put(
      {
        name,
        config: full,
        targetState: 'RUNNING',
        version: 1,
        restarts: { connector: 0, tasks: {} },
        deleted: false,
      },
      undefined,
    )
    const configs = Array.from({ length: tasks }, () => full)
    await ports.tasks.publish(name, { generation: 1, version: 1, configs }, undefined)
  }
  const status = (name: string, unit: number | 'connector', state: Status['state']) =>
    ports.statuses.write(name, unit, {
      state,
      workerId: 'w',
      version: '1',
      since: 1,
      generation: 1,
      restart: 0,
    })
  async function restart(name: string, task: number) {
    const row = await ports.configs.get(name)
    if (!row) throw new Error('no such connector')
    await ports.configs.put(
      { ...row, restarts: { connector: 0, tasks: { [task]: 1 } } },
      row.revision,
    )
  }
  const watch = connectorWatch(ports, plugins)
  const told = { gauges, warnings, shown, asked, forgotten, counts }
  return { ports, clock, watch, connector, status, restart, ...told }
}

const SINK = { 'connector.class': sink.name, topics: 't' }

test('tasks are counted by state, of each connector and of all of them', async () => {
  const { watch, connector, status, restart, gauges } = scene()
  await connector('a', {}, 5)
  await status('a', 0, 'RUNNING')
  await status('a', 1, 'FAILED')
  await status('a', 2, 'PAUSED')
  await status('a', 3, 'FAILED')
  await restart('a', 3)
  await connector('b', {})
  await status('b', 'connector', 'FAILED')

  await watch.tell()

  const counted = (of: string) =>
    ['running', 'failed', 'paused', 'restarting', 'unassigned', 'total'].map((state) =>
      gauges.get(`connector-${state}-task-count ${of}`),
    )
  assert.deepEqual(counted('a'), [1, 1, 1, 1, 1, 5])
  assert.deepEqual(counted('b'), [0, 1, 0, 0, 1, 1])
  assert.deepEqual(counted('*'), [1, 2, 1, 1, 2, 6])
  assert.equal(gauges.get('connector-count *'), 2)
  assert.equal(gauges.get('task-count *'), 6)
})

test('a task whose lease has run out is UNASSIGNED', async () => {
  const { ports, clock, watch, connector, status, gauges } = scene()
  await connector('a', {})
  await status('a', 0, 'RUNNING')
  const wish = { connector: 'a', task: 0, owner: 'w', invocation: 'i', generation: 1 }
  await ports.leases.take({ ...wish, ttlMs: 15_000, invocationEndsAt: clock.now() + 900_000 })

  await watch.tell()
  const held = gauges.get('connector-running-task-count a')
  await clock.sleep(60_000)
  await watch.tell()

  assert.equal(held, 1)
  assert.equal(gauges.get('connector-running-task-count a'), 0)
  assert.equal(gauges.get('connector-unassigned-task-count a'), 1)
})

test('of many connectors each tick looks at some, and sums are told once all were seen', async () => {
  const { clock, watch, connector, gauges, counts, shown } = scene()
  for (let at = 0; at < 600; at++) await connector(`c${at}`, {})

  await watch.tell()
  const first = [counts.views, gauges.get('connector-count *'), gauges.get('task-count *')]
  await watch.tell()
  const second = [counts.views, gauges.get('connector-count *'), gauges.get('task-count *')]
  await clock.sleep(60_000)
  await watch.tell()

  assert.deepEqual(first, [500, 600, undefined])
  assert.deepEqual(second, [600, 600, 600])
  assert.equal(counts.views, 700)
  assert.equal(shown.length, 1)
})

test('whoever was looked at anyway is not looked at again', async () => {
  const { ports, watch, connector, counts } = scene()
  await connector('a', {})
  const view = await ports.connectors.view('a')
  if (!view) throw new Error('no such connector')
  watch.saw(view)

  await watch.tell()

  assert.equal(counts.views, 1)
})

test('how far each task of a sink is behind is asked with one question, at most each 15 s', async () => {
  const lag = ({ groups }: SinkLag['question']): SinkLag['answer'] => ({
    lags: groups.map(({ group, topics: [topic = ''] }, at) => ({ group, topic, lag: 10 + at })),
  })
  const { ports, clock, watch, connector, status, gauges, asked } = scene({ lag })
  await connector('one', SINK)
  await connector('same', SINK)
  await connector('paused', SINK)
  await status('one', 0, 'RUNNING')
  await status('same', 0, 'RUNNING')
  await status('paused', 0, 'PAUSED')

  await watch.tell()
  await watch.tell()
  const lags = [gauges.get('sink-record-lag one-0'), gauges.get('sink-record-lag same-0')]
  await clock.sleep(60_000)
  await ports.statuses.write('same', 0, {
    state: 'FAILED',
    workerId: 'w',
    version: '1',
    since: 2,
    generation: 1,
    restart: 0,
  })
  await watch.tell()

  assert.deepEqual(asked, [['connect-one', 'connect-same'], ['connect-one']])
  assert.deepEqual(lags, [10, 11])
  // Nobody knows any more.
  assert.ok(!gauges.has('sink-record-lag same-0'))
  assert.ok(!gauges.has('sink-record-lag paused-0'))
})

test('more groups than one question has room for take turns', async () => {
  const lag = (): SinkLag['answer'] => ({ lags: [] })
  const { clock, watch, connector, status, asked } = scene({ lag })
  const topics = Array.from({ length: 150 }, (_, at) => `t${at}`).join()
  for (const name of ['a', 'b']) {
    await connector(name, { ...SINK, topics })
    await status(name, 0, 'RUNNING')
  }

  for (let ticks = 0; ticks < 3; ticks++) {
    await watch.tell()
    await clock.sleep(60_000)
  }

  assert.deepEqual(
    asked.map((groups) => groups.length),
    [200, 100, 200],
  )
  assert.equal(new Set(asked.slice(0, 2).flat()).size, 300)
})

test('where Kafka does not answer, it is said once, and all else is told', async () => {
  const { clock, watch, connector, status, warnings, gauges, shown } = scene()
  await connector('s', SINK)
  await status('s', 0, 'RUNNING')

  for (let ticks = 0; ticks < 3; ticks++) {
    await watch.tell()
    await clock.sleep(60_000)
  }

  assert.deepEqual(warnings, ['How far sinks are behind is not known: Kafka does not answer'])
  assert.equal(gauges.get('connector-running-task-count s'), 1)
  assert.deepEqual(shown, [['s sink 1']])
})

test('the dashboard is written as connectors come and go, and not otherwise', async () => {
  const { ports, clock, watch, connector, shown, forgotten } = scene()
  await connector('b', {}, 2)
  await watch.tell()
  await clock.sleep(60_000)
  await watch.tell()
  await connector('a', { 'connector.class': 'nobody.knows.It' })
  const added = await ports.connectors.view('a')
  if (added) watch.saw(added)
  await watch.tell()
  const row = await ports.configs.get('b')
  if (row) await ports.configs.put({ ...row, deleted: true }, row.revision)
  await clock.sleep(60_000)
  await watch.tell()

  assert.deepEqual(shown, [['b source 2'], ['a unknown 1', 'b source 2'], ['a unknown 1']])
  assert.deepEqual(forgotten, ['b'])
})

test('a dashboard that could not be written is tried again by the next tick', async () => {
  const { ports, watch, connector, warnings } = scene()
  await connector('a', {})
  let calls = 0
  const failing = connectorWatch(
    {
      ...ports,
      dashboards: {
        show: async () => {
          if (++calls === 1) throw new RetriableError('Rate exceeded')
        },
      },
    },
    plugins,
  )

  for (let ticks = 0; ticks < 3; ticks++) await failing.tell()
  await watch.tell()

  assert.equal(calls, 2)
  assert.deepEqual(warnings, ['Could not tell how all connectors stand: Rate exceeded'])
})
