import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kafkaGroups } from '../../lib/kafka/groups.ts'
import { kafkaProducers } from '../../lib/kafka/producers.ts'
import { asAdmin, broker, newName, newTopic, recordOf, silentLog } from './kafka-fixture.ts'

test('committed offset and log end of each partition are told, topics that do not exist are left out', async (t) => {
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
      { topic: one.name, partition: 0, committed: null, end: 2 },
      { topic: two.name, partition: 0, committed: null, end: 1 },
      { topic: two.name, partition: 1, committed: 1, end: 1 },
    ].toSorted((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition),
  )
  await asAdmin((admin) => admin.deleteGroups([group]))
})

test('a group that nobody knows has committed nothing', async (t) => {
  await using topic = await newTopic()
  const groups = kafkaGroups({ brokers: [broker()] }, silentLog())
  t.after(groups.close)

  assert.deepEqual(await groups.offsets(newName('group'), [topic.name]), [
    { topic: topic.name, partition: 0, committed: null, end: 0 },
  ])
  assert.deepEqual(await groups.offsets(newName('group'), []), [])
})
