import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RetriableError } from '../../lib/errors.ts'
import type { Ports } from '../../lib/ports.ts'
import { sinkLags } from '../../lib/rest/sink-lag.ts'
import { tickingClock } from '../runtime/ports-for-test.ts'
import { exampleSink } from './example-plugins.ts'
import { restWorker } from './rest-worker.ts'

const SINK = {
  'connector.class': exampleSink.name,
  topics: 'a,b',
  'redis.host': 'redis',
  'redis.port': '6379',
  'redis.database': '5',
  'redis.password': '',
}

type SinkAsk = Ports['ask']['sink']

/** A sink with one task a topic, and a sink function that answers so. */
async function sinkOf(answer: () => Promise<object>) {
  const questions: unknown[] = []
  const sink = (async (what: string, question: unknown) => {
    questions.push([what, question])
    return answer()
  }) as SinkAsk // the one question that is asked here
  const worker = restWorker({ ask: { source: sink, sink }, isLagAsked: true })
  await worker.send('PUT', '/connectors/c/config', SINK)
  await worker.coordinated('c', 0)
  const row = await worker.stores.configs.get('c')
  const configs = ['a', 'b'].map((topics) => ({ ...row?.config, topics }))
  const seen = (await worker.stores.tasks.generation('c'))?.generation
  await worker.stores.tasks.publish('c', { generation: 9, version: 1, configs }, seen)
  for (const task of [0, 1]) await worker.reported('c', task, { state: 'RUNNING' })
  const status = async (path = '/connectors/c/status') => (await worker.send('GET', path)).json
  return { ...worker, status, questions }
}

type Shown = { lag?: unknown; tasks: { lag?: unknown }[] }

const lagsOf = (json: unknown) => {
  const { lag, tasks } = json as Shown
  return [lag, ...tasks.map((task) => task.lag)]
}

const TWO = {
  lags: [
    { topic: 'a', lag: 3 },
    { topic: 'b', lag: 4 },
  ],
}

test('each running task of a sink tells how many records it is behind, and the status how many all are', async () => {
  const { status, questions } = await sinkOf(async () => TWO)

  assert.deepEqual(lagsOf(await status()), [7, '3', '4'])
  assert.equal(((await status('/connectors/c/tasks/1/status')) as { lag: unknown }).lag, '4')
  assert.deepEqual(questions, [
    [
      'sinkLag',
      {
        groups: [
          { group: 'connect-c-a', topics: ['a'] },
          { group: 'connect-c-b', topics: ['b'] },
        ],
      },
    ],
  ])
})

test('an answer is kept for 5 s', async () => {
  const { status, questions, time } = await sinkOf(async () => TWO)

  await status()
  time.now += 4_999
  await status()
  assert.equal(questions.length, 1)
  time.now += 1
  await status()

  assert.equal(questions.length, 2)
})

test('a task that does not run has no lag', async () => {
  const { status, reported } = await sinkOf(async () => TWO)
  await reported('c', 0, { state: 'FAILED', reason: 'x' })

  assert.deepEqual(lagsOf(await status()), [4, undefined, '4'])
})

test('without an answer the status leaves it out', async () => {
  const { status, lines } = await sinkOf(async () => {
    throw new RetriableError('no broker answers')
  })

  assert.deepEqual(lagsOf(await status()), [undefined, undefined, undefined])
  assert.deepEqual(lines, [
    { level: 'warn', message: 'How far it is behind is not known: no broker answers' },
  ])
})

test('the list asks nobody', async () => {
  const { send, questions } = await sinkOf(async () => TWO)

  await send('GET', '/connectors?expand=status')

  assert.deepEqual(questions, [])
})

test('an answer that takes more than a second is not waited for, and serves the next request', async () => {
  const clock = tickingClock()
  const sink = (async () => {
    await clock.sleep(1_500)
    return TWO
  }) as unknown as SinkAsk // the one question that is asked here
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const lagsOfSink = sinkLags({ ask: { source: sink, sink }, clock, log })
  const row = {
    name: 'c',
    config: SINK,
    targetState: 'RUNNING',
    version: 1,
    restarts: { connector: 0, tasks: {} },
    deleted: false,
    revision: 1,
  } as const

  const first = await lagsOfSink(row)
  const waitedMs = clock.monotonic()
  const second = await lagsOfSink(row)

  assert.deepEqual([first, waitedMs], [undefined, 1_000])
  assert.deepEqual(second, new Map(TWO.lags.map(({ topic, lag }) => [topic, lag])))
})
