import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { CreateEventSourceMappingCommandInput } from '@aws-sdk/client-lambda'
import type { KafkaEvent } from '../../lib/data/kafka-event.ts'
import { kafkaGroups } from '../../lib/kafka/groups.ts'
import type { FrontSettings } from '../../lib/local/mapping-front/front.ts'
import { asAdmin, broker, kafka, newName, newTopic, silentLog } from '../kafka/kafka-fixture.ts'
import {
  ALIAS,
  type Call,
  clientOf,
  comesTo,
  create,
  get,
  group as groupNamed,
  list,
  mappingFront,
  refused,
  remove,
  smallLambda,
  state,
  THROTTLED,
  update,
} from './mapping-front.ts'
import { frontProcess } from './mapping-front-process.ts'
import { numbers, produce, recordsOf, until, valuesOf } from './polling.ts'

/** A front that polls the real Kafka, and what its function was called with. */
async function delivering(call: Call = () => null, settings: Partial<FrontSettings> = {}) {
  const events: KafkaEvent[] = []
  const front = await mappingFront({
    ...settings,
    kafkaBootstrap: broker(),
    call(event) {
      events.push(event)
      return call(event)
    },
  })
  const group = newName('group')
  const groups = kafkaGroups({ brokers: [broker()] }, silentLog())
  return {
    front,
    events,
    values: () => events.flatMap((event) => valuesOf(recordsOf(event))),
    committed: async (topic: string) =>
      (await groups.offsets(group, [topic])).map(({ committed }) => committed),
    async create(topic: string, more: Partial<CreateEventSourceMappingCommandInput> = {}) {
      const made = await create(front.client, {
        Enabled: true,
        Topics: [topic],
        ...groupNamed(group),
        MaximumBatchingWindowInSeconds: 0,
        ...more,
      })
      return made.UUID
    },
    async [Symbol.asyncDispose]() {
      await front[Symbol.asyncDispose]()
      groups.close()
      await asAdmin((admin) => admin.deleteGroups([group])).catch(() => undefined)
    },
  }
}

test('records are delivered to the alias, as self-managed Kafka, and committed', async () => {
  await using topic = await newTopic()
  await using on = await delivering()
  await produce(topic.name, 0, 250)

  const uuid = await on.create(topic.name)
  await until(async () => (await on.committed(topic.name))[0] === 250)

  assert.deepEqual(on.values(), numbers(0, 250))
  assert.deepEqual(
    on.events.map((event) => recordsOf(event).length),
    [100, 100, 50],
  )
  assert.equal(on.front.lambda.invoked[0], ALIAS)
  const { eventSource, eventSourceArn, bootstrapServers } = on.events[0] ?? {}
  assert.deepEqual(
    { eventSource, eventSourceArn, bootstrapServers },
    { eventSource: 'SelfManagedKafka', eventSourceArn: undefined, bootstrapServers: 'b-1:9092' },
  )
  const { State, LastProcessingResult } = await get(on.front.client, uuid)
  assert.deepEqual([State, LastProcessingResult], ['Enabled', 'OK'])
})

test('an MSK cluster is named in the event', async () => {
  await using topic = await newTopic()
  await using on = await delivering()
  const arn = 'arn:aws:kafka:us-east-1:123456789012:cluster/demo/1'
  await produce(topic.name, 0, 1)

  await on.create(topic.name, {
    EventSourceArn: arn,
    SelfManagedEventSource: undefined,
    SelfManagedKafkaEventSourceConfig: undefined,
  })
  await until(() => on.events.length === 1)

  assert.equal(on.events[0]?.eventSource, 'aws:kafka')
  assert.equal(on.events[0]?.eventSourceArn, arn)
})

test('a call that fails is made again with the same batch until it is taken', async () => {
  await using topic = await newTopic()
  let calls = 0
  await using on = await delivering(() => {
    if (++calls < 3) throw new Error('not now')
  })
  await produce(topic.name, 0, 5)

  const uuid = await on.create(topic.name)
  await until(
    async () =>
      (await get(on.front.client, uuid)).LastProcessingResult === 'PROBLEM: Function call failed',
  )
  await until(async () => (await on.committed(topic.name))[0] === 5)

  assert.deepEqual(
    on.events.map((event) => valuesOf(recordsOf(event))),
    Array(3).fill(numbers(0, 5)),
  )
  assert.equal((await get(on.front.client, uuid)).LastProcessingResult, 'OK')
})

test('a call that is throttled is made again with the same batch', async () => {
  await using topic = await newTopic()
  let calls = 0
  await using on = await delivering(() => {
    if (++calls < 3) throw THROTTLED
  })
  await produce(topic.name, 0, 5)

  await on.create(topic.name)
  await until(async () => (await on.committed(topic.name))[0] === 5)

  assert.deepEqual(
    on.events.map((event) => valuesOf(recordsOf(event))),
    Array(3).fill(numbers(0, 5)),
  )
})

