// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are written so.
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { fileStreamSource } from '../../lib/connectors/file-stream-source.ts'
import { jsonConverter } from '../../lib/converters/json-converter/index.ts'
import type { SourceRecord } from '../../lib/data/record.ts'
import { DataError, RetriableError } from '../../lib/errors.ts'
import { type SourceTask, type SourceTaskContext, sourceConnector } from '../../lib/plugin.ts'
import type { Ports } from '../../lib/ports.ts'
import { recordIsTombstone } from '../../lib/predicates/record-is-tombstone.ts'
import { pluginsOf } from '../../lib/registry.ts'
import { answer } from '../../lib/runtime/answer.ts'
import { previewSheet } from '../../lib/runtime/preview-sheet.ts'
import { previewSink } from '../../lib/runtime/preview-sink.ts'
import { answerIn } from '../../lib/runtime/reply.ts'
import { filter } from '../../lib/transforms/filter.ts'
import { portsForTest, stringConverter, tickingClock } from './ports-for-test.ts'

const record = (at: number): SourceRecord => ({
  topic: 't',
  partition: null,
  keySchema: null,
  key: null,
  valueSchema: null,
  value: `value ${at}`,
  timestamp: at,
  headers: [],
  sourcePartition: { of: 'p' },
  sourceOffset: { at: BigInt(at) },
})

type Start = (part: string, context: SourceTaskContext) => Promise<SourceTask>

/** Tasks count what becomes of them; every port but the stores and the log refuses to be used. */
function scene(start: Start, more: Partial<Ports> = {}) {
  const connector = sourceConnector({
    name: 'test.Source',
    taskClass: 'test.SourceTask',
    version: '1',
    doc: 'Gives what it is told.',
    config: {
      url: { type: 'string', importance: 'high', default: null, doc: 'Where.' },
      part: { type: 'string', importance: 'high', default: '', doc: 'Which.' },
    },
    taskConfigs: (_, maxTasks, raw) =>
      Array.from({ length: maxTasks }, (_, part) => ({ ...raw, part: String(part) })),
    startTask: ({ part }, context) => start(part, context),
  })
  const ports = portsForTest({ clock: tickingClock(), ...more })
  const ask = async (
    question: { readonly limit?: number; readonly from?: 'beginning' | 'offset' } = {},
    changes: Readonly<Record<string, string>> = {},
    limitMs?: number,
  ) => {
    const config = { name: 'c', 'connector.class': 'test.Source', 'tasks.max': '2', ...changes }
    const event = {
      ask: 'preview',
      question: { config, limit: 10, from: 'beginning', ...question },
    }
    const plugins = pluginsOf([connector, stringConverter])
    const reply = await answer(event as Parameters<typeof answer>[0], ports, plugins, limitMs)
    const answered = answerIn<'preview'>(reply)
    if (!('json' in answered)) throw new Error(JSON.stringify(answered.messages))
    return JSON.parse(answered.json)
  }
  return { ask, ports }
}

const taskOf = (
  pages: readonly (readonly SourceRecord[] | Error)[],
  stopped: string[] = [],
  name = '',
) => {
  const left = [...pages]
  return {
    pollIntervalMs: 1,
    async poll() {
      const page = left.shift() ?? []
      if (page instanceof Error) throw page
      return page
    },
    async stop() {
      stopped.push(name)
    },
  }
}

test('tasks take turns until there is no room, each is stopped, and a large page is cut', async () => {
  const stopped: string[] = []
  const { ask } = scene(async (part) =>
    taskOf(
      part === '0'
        ? [[record(1)], [record(2)]]
        : [Array.from({ length: 5_000 }, (_, at) => record(at))],
      stopped,
      part,
    ),
  )

  const { records, errors, dropped } = await ask({ limit: 5 })

  assert.deepEqual(
    records.map(({ value }: { value: string }) => value),
    ['value 1', 'value 2', 'value 0', 'value 1', 'value 2'],
  )
  assert.deepEqual([errors, dropped, stopped], [[], 0, ['0', '1']])
  assert.deepEqual(records[0], {
    topic: 't',
    partition: null,
    timestamp: 1,
    key: null,
    value: 'value 1',
    headers: [],
    source_partition: { of: 'p' },
    source_offset: { at: 1 },
  })
})

test('a poll that fails is an error beside what came before it, and the next task goes on', async () => {
  const { ask } = scene(async (part) =>
    taskOf(part === '0' ? [[record(1)], new DataError('row 2 is odd')] : [[record(9)]]),
  )

  const { records, errors } = await ask()

  assert.deepEqual(
    records.map(({ timestamp }: { timestamp: number }) => timestamp),
    [1, 9],
  )
  assert.deepEqual(errors, [
    { stage: 'TASK_POLL', class: 'test.SourceTask', message: 'row 2 is odd' },
  ])
})

