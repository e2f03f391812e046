import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SourceRecord } from '../../lib/data/record.ts'
import { counters } from '../../lib/local/counters.ts'
import { sourceProgress } from '../../lib/runtime/source-progress.ts'
import { recordOf } from './scripted-source.ts'

const EVENT = { connector: 'c', task: 0 }
const START = 1_700_000_000_000

/** A task whose polls give what they are told, each in 100 ms. */
function scene(caughtUpAt?: number) {
  const time = { ms: 0 }
  const clock = {
    now: () => START + time.ms,
    monotonic: () => time.ms,
    sleep: async () => undefined,
  }
  const metrics = counters(clock)
  const progress = sourceProgress(EVENT, { clock, metrics }, caughtUpAt)
  const poll = (count: number, behind?: boolean) => {
    const records: SourceRecord[] = Array.from({ length: count }, (_, at) => recordOf(at))
    return progress.poll({
      pollIntervalMs: 1_000,
      async poll() {
        time.ms += 100
        return records
      },
      ...(behind !== undefined && { isBehind: () => behind }),
      stop: async () => undefined,
    })
  }
  const shown = (name: string) => {
    progress.tell()
    const line = metrics
      .exposition()
      .split('\n')
      .find((one) => one.startsWith(`kafka_connect_source_task_${name}{`))
    return line && Number(line.split(' ').at(-1))
  }
  const lag = () => shown('source_lag_seconds')
  return { time, progress, poll, lag, active: () => shown('source_record_active_count') }
}

test('while there are more records the lag grows, however many are delivered', async () => {
  const { time, progress, poll, lag } = scene()

  for (let pages = 0; pages < 3; pages++) {
    const page = await poll(5, true)
    progress.took(page)
    progress.acknowledged(page, true)
    time.ms += 9_900
  }

  assert.equal(lag(), 30)
})

test('once Kafka has the page that was read to the end, the lag is what it took since that poll began', async () => {
  const { time, progress, poll, lag } = scene()
  const first = await poll(5, true)
  progress.took(first)
  progress.acknowledged(first, true)
  time.ms = 60_000

  const last = await poll(3, false)
  progress.took(last)
  const before = lag()
  time.ms += 400
  progress.acknowledged(last, true)

  // Rows that came after the first poll of a round may have been passed over by it.
  assert.equal(before, 60.1)
  assert.equal(lag(), 60.5)
  const next = await poll(1, false)
  progress.took(next)
  progress.acknowledged(next, true)
  assert.equal(lag(), 0.1)
})

test('a task that does not tell whether there is more is behind until a poll gives nothing', async () => {
  const { time, progress, poll, lag } = scene()
  const page = await poll(1)
  progress.took(page)
  progress.acknowledged(page, true)
  time.ms = 8_000

  const before = lag()
  progress.drained(await poll(0))

  assert.deepEqual([before, lag()], [8, 0])
})

test('drained, the lag stays 0 between polls, and grows once a poll gets no answer', async () => {
  const { time, progress, poll, lag } = scene()
  progress.drained(await poll(0))
  time.ms += 3_600_000
  const between = lag()
  const { promise, resolve } = Promise.withResolvers<readonly SourceRecord[]>()

  const polling = progress.poll({
    pollIntervalMs: 1,
    poll: () => promise,
    stop: async () => undefined,
  })
  time.ms += 20_000
  const waiting = lag()
  resolve([])
  progress.drained(await polling)

  assert.equal(between, 0)
  assert.equal(waiting, 3_620.1)
  assert.equal(lag(), 0)
})

test('a page that failed in its midst does not count as delivered', async () => {
  const { time, progress, poll, lag, active } = scene()
  const page = await poll(5, false)
  progress.took(page)
  const inHand = active()

  progress.acknowledged(page, false)
  progress.begin()
  time.ms = 5_000

  assert.deepEqual([inHand, active(), lag()], [5, 0, 5])
})

test('a successor goes on from where the task before it had come to', async () => {
  const { progress, poll, lag } = scene(START - 840_000)

  const before = lag()
  const page = await poll(2, true)
  progress.took(page)
  progress.acknowledged(page, true)

  assert.deepEqual([before, lag()], [840, 840.1])
  assert.equal(progress.caughtUpAt(), START - 840_000)
})
