import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { KafkaRecord } from '../../lib/data/record.ts'
import { RetriableError } from '../../lib/errors.ts'
import { runSource } from '../../lib/runtime/source-task.ts'
import {
  EVENT,
  invocation,
  POISON,
  recordOf,
  rowsUpTo,
  type Script,
  sourceWorld,
  storedPosition,
  tableOf,
  type World,
} from './scripted-source.ts'
import { TRANSFORMS } from './scripted-transforms.ts'

const run = ({ ports, plugins }: World, id = 'one', remainingMs?: () => number) =>
  runSource(EVENT, invocation(id, remainingMs), ports, plugins)
const stateOf = async ({ ports }: World) => (await ports.statuses.get('c', 0))?.state

const DLQ = { 'errors.deadletterqueue.topic.name': 'dlq' }
const ALL = { 'errors.tolerance': 'all', ...DLQ }

/** A world that keeps what was sent, call by call. */
async function sending(
  script: Script,
  config: Readonly<Record<string, string>>,
  plugins = TRANSFORMS,
) {
  const calls: (readonly KafkaRecord[])[] = []
  const world = await sourceWorld(
    {
      ...script,
      async send(records, sends) {
        await script.send?.(records, sends)
        calls.push(records)
      },
    },
    { config, plugins },
  )
  return { ...world, calls }
}

const topicsOf = (calls: readonly (readonly KafkaRecord[])[]) =>
  calls.map((records) => records.map(({ topic }) => topic))

describe('the dead letter queue of a source', () => {
  const rows = [...rowsUpTo(2), recordOf(3, POISON), ...rowsUpTo(12).slice(3)]

  test('is made at the start of the task', async () => {
    const world = await sending({ poll: () => [] }, ALL)

    await run(world)

    assert.deepEqual(world.ensured, [['dlq', { partitions: 1, replicationFactor: 3 }]])
  })

  test('gets a letter in the same call as its page, so before the offset', async () => {
    const stored: (number | undefined)[] = []
    const world = await sending(
      {
        poll: tableOf(rows),
        async send() {
          stored.push(await storedPosition(world.ports))
        },
      },
      ALL,
    )

    await run(world)

    assert.deepEqual(topicsOf(world.calls)[0], ['t', 't', 't', 't', 'dlq'])
    assert.equal(stored[0], undefined)
    assert.equal(await storedPosition(world.ports), 12)
    assert.equal(world.total('deadletterqueue-produce-requests'), 1)
    assert.equal(world.total('source-record-write-total'), 11)
    const letter = world.calls[0]?.at(-1)
    assert.equal(String(letter?.key), '3')
    assert.deepEqual(JSON.parse(String(letter?.value)), {
      connector: 'c',
      task: 0,
      topic: 't',
      sourcePartition: { table: 't' },
      sourceOffset: { n: 3 },
      key: '3',
      stage: 'VALUE_CONVERTER',
      class: 'test.FussyConverter',
      error: { class: 'org.apache.kafka.connect.errors.DataException', message: 'it is poison' },
    })
    assert.deepEqual(letter?.headers, [])
  })

  test('tells an offset with all its digits', async () => {
    const sourceOffset = { n: 9_007_199_254_740_993n }
    const world = await sending(
      { poll: (_, calls) => (calls === 1 ? [{ ...recordOf(1, POISON), sourceOffset }] : []) },
      ALL,
    )

    await run(world)

    assert.match(String(world.calls[0]?.[0]?.value), /"sourceOffset":\{"n":9007199254740993\}/)
  })

  test('has null for a key that cannot be converted either, and tells its text', async () => {
    const row = { ...recordOf(1), key: POISON }
    const world = await sending({ poll: tableOf([row]) }, ALL)

    await run(world)

    const [letter] = world.calls[0] ?? []
    assert.equal(letter?.key, null)
    const story = JSON.parse(String(letter?.value))
    assert.deepEqual([story.key, story.stage], [POISON, 'KEY_CONVERTER'])
  })

  test('tells of the record that fails its task, too', async () => {
    const world = await sending({ poll: tableOf(rows) }, DLQ)

    await run(world)

    assert.deepEqual(topicsOf(world.calls), [['t', 't', 'dlq']])
    assert.equal(await storedPosition(world.ports), 2)
    assert.equal(await stateOf(world), 'FAILED')
  })

  test('that does not answer keeps the offset where it is: the page comes again', async () => {
    const world = await sending(
      {
        poll: tableOf(rows),
        send: (_records, sends) => {
          if (sends === 1) throw new RetriableError('the broker is gone')
        },
      },
      ALL,
    )

    await run(world)

    assert.deepEqual(topicsOf(world.calls)[0], ['t', 't', 't', 't', 'dlq'])
    assert.equal(world.kafka.filter((value) => /it is poison/.test(value)).length, 1)
    assert.equal(await storedPosition(world.ports), 12)
    assert.equal(world.total('deadletterqueue-produce-failures'), 1)
  })

  test('without a queue a record that is left out is sent nowhere', async () => {
    const world = await sending({ poll: tableOf(rows) }, { 'errors.tolerance': 'all' })

    await run(world)

    assert.deepEqual([...new Set(topicsOf(world.calls).flat())], ['t'])
    assert.deepEqual(world.ensured, [])
  })
})

test('the error log has Kafka Connect’s line, and the record with errors.log.include.messages', async () => {
  const lines: string[] = []
  const row = {
    ...recordOf(1, POISON),
    headers: [{ key: 'h', schema: { type: 'string' as const }, value: 'x' }],
  }
  const world = await sending(
    { poll: tableOf([row]) },
    {
      'errors.tolerance': 'all',
      'errors.log.enable': 'true',
      'errors.log.include.messages': 'true',
    },
  )
  world.ports.log.error = (message) => void lines.push(message)

  await run(world)

  assert.deepEqual(lines, [
    "Error encountered in task c-0. Executing stage 'VALUE_CONVERTER' with class 'test.FussyConverter', where source record is = SourceRecord{sourcePartition={table=t}, sourceOffset={n=1}} ConnectRecord{topic='t', kafkaPartition=0, key=1, keySchema=Schema{STRING}, value=poison, valueSchema=Schema{STRING}, timestamp=null, headers=ConnectHeaders(headers=[ConnectHeader(key=h, value=x, schema=Schema{STRING})])}.",
  ])
})
