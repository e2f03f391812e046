import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateEventSourceMappingCommand,
  GetEventSourceMappingCommand,
} from '@aws-sdk/client-lambda'
import type { KafkaEvent } from '../../lib/data/kafka-event.ts'
import { kafkaGroups } from '../../lib/kafka/groups.ts'
import { broker, newName, newTopic, silentLog } from '../kafka/kafka-fixture.ts'
import { ALIAS, type Call, creation, mappingFront } from './mapping-front.ts'
import { numbers, produce, recordsOf, until, valuesOf } from './polling.ts'

/** A front that polls the real Kafka, and what its function was called with. */
async function delivering(call: Call = () => null) {
  const events: KafkaEvent[] = []
  const front = await mappingFront({
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
    group,
    values: () => events.flatMap((event) => valuesOf(recordsOf(event))),
    committed: async (topic: string) => (await groups.offsets(group, [topic]))[0]?.committed,
    async create(topic: string, more: Partial<ReturnType<typeof creation>> = {}) {
      const request = creation({
        Topics: [topic],
        SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: group },
        MaximumBatchingWindowInSeconds: 0,
        ...more,
      })
      const { UUID } = await front.client.send(new CreateEventSourceMappingCommand(request))
      return UUID
    },
    async state(UUID: string | undefined) {
      return front.client.send(new GetEventSourceMappingCommand({ UUID }))
    },
    async [Symbol.asyncDispose]() {
      await front[Symbol.asyncDispose]()
      groups.close()
    },
  }
}

test('records are delivered to the alias, as self-managed Kafka, and committed', async () => {
  await using topic = await newTopic()
  await using on = await delivering()
  await produce(topic.name, 0, 250)

  const uuid = await on.create(topic.name)
  await until(async () => (await on.committed(topic.name)) === 250)

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
  const { State, LastProcessingResult } = await on.state(uuid)
  assert.deepEqual([State, LastProcessingResult], ['Enabled', 'OK'])
})