const provisioned = {
  FunctionResponseTypes: ['ReportBatchItemFailures' as const],
  ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 1 },
}
const failing = (event: KafkaEvent, ...offsets: number[]) => ({
  batchItemFailures: offsets.map((offset) => ({
    itemIdentifier: { partition: Object.keys(event.records)[0], offset },
  })),
})

test('with provisioned pollers, what is before the first record reported is committed and the rest comes again', async () => {
  await using topic = await newTopic()
  let calls = 0
  await using on = await delivering(async (event) => {
    calls++
    if (calls === 1) return failing(event, 7, 4)
    if (calls === 2) {
      assert.deepEqual(await on.committed(topic.name), [4])
      return failing(event, 4)
    }
    return { batchItemFailures: [] }
  })
  await produce(topic.name, 0, 10)

  await on.create(topic.name, provisioned)
  await until(async () => (await on.committed(topic.name))[0] === 10)

  assert.deepEqual(
    on.events.map((event) => valuesOf(recordsOf(event))),
    [numbers(0, 10), numbers(4, 10), numbers(4, 10)],
  )
})

for (const [title, answer] of [
  ['names a record that was not in the batch', (event: KafkaEvent) => failing(event, 99)],
  [
    'names another partition',
    () => ({ batchItemFailures: [{ itemIdentifier: { partition: 'x-0', offset: 0 } }] }),
  ],
  ['names no record', () => ({ batchItemFailures: [{}] })],
  ['is no list', () => ({ batchItemFailures: 'all' })],
] as const)
  test(`with provisioned pollers, an answer that ${title} has the whole batch sent again`, async () => {
    await using topic = await newTopic()
    let calls = 0
    await using on = await delivering((event) => (++calls < 2 ? answer(event) : null))
    await produce(topic.name, 0, 3)

    await on.create(topic.name, provisioned)
    await until(async () => (await on.committed(topic.name))[0] === 3)

    assert.deepEqual(
      on.events.map((event) => valuesOf(recordsOf(event))),
      [numbers(0, 3), numbers(0, 3)],
    )
  })

test('without provisioned pollers nobody looks at what a function answers', async () => {
  await using topic = await newTopic()
  await using on = await delivering((event) => failing(event, 0))
  await produce(topic.name, 0, 3)

  await on.create(topic.name, { FunctionResponseTypes: ['ReportBatchItemFailures'] })
  await until(async () => (await on.committed(topic.name))[0] === 3)

  assert.equal(on.events.length, 1)
})

test('a batching window gathers what comes within it', async () => {
  await using topic = await newTopic()
  await using on = await delivering()
  await produce(topic.name, 0, 1)

  await on.create(topic.name, { MaximumBatchingWindowInSeconds: 2 })
  for (let at = 1; at < 10; at++) await produce(topic.name, at, at + 1)
  await until(async () => (await on.committed(topic.name))[0] === 10)

  assert.equal(on.events.length, 1)
  assert.deepEqual(on.values(), numbers(0, 10))
})

test('a full batch does not wait for its window', async () => {
  await using topic = await newTopic()
  await using on = await delivering()
  await produce(topic.name, 0, 10)

  await on.create(topic.name, { MaximumBatchingWindowInSeconds: 300, BatchSize: 5 })
  await until(() => on.values().length === 10)

  assert.deepEqual(
    on.events.map((event) => recordsOf(event).length),
    [5, 5],
  )
})

test('a group without offsets begins at the time that the mapping says', async () => {
  await using topic = await newTopic()
  await using on = await delivering()
  const producer = kafka().producer()
  await producer.connect()
  const messages = [1, 2, 3].map((at) => ({ value: `v${at}`, timestamp: String(at * 1_000_000) }))
  await producer.send({ topic: topic.name, messages })
  await producer.disconnect()

  await on.create(topic.name, {
    StartingPosition: 'AT_TIMESTAMP',
    StartingPositionTimestamp: new Date(1_500_000),
  })
  await until(async () => (await on.committed(topic.name))[0] === 3)

  assert.deepEqual(on.values(), ['v2', 'v3'])
})

test('a group without offsets begins at the end, for a mapping that says so', async () => {
  await using topic = await newTopic()
  await using on = await delivering()
  await produce(topic.name, 0, 5)

  const uuid = await on.create(topic.name, { StartingPosition: 'LATEST' })
  await comesTo(on.front.client, uuid, 'Enabled')
  // What comes before the first poll is missed, as in AWS.
  let next = 5
  await until(async () => {
    await produce(topic.name, next, ++next)
    return on.values().length > 0
  })

  assert.ok(Number(on.values()[0]?.slice(1)) >= 5)
})

