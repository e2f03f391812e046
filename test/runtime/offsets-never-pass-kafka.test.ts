import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KafkaRecord, SourceRecord } from '../../lib/data/record.ts'
import { STRING } from '../../lib/data/schema.ts'
import { RetriableError } from '../../lib/errors.ts'
import { type Plugins, sourceConnector } from '../../lib/plugin.ts'
import type { Ports } from '../../lib/ports.ts'
import { pluginsOf } from '../../lib/registry.ts'
import { runSource } from '../../lib/runtime/source-task.ts'
import { portsForTest, runningConnector, stringConverter, tickingClock } from './ports-for-test.ts'
import { chainOf, TRANSFORMS } from './scripted-transforms.ts'

const ROWS = 23
const PAGE = 5
const PARTITION = { table: 't' }

/** Counts up to ROWS in pages and knows no more than its offset, as a table with a growing id does. */
const counting = sourceConnector({
  name: 'test.CountingSourceConnector',
  taskClass: 'test.CountingSourceTask',
  version: '1',
  doc: 'Counts.',
  config: {},
  taskConfigs: (_config, _maxTasks, raw) => [raw],
  async startTask(_config, context) {
    const [stored] = await context.offsets([PARTITION])
    let position = Number(stored?.n ?? 0)
    return {
      pollIntervalMs: 100,
      async poll() {
        const from = position
        position = Math.min(ROWS, from + PAGE)
        return Array.from({ length: position - from }, (_, index) => recordOf(from + index + 1))
      },
      stop: async () => undefined,
    }
  },
})

const recordOf = (n: number): SourceRecord => ({
  topic: 't',
  partition: 0,
  keySchema: STRING,
  key: String(n),
  valueSchema: STRING,
  value: `row ${n}`,
  timestamp: null,
  headers: [],
  sourcePartition: PARTITION,
  sourceOffset: { n },
})

const plugins: Plugins = pluginsOf([counting, stringConverter, ...TRANSFORMS])

/** Row 12 cannot be transformed: Kafka gets a letter in its place. */
const LETTERS = {
  ...chainOf('Refuse?'),
  'predicates.bad.word': 'row 12',
  'errors.tolerance': 'all',
  'errors.deadletterqueue.topic.name': 'dlq',
}

type World = {
  readonly ports: Ports
  readonly freeze: (ms: number) => void
  readonly kafka: KafkaRecord[]
  readonly violations: string[]
}

async function world(config: Readonly<Record<string, string>>): Promise<World> {
  const kafka: KafkaRecord[] = []
  const violations: string[] = []
  const clock = tickingClock()
  const ports = portsForTest({
    clock,
    topics: {
      existing: async () => new Map(),
      ensure: async () => undefined,
      read: async () => [],
    },
    producers: {
      connect: async () => ({
        send: async (records) => void kafka.push(...records),
        disconnect: async () => undefined,
      }),
    },
  })
  await runningConnector(ports, 'c', { 'connector.class': counting.name, ...config })
  const commit: Ports['offsets']['commit'] = async (lease, offsets) => {
    const acknowledged = Math.max(0, ...kafka.map(({ key }) => Number(key)))
    for (const { offset } of offsets)
      if (Number(offset.n) > acknowledged) violations.push(`${offset.n} > ${acknowledged}`)
    return ports.offsets.commit(lease, offsets)
  }
  return {
    ports: { ...ports, offsets: { ...ports.offsets, commit } },
    kafka,
    violations,
    freeze: clock.freeze,
  }
}

/** Dies at the n-th call to the world outside: before it is carried out, or after it and before its answer. Dead is dead: every later call fails too. */
function dying(
  ports: Ports,
  at: number,
  when: 'before' | 'after',
): { ports: Ports; isDead: () => boolean } {
  let calls = 0
  const die = () => {
    throw new RetriableError('the process is dead')
  }
  const watched = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name, receiver) {
        const member: unknown = Reflect.get(target, name, receiver)
        if (typeof member !== 'function') return member
        return async (...given: unknown[]) => {
          calls++
          if (calls > at || (calls === at && when === 'before')) die()
          const answer: unknown = await member.apply(target, given)
          if (calls >= at) die()
          return typeof answer === 'object' && answer !== null && 'send' in answer
            ? watched(answer)
            : answer
        }
      },
    })
  const { configs, tasks, leases, offsets, statuses, producers, topics } = ports
  return {
    ports: {
      ...ports,
      configs: watched(configs),
      tasks: watched(tasks),
      leases: watched(leases),
      offsets: watched(offsets),
      statuses: watched(statuses),
      producers: watched(producers),
      topics: watched(topics),
    },
    isDead: () => calls >= at,
  }
}

const invocation = (id: string, remainingMs: () => number = () => 600_000) => ({ id, remainingMs })

for (const [when, title, config] of [
  ['before', '', {}],
  ['after', '', {}],
  ['before', ' nor a dead letter', LETTERS],
  ['after', ' nor a dead letter', LETTERS],
] as const) {
  test(`a crash at any call, ${when} it is carried out, loses no row${title} and leaves no offset beyond Kafka`, async () => {
    let crashes = 0
    for (let at = 1; ; at++) {
      const { ports, kafka, violations } = await world(config)
      const first = dying(ports, at, when)
      // A dead process makes no more progress: its time is up as soon as it is dead.
      const remainingMs = () => (first.isDead() ? 0 : 600_000)
      await runSource(
        { connector: 'c', task: 0 },
        invocation('one', remainingMs),
        first.ports,
        plugins,
      ).catch(() => undefined)
      if (!first.isDead()) break
      crashes++

      await ports.clock.sleep(ports.worker.leaseTtlMs + 1)
      await runSource({ connector: 'c', task: 0 }, invocation('two'), ports, plugins)

      const rows = new Set(kafka.map(({ key }) => String(key)))
      assert.equal(rows.size, ROWS, `rows missing after a crash at call ${at}`)
      const letters = kafka.filter(({ topic }) => topic === 'dlq')
      assert.deepEqual(
        [...new Set(letters.map(({ key }) => String(key)))],
        config === LETTERS ? ['12'] : [],
      )
      assert.deepEqual(violations, [])
      const [stored] = await ports.offsets.read('c')
      assert.equal(Number(stored?.offset.n), ROWS)
    }
    assert.ok(crashes > 15, `only ${crashes} places to crash were found`)
  })
}

test('an owner that lost its lease commits nothing more', async () => {
  const { ports, kafka, freeze } = await world({})
  let stolen = false
  const thief = {
    ...ports,
    producers: {
      connect: async () => ({
        async send(records: readonly KafkaRecord[]) {
          kafka.push(...records)
          if (stolen) return
          stolen = true
          // Woken after a long stop: the lease has expired and another has taken it.
          freeze(ports.worker.leaseTtlMs + 1)
          await ports.leases.take({
            connector: 'c',
            task: 0,
            owner: 'other',
            invocation: 'other',
            generation: 1,
            ttlMs: 600_000,
            invocationEndsAt: ports.clock.now() + 600_000,
          })
        },
        disconnect: async () => undefined,
      }),
    },
  }

  await runSource({ connector: 'c', task: 0 }, invocation('one'), thief, plugins)

  assert.deepEqual(await ports.offsets.read('c'), [])
  assert.equal((await ports.statuses.get('c', 0))?.state, 'RUNNING')
})