test('a time that is none, at which a task would fail, is an error of its record', async () => {
  const { ask } = scene(async () => taskOf([[{ ...record(1), timestamp: -5 }, record(2)]]))

  const { records, errors } = await ask({}, { 'tasks.max': '1' })

  assert.equal(records.length, 1)
  assert.deepEqual(errors, [
    {
      stage: null,
      class: null,
      message: 'Invalid record timestamp -5',
      source_partition: { of: 'p' },
      source_offset: { at: 1 },
    },
  ])
})

test('stored offsets are for the one who asks for them, and stay as they are', async () => {
  const stored = [{ partition: { of: 'p' }, offset: { at: 7n } }]
  const given: unknown[] = []
  const { ask } = scene(
    async (_, context) => {
      given.push(await context.offsets([{ of: 'p' }]))
      return taskOf([])
    },
    {
      offsets: {
        read: async () => stored,
        commit: () => Promise.reject(new Error('a preview commits nothing')),
        alter: () => Promise.reject(new Error('a preview alters nothing')),
      },
    },
  )

  await ask({ from: 'beginning' }, { 'tasks.max': '1' })
  await ask({ from: 'offset' }, { 'tasks.max': '1' })

  assert.deepEqual(given, [[undefined], [{ at: 7n }]])
})

test('a task that does not start in time is an error, and is stopped once it has started', async () => {
  const starting = Promise.withResolvers<SourceTask>()
  const stopped: string[] = []
  const { ask } = scene(() => starting.promise)

  await assert.rejects(ask({}, {}, 50), RetriableError)
  starting.resolve(taskOf([], stopped, 'late'))
  await new Promise(setImmediate)

  assert.deepEqual(stopped, ['late'])
})

test('a task that cannot start says why, and what a reference stands for is known inside the function alone', async () => {
  const { ask } = scene(() => Promise.reject(new RetriableError('nobody at db-secret:1')), {
    conceal: (text) => text.replaceAll('db-secret', '[hidden]'),
    configProviders: { env: { get: async () => 'db-secret' } },
  })

  await assert.rejects(
    ask({}, { url: '${env:URL}' }),
    /^RetriableException: nobody at \[hidden\]:1$/,
  )
})

test('standard input is refused at file, and not a byte of it is read: nobody can go back in it', async () => {
  let opened = 0
  const stdin = () => {
    opened++
    return Readable.from(['line\n'])
  }
  const plugins = pluginsOf([fileStreamSource({ stdin, now: () => 0 }), stringConverter])
  const ports = portsForTest({ clock: tickingClock() })
  const previewed = async (file: Readonly<Record<string, string>>) => {
    const config = { name: 'c', 'connector.class': 'FileStreamSource', topic: 't', ...file }
    const question = { config, limit: 10, from: 'beginning' } as const
    return answerIn<'preview'>(await answer({ ask: 'preview', question }, ports, plugins))
  }

  for (const file of [{}, { file: '' }])
    assert.deepEqual(await previewed(file), {
      messages: {
        file: [
          'Standard input cannot be previewed: nobody can go back in it, and the connector would never get what a preview has read',
        ],
      },
    })
  assert.equal(opened, 0)
  const { json } = (await previewed({ file: import.meta.filename })) as { readonly json: string }
  assert.equal(JSON.parse(json).records.length, 10)
})

/** All but one have a value. */
const written = (offset: number) => ({
  topic: 't',
  partition: 0,
  offset,
  timestamp: 1,
  timestampType: 'CREATE_TIME' as const,
  key: null,
  value: offset === 7 ? null : 'dg==',
  headers: [],
})

test('a sink preview whose time is over shows what it has, and says that there may be more', async () => {
  const asked: unknown[] = []
  const ports = portsForTest({
    clock: tickingClock(),
    groups: {
      ...portsForTest({ clock: tickingClock() }).groups,
      offsets: async () => [{ topic: 't', partition: 0, committed: 7, start: 0, end: 1e9 }],
    },
    topics: {
      existing: async () => new Map([['t', 1]]),
      ensure: async () => undefined,
      async read({ offset = 0 }, max) {
        asked.push(max)
        await new Promise(setImmediate)
        return Array.from({ length: max }, (_, at) => written(offset + at))
      },
    },
  })
  const plugins = pluginsOf([filter, recordIsTombstone, jsonConverter, stringConverter])
  const sheet = previewSheet(10, (text) => text)
  const config = {
    name: 'c',
    topics: 't',
    transforms: 'drop',
    'transforms.drop.type': filter.name,
    'transforms.drop.predicate': 'tombstone',
    'transforms.drop.negate': 'true',
    predicates: 'tombstone',
    'predicates.tombstone.type': recordIsTombstone.name,
  }

  const desk = { ports, plugins, signal: new AbortController().signal }
  await previewSink({ config, from: 'offset', sheet, desk }, 100)

  const { records, errors, dropped, truncated } = JSON.parse(sheet.text())
  assert.deepEqual([records.length, errors, truncated], [1, [], true])
  assert.equal(records[0].kafka_offset, 7)
  assert.ok(dropped > 500, String(dropped))
  assert.deepEqual(new Set(asked), new Set([500]))
})
