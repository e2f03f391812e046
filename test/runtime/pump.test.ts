import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KafkaRecord } from '../../lib/data/record.ts'
import { runSource } from '../../lib/runtime/source-task.ts'
import {
  EVENT,
  invocation,
  rowsUpTo,
  sourceWorld,
  storedPosition,
  tableOf,
} from './scripted-source.ts'

test('the next page is read while one is produced, and never more than one is on its way', async () => {
  let outstanding = 0
  let most = 0
  let pollsDuringSend = 0
  const world = await sourceWorld({
    poll(from) {
      if (outstanding > 0) pollsDuringSend++
      return tableOf(rowsUpTo(25))(from)
    },
    async send() {
      outstanding++
      most = Math.max(most, outstanding)
      await world.clock.sleep(50)
      outstanding--
    },
  })

  await runSource(EVENT, invocation('one'), world.ports, world.plugins)

  assert.equal(most, 1)
  assert.ok(pollsDuringSend >= 4, `${pollsDuringSend} polls while a page was on its way`)
  assert.deepEqual(
    world.kafka,
    rowsUpTo(25).map(({ value }) => value),
  )
})

test('an offset is stored while the next page is long in coming', async () => {
  const stored: (number | undefined)[] = []
  const world = await sourceWorld({
    async poll(from, calls) {
      if (calls === 2) {
        await world.clock.sleep(60_000)
        stored.push(await storedPosition(world.ports))
      }
      return tableOf(rowsUpTo(10))(from)
    },
  })

  await runSource(EVENT, invocation('one'), world.ports, world.plugins)

  assert.deepEqual(stored, [5])
})

test('an empty poll is followed by the plugin’s own pause, not by a busy loop', async () => {
  const world = await sourceWorld({ poll: () => [] }, { idleTimeoutMs: -1 })
  const remainingMs = () => (world.clock.monotonic() < 10_000 ? 900_000 : 0)

  await runSource(EVENT, invocation('one', remainingMs), world.ports, world.plugins)

  assert.ok(world.counts.polls >= 95 && world.counts.polls <= 115, `${world.counts.polls} polls`)
})

test('what was delivered and what was read is counted', async () => {
  const world = await sourceWorld({ poll: tableOf(rowsUpTo(12)) })
  const counted: [string, number][] = []
  const metrics = {
    ...world.ports.metrics,
    add: (name: string, count: number) => void counted.push([name, count]),
  }

  await runSource(EVENT, invocation('one'), { ...world.ports, metrics }, world.plugins)

  const total = (name: string) =>
    counted.filter(([one]) => one === name).reduce((sum, [, count]) => sum + count, 0)
  assert.equal(total('source-record-poll-total'), 12)
  assert.equal(total('source-record-write-total'), 12)
})

test('records stand in Kafka with topic, partition, key and time as the task gave them', async () => {
  const sent: KafkaRecord[] = []
  const world = await sourceWorld({
    poll: tableOf(rowsUpTo(1).map((record) => ({ ...record, timestamp: 5 }))),
    send: (records) => void sent.push(...records),
  })

  await runSource(EVENT, invocation('one'), world.ports, world.plugins)

  const [record] = sent
  assert.deepEqual(
    [record?.topic, record?.partition, String(record?.key), record?.timestamp],
    ['t', 0, '1', 5],
  )
})
