import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RetriableError } from '../../lib/errors.ts'
import type { Fields, Log, Ports } from '../../lib/ports.ts'
import { sinkTasks } from '../../lib/runtime/sink-task.ts'
import { runSource } from '../../lib/runtime/source-task.ts'
import { eventOf, EVENT as SINK_EVENT, sinkWorld } from './scripted-sink.ts'
import {
  change,
  EVENT,
  invocation,
  restarted,
  rowsUpTo,
  sourceWorld,
  tableOf,
} from './scripted-source.ts'

/** What a log that lets INFO through has, and a check that each line names its task. */
function infoLog(base: Log) {
  const lines: string[] = []
  const told =
    (level: string) =>
    (message: string, fields: Fields = {}) => {
      assert.deepEqual([fields.connector, fields.task], ['c', 0], message)
      lines.push(`${level} ${message}`)
    }
  const log: Log = { ...base, info: told('INFO'), warn: told('WARN'), error: told('ERROR') }
  return { lines, log }
}

test('a source tells when it starts, and nothing of each poll or each later tick', async () => {
  const world = await sourceWorld({ poll: tableOf(rowsUpTo(40)) })
  const { lines, log } = infoLog(world.ports.log)
  const ports: Ports = { ...world.ports, log }

  for (const tick of ['one', 'two', 'three'])
    await runSource(EVENT, invocation(tick), ports, world.plugins)

  assert.deepEqual(lines, ['INFO Source task started'])
})

test('a source tells when it is paused, resumed, restarted and gone', async () => {
  const world = await sourceWorld({ poll: () => [] }, { idleTimeoutMs: -1 })
  const { lines, log } = infoLog(world.ports.log)
  const ports: Ports = { ...world.ports, log }
  const runUntil = async (id: string, to: Parameters<typeof change>[1]) => {
    const running = runSource(EVENT, invocation(id), ports, world.plugins)
    await world.clock.sleep(5_000)
    await change(ports, to)
    await running
  }

  await runUntil('one', { targetState: 'PAUSED' })
  await runSource(EVENT, invocation('paused tick'), ports, world.plugins)
  await change(ports, { targetState: 'RUNNING' })
  await runUntil('two', restarted(1))
  await runUntil('three', { targetState: 'STOPPED' })

  assert.deepEqual(lines, [
    'INFO Source task started',
    'INFO Source task paused',
    'INFO Source task resumed',
    'INFO Source task ends here: changed',
    'INFO Source task started',
    'INFO Source task ends here: gone',
  ])
})

test('a source tells of trouble, that it works again, and that it has failed', async () => {
  const world = await sourceWorld({
    poll: tableOf(rowsUpTo(20)),
    send(_records, sends) {
      if (sends === 2) throw new RetriableError('no leader')
      if (sends === 4) throw new Error('refused')
    },
  })
  const { lines, log } = infoLog(world.ports.log)

  await runSource(EVENT, invocation('one'), { ...world.ports, log }, world.plugins)

  assert.deepEqual(lines, [
    'INFO Source task started',
    'WARN Source task starts again: no leader',
    'INFO Source task works again',
    'ERROR Source task failed: refused',
  ])
})

test('a sink tells when it starts, meets trouble, works again, and ends; and nothing of each batch', async () => {
  const world = await sinkWorld({
    put(_records, { puts }) {
      if (puts === 3) throw new RetriableError('Redis is loading')
    },
  })
  const { lines, log } = infoLog(world.ports.log)
  const ports: Ports = { ...world.ports, log }
  const tasks = sinkTasks(ports, world.plugins)
  const remaining = { id: 'one', remainingMs: () => 60_000 }

  for (let batches = 0; batches < 5; batches++) {
    await tasks.deliver('c', eventOf({ 't-0': ['a', 'b'] }), remaining)
    await world.clock.sleep(2_000)
  }
  await change(ports, { targetState: 'PAUSED' })
  await tasks.prepare(SINK_EVENT)
  await change(ports, { targetState: 'STOPPED' })
  await tasks.prepare(SINK_EVENT)

  assert.deepEqual(lines, [
    'INFO Sink task started',
    'WARN Sink task puts the batch again: Redis is loading',
    'INFO Sink task works again',
    'INFO Sink task paused',
    'INFO Sink task ends here',
  ])
})
