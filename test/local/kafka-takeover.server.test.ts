import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { kafkaGroups } from '../../lib/kafka/groups.ts'
import { kafkaProducers } from '../../lib/kafka/producers.ts'
import { asAdmin, broker, newName, newTopic, recordOf, silentLog } from '../kafka/kafka-fixture.ts'

type Said = {
  readonly id: string
  readonly partition: number
  readonly offset: number
  readonly remainingMs?: number
  readonly taken?: readonly number[]
}

const program = fileURLToPath(new URL('poller-process.ts', import.meta.url))
const FREEZE_MS = 15_000
const RECORDS = 4_000

function worker(topic: string, group: string) {
  const child: ChildProcess = spawn(process.execPath, [program, broker(), topic, group], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: Said[] = []
  const errors: string[] = []
  const ended = once(child, 'exit')
  if (child.stdout)
    createInterface(child.stdout).on('line', (line) => said.push(JSON.parse(line) as Said))
  child.stderr?.on('data', (text: Buffer) => errors.push(text.toString()))
  return {
    said,
    errors,
    signal: (name: NodeJS.Signals) => child.kill(name),
    taken: () =>
      said.flatMap(({ partition, taken = [] }) => taken.map((at) => `${partition}-${at}`)),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

test('a worker that is frozen in mid-batch loses its partitions, finds no time left, and moves no offset back', async () => {
  await using topic = await newTopic({ partitions: 2 })
  const group = newName('group')
  const groups = kafkaGroups({ brokers: [broker()] }, silentLog())
  const producer = await kafkaProducers({ brokers: [broker()] }, silentLog()).connect('test')
  const records = Array.from({ length: RECORDS }, (_, at) =>
    recordOf(topic.name, { partition: at % 2, value: Buffer.from(String(at)) }),
  )
  await producer.send(records, () => true)
  await producer.disconnect()

  {
    await using one = worker(topic.name, group)
    await using other = worker(topic.name, group)
    const committed = [0, 0]
    const look = async () => {
      for (const { partition, committed: offset } of await groups.offsets(group, [topic.name])) {
        assert.ok((offset ?? 0) >= (committed[partition] ?? 0), `went back to ${offset}`)
        committed[partition] = offset ?? 0
      }
    }
    const lookUntil = async (condition: () => boolean, ms: number) => {
      const endsAt = performance.now() + ms
      while (!condition()) {
        if (performance.now() > endsAt)
          assert.fail(
            `${condition}: ${committed}\n${one.errors.join('')}\n${other.errors.join('')}`,
          )
        await look()
        await setTimeout(50)
      }
    }
    const partitionsOf = (said: readonly Said[]) => [
      ...new Set(said.map(({ partition }) => partition)),
    ]

    // Each has a partition of its own.
    await lookUntil(
      () =>
        partitionsOf(one.said.slice(-15)).length === 1 &&
        partitionsOf(other.said.slice(-15)).length === 1 &&
        partitionsOf([...one.said.slice(-15), ...other.said.slice(-15)]).length === 2,
      30_000,
    )
    await lookUntil(() => one.said.at(-1)?.remainingMs !== undefined, 5_000)
    one.signal('SIGSTOP')
    await setTimeout(200)
    const [frozen] = one.said.slice(-1)
    const before = one.said.length
    const frozenAt = performance.now()
    await lookUntil(() => performance.now() - frozenAt > FREEZE_MS, FREEZE_MS + 5_000)
    one.signal('SIGCONT')
    await lookUntil(() => committed[0] === RECORDS / 2 && committed[1] === RECORDS / 2, 60_000)

    const woken = one.said.slice(before).filter(({ id }) => id === frozen?.id)
    assert.ok(woken.length > 0, 'the frozen invocation went on')
    for (const { remainingMs } of woken) assert.ok((remainingMs ?? 0) <= 0, `${remainingMs}`)
    const tookOver = other.said.filter(({ partition }) => partition === frozen?.partition)
    assert.ok(tookOver.some(({ offset }) => offset > (frozen?.offset ?? 0)))
    const taken = new Set([...one.taken(), ...other.taken()])
    assert.equal(taken.size, RECORDS)
  }
  groups.close()
  await asAdmin((admin) => admin.deleteGroups([group])).catch(() => undefined)
})