test('paused and resumed, a mapping goes on where its group was; it calls its function until it is disabled', async () => {
  await using topic = await newTopic()
  await using on = await delivering(undefined, { delaysMs: { Disabling: 1_500, Enabling: 0 } })
  const { client } = on.front
  await produce(topic.name, 0, 3)
  const uuid = await on.create(topic.name)
  await until(async () => (await on.committed(topic.name))[0] === 3)

  await update(client, { UUID: uuid, Enabled: false })
  await produce(topic.name, 3, 5)
  await until(() => on.values().length === 5)
  assert.equal(await state(client, uuid), 'Disabling')
  await comesTo(client, uuid, 'Disabled')
  await produce(topic.name, 5, 8)
  const calls = on.events.length
  await update(client, { UUID: uuid, Enabled: true })
  await until(async () => (await on.committed(topic.name))[0] === 8)

  assert.equal(on.events.length > calls, true)
  assert.deepEqual(on.values(), numbers(0, 8))
})

test('a changed batch size is in force when the change has ended', async () => {
  await using topic = await newTopic()
  await using on = await delivering()
  const uuid = await on.create(topic.name)
  await comesTo(on.front.client, uuid, 'Enabled')

  await update(on.front.client, { UUID: uuid, BatchSize: 2 })
  await comesTo(on.front.client, uuid, 'Enabled')
  await produce(topic.name, 0, 6)
  await until(async () => (await on.committed(topic.name))[0] === 6)

  assert.ok(on.events.every((event) => recordsOf(event).length <= 2))
})

test('a topic that does not exist is told as a problem', async () => {
  const name = newName('topic')
  await using on = await delivering()

  const uuid = await on.create(name)

  await until(
    async () =>
      (await get(on.front.client, uuid)).LastProcessingResult ===
      `PROBLEM: topic ${name} does not exist yet`,
  )
})

test('a front that is killed amid a batch and started again delivers that batch again, and all that follows', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'front-'))
  await using topic = await newTopic()
  const events: KafkaEvent[] = []
  const { promise: never } = Promise.withResolvers<void>()
  let isStuck = true
  await using lambda = await smallLambda((event) => {
    events.push(event)
    return isStuck ? never : null
  })
  const options = { upstream: lambda.url, stateFile: join(dir, 'mappings.json') }
  const first = await frontProcess(options)
  const group = newName('group')
  await produce(topic.name, 0, 150)
  await create(clientOf(first.url), { Enabled: true, Topics: [topic.name], ...groupNamed(group) })
  await until(() => events.length === 1)

  await first.end('SIGKILL')
  isStuck = false
  const second = await frontProcess(options)
  await until(() => events.flatMap(recordsOf).length >= 250)

  const values = events.flatMap((event) => valuesOf(recordsOf(event)))
  assert.deepEqual(values.slice(100), numbers(0, 150))
  await second.end('SIGTERM')
  rmSync(dir, { recursive: true })
})

test('while it passes from one state to another it can be neither changed nor deleted, and keeps its group until it is gone', async () => {
  await using front = await mappingFront({
    kafkaBootstrap: broker(),
    delaysMs: { Creating: 400, Disabling: 400, Enabling: 400, Updating: 400, Deleting: 400 },
  })
  const { client } = front
  const busy = async (UUID: string | undefined, during: string) => {
    assert.equal(await state(client, UUID), during)
    assert.equal(
      await refused(update(client, { UUID, BatchSize: 1 })),
      'ResourceInUseException: Cannot update the event source mapping because it is in use.',
    )
    assert.equal(
      await refused(remove(client, UUID)),
      'ResourceInUseException: Cannot delete the event source mapping because it is in use.',
    )
  }

  const { UUID } = await create(client, { Enabled: true })
  await busy(UUID, 'Creating')
  await comesTo(client, UUID, 'Enabled')
  await update(client, { UUID, Enabled: false })
  await busy(UUID, 'Disabling')
  await comesTo(client, UUID, 'Disabled')
  await update(client, { UUID, Enabled: true })
  await busy(UUID, 'Enabling')
  await comesTo(client, UUID, 'Enabled')
  await update(client, { UUID, BatchSize: 5 })
  await busy(UUID, 'Updating')
  await comesTo(client, UUID, 'Enabled')
  await remove(client, UUID)
  await busy(UUID, 'Deleting')
  assert.match(
    await refused(create(client, { Topics: ['another'] })),
    /^ResourceConflictException: .*consumer group ID \("a-group"\) already exists.*UUID/,
  )
  await until(async () => (await list(client)).EventSourceMappings?.length === 0)
  await create(client)
})
