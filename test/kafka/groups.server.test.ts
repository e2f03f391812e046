import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kafkaGroups } from '../../lib/kafka/groups.ts'
import { kafkaProducers } from '../../lib/kafka/producers.ts'
import { pluginsOf } from '../../lib/registry.ts'
import { answer } from '../../lib/runtime/answer.ts'
import { portsForTest, tickingClock } from '../runtime/ports-for-test.ts'
import { asAdmin, broker, newName, newTopic, recordOf, silentLog } from './kafka-fixture.ts'

test('committed offset, log start and log end of each partition are told, topics that do not exist are left out', async (t) => {
  await using one = await newTopic()
  await using two = await newTopic({ partitions: 2 })
  const group = newName('group')
  const groups = kafkaGroups({ brokers: [broker()] }, silentLog())
  t.after(groups.close)
  const producer = await kafkaProducers({ brokers: [broker()] }, silentLog()).connect('test')
  const written = [one.name, two.name, two.name].map((topic, at) =>
    recordOf(topic, { partition: Math.floor(at / 2) }),
  )
  await producer.send([...written, recordOf(one.name)], () => true)
  await producer.disconnect()
  await asAdmin((admin) =>
    admin.setOffsets({
      groupId: group,
      topic: two.name,
      partitions: [{ partition: 1, offset: '1' }],
    }),
  )

  const offsets = await groups.offsets(group, [one.name, newName('missing'), two.name])

  assert.deepEqual(
    offsets.toSorted((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition),
    [
      { topic: one.name, partition: 0, committed: null, start: 0, end: 2 },
      { topic: two.name, partition: 0, committed: null, start: 0, end: 1 },
      { topic: two.name, partition: 1, committed: 1, start: 0, end: 1 },
    ].toSorted((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition),
  )
  await asAdmin((admin) => admin.deleteGroups([group]))
})

test('a group that nobody knows has committed nothing', async (t) => {
  await using topic = await newTopic()
  const groups = kafkaGroups({ brokers: [broker()] }, silentLog())
  t.after(groups.close)

  assert.deepEqual(await groups.offsets(newName('group'), [topic.name]), [
    { topic: topic.name, partition: 0, committed: null, start: 0, end: 0 },
  ])
  assert.deepEqual(await groups.offsets(newName('group'), []), [])
})

test('where records are deleted, a group lags behind by those that are left', async (t) => {
  await using topic = await newTopic({ partitions: 3 })
  const { name } = topic
  const group = newName('group')
  const groups = kafkaGroups({ brokers: [broker()] }, silentLog())
  t.after(groups.close)
  const producer = await kafkaProducers({ brokers: [broker()] }, silentLog()).connect('test')
  const written = [0, 1, 2].flatMap((partition) =>
    Array.from({ length: 10 }, () => recordOf(name, { partition })),
  )
  await producer.send(written, () => true)
  await producer.disconnect()
  await asAdmin(async (admin) => {
    // Without it kafkajs does not know the topic yet.
    await admin.fetchTopicOffsets(name)
    const partitions = [0, 1, 2].map((partition) => ({ partition, offset: '6' }))
    await admin.deleteTopicRecords({ topic: name, partitions })
  })
  // Nothing of partition 0; before and after the log's start.
  await groups.commit(group, [
    { topic: name, partition: 1, offset: 2n },
    { topic: name, partition: 2, offset: 9n },
  ])

  const offsets = await groups.offsets(group, [name])
  const question = { groups: [{ group, topics: [name] }] }
  const ports = portsForTest({ clock: tickingClock(), groups })
  const reply = await answer({ ask: 'sinkLag', question }, ports, pluginsOf([]))

  assert.deepEqual(
    offsets.toSorted((a, b) => a.partition - b.partition),
    [null, 2, 9].map((committed, partition) => ({
      topic: name,
      partition,
      committed,
      start: 6,
      end: 10,
    })),
  )
  assert.deepEqual(reply, { answer: { lags: [{ group, topic: name, lag: 4 + 4 + 1 }] } })
  await groups.remove(group)
})
