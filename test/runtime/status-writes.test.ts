/** Row writes cost money: what a minute of running writes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RetriableError } from '../../lib/errors.ts'
import { sqliteRows } from '../../lib/local/sqlite-rows.ts'
import { runSource } from '../../lib/runtime/source-task.ts'
import type { Rows } from '../../lib/store/rows.ts'
import { eventOf, POISON, type SinkScript, sinkWorld } from './scripted-sink.ts'
import { EVENT, invocation, recordOf, type Script, sourceWorld } from './scripted-source.ts'

/** Rows that tell what was written: the first word of each sort key. */
function counted(): { readonly rows: Rows; readonly writes: Map<string, number> } {
  const rows = sqliteRows(':memory:')
  const writes = new Map<string, number>()
  const count = (sk: string) => {
    const [kind = ''] = sk.split(/[^a-z-]/)
    writes.set(kind, (writes.get(kind) ?? 0) + 1)
  }
  return {
    writes,
    rows: {
      ...rows,
      async transact(changes) {
        const isDone = await rows.transact(changes)
        for (const change of changes) if (isDone && 'put' in change) count(change.put.sk)
        return isDone
      },
      async update(key, set, onlyIf) {
        count(key.sk)
        return rows.update(key, set, onlyIf)
      },
      async putAll(all) {
        for (const { sk } of all) count(sk)
        return rows.putAll(all)
      },
    },
  }
}

const MINUTE_MS = 60_000
const TOLERANT = { 'errors.tolerance': 'all' }

/** A source that runs for some minutes; `poll` gets how many records came before. */
async function sourceFor(minutes: number, script: Script, config = {}) {
  const { rows, writes } = counted()
  const world = await sourceWorld(script, { config, rows, idleTimeoutMs: -1 })
  writes.clear()
  const endsAt = world.clock.monotonic() + minutes * MINUTE_MS
  const left = () => 15_000 + endsAt - world.clock.monotonic()
  await runSource(EVENT, invocation('one', left), world.ports, world.plugins)
  return { ...world, writes, status: await world.ports.statuses.get('c', 0) }
}

test('an idle source writes its status once, and else its lease alone', async () => {
  const { writes, counts } = await sourceFor(1, { poll: () => [] })

  assert.equal(writes.get('status'), 1)
  assert.deepEqual([...writes.keys()].sort(), ['epoch', 'lease', 'status'])
  assert.ok(counts.polls > 100)
})

test('a busy source writes its status once', async () => {
  const { writes, kafka } = await sourceFor(1, {
    poll: (from, calls) => (calls % 2 ? [recordOf(from + 1)] : []),
  })

  assert.equal(writes.get('status'), 1)
  assert.ok(kafka.length > 100)
})

test('a source that leaves out record after record tells of it at once, then once a minute', async () => {
  const { writes, status } = await sourceFor(
    3.5,
    { poll: (from, calls) => (calls % 2 ? [recordOf(from + 1, POISON)] : []) },
    TOLERANT,
  )

  // RUNNING, the first error, and one more each minute.
  assert.equal(writes.get('status'), 5)
  assert.equal(status?.reason, undefined)
  assert.match(
    status?.lastError ?? '',
    /^2023-\S+Z stage VALUE_CONVERTER, class test.FussyConverter, record \{"table":"t"\}@\{"n":\d+\}: it is poison$/,
  )
})

test('a source that cannot go on writes its reason once, however often it starts again', async () => {
  let isBroken = false
  const { writes, counts, status } = await sourceFor(1, {
    start() {
      if (isBroken) throw new RetriableError('database is down')
      isBroken = true
    },
    poll: () => {
      throw new RetriableError('connection lost')
    },
  })

  assert.equal(status?.state, 'RUNNING')
  assert.equal(status?.reason, 'starts again: database is down')
  assert.ok(counts.starts > 4)
  // RUNNING, two reasons, and the last error a minute later at most.
  assert.ok((writes.get('status') ?? 0) <= 4)
})

/** A sink that is given a batch each second. */
async function sinkFor(
  minutes: number,
  values: readonly string[],
  script: SinkScript = {},
  config = {},
) {
  const { rows, writes } = counted()
  const world = await sinkWorld(script, config, [], rows)
  writes.clear()
  await world.tasks.prepare(EVENT)
  for (let second = 0; second < minutes * 60; second++) {
    const batch = { id: `i${second}`, remainingMs: () => MINUTE_MS }
    if (values.length > 0) await world.tasks.deliver('c', eventOf({ 't-0': values }), batch)
    await world.clock.sleep(1_000)
  }
  return { ...world, writes, status: await world.ports.statuses.get('c', 0) }
}

test('an idle sink writes its status once and nothing else', async () => {
  const { writes } = await sinkFor(1, [])

  assert.deepEqual([...writes], [['status', 1]])
})

test('a busy sink writes its status once', async () => {
  const { writes, target } = await sinkFor(1, ['a', 'b'])

  assert.equal(writes.get('status'), 1)
  assert.equal(target.length, 120)
})

test('a sink that leaves out record after record tells of it at once, then once a minute', async () => {
  const { writes, status } = await sinkFor(2.5, ['a', POISON], {}, TOLERANT)

  assert.equal(writes.get('status'), 4)
  assert.match(
    status?.lastError ?? '',
    /^2023-\S+Z stage VALUE_CONVERTER, class test.FussyReadingConverter, record t-0@1: it is poison$/,
  )
})

test('a sink that has healed tells what was wrong, and at which records', async () => {
  const { writes, status } = await sinkFor(0.5, ['a', 'b'], {
    put(_records, { puts }) {
      if (puts <= 3) throw new RetriableError('Redis is away')
    },
  })

  assert.deepEqual([status?.state, status?.reason], ['RUNNING', undefined])
  assert.match(
    status?.lastError ?? '',
    /^2023-\S+Z puts the batch again \(t-0@0\.\.1\): Redis is away$/,
  )
  // RUNNING, in trouble, RUNNING.
  assert.equal(writes.get('status'), 3)
})

test('what a task FAILED with is its last error, with the record’s place, also after a restart', async () => {
  const world = await sourceWorld({ poll: (from) => [recordOf(from + 1, POISON)] })
  await runSource(EVENT, invocation('one'), world.ports, world.plugins)

  const failed = await world.ports.statuses.get('c', 0)

  assert.equal(failed?.state, 'FAILED')
  assert.equal(failed?.retriable, undefined)
  assert.match(failed?.lastError ?? '', /record \{"table":"t"\}@\{"n":1\}: it is poison$/)
})
