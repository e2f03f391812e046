import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { ConflictError, ConnectError, RetriableError } from '../../lib/errors.ts'
import { kafkaGroups } from '../../lib/kafka/groups.ts'
import type { CommittedOffset } from '../../lib/ports.ts'
import { frameProxy, OFFSET_COMMIT } from './frame-proxy.ts'
import { asAdmin, broker, kafka, newName, newTopic, silentLog } from './kafka-fixture.ts'

const OFFSET_DELETE = 47
const DELETE_GROUPS = 42

function groupsAt(address: string, t: TestContext) {
  const groups = kafkaGroups({ brokers: [address] }, silentLog())
  t.after(groups.close)
  return groups
}

const inOrder = (offsets: readonly CommittedOffset[]) =>
  offsets.toSorted((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition)

/** A group with a member that has its partitions, until it is let go. */
async function withMember(groupId: string, topic: string) {
  const consumer = kafka().consumer({ groupId, maxWaitTimeInMs: 50 })
  const joined = new Promise<void>((resolve) => {
    consumer.on(consumer.events.GROUP_JOIN, () => resolve())
  })
  await consumer.connect()
  await consumer.subscribe({ topic })
  await consumer.run({ eachMessage: async () => undefined })
  await joined
  return { [Symbol.asyncDispose]: () => consumer.disconnect() }
}

test('offsets of several topics are committed from outside, read with all others, forgotten and removed with their group', async (t) => {
  await using one = await newTopic()
  await using two = await newTopic({ partitions: 3 })
  const group = newName('group')
  const groups = groupsAt(broker(), t)
  const offsets = [
    { topic: one.name, partition: 0, offset: 7n },
    { topic: two.name, partition: 0, offset: 0n },
    { topic: two.name, partition: 2, offset: 2n ** 63n - 1n },
  ]

  await groups.commit(group, offsets)
  assert.deepEqual(inOrder(await groups.committed(group)), inOrder(offsets))

  await groups.commit(group, [{ topic: one.name, partition: 0, offset: 3n }])
  await groups.forget(group, [
    { topic: two.name, partition: 2 },
    { topic: two.name, partition: 1 },
  ])
  assert.deepEqual(
    inOrder(await groups.committed(group)),
    inOrder([
      { topic: one.name, partition: 0, offset: 3n },
      { topic: two.name, partition: 0, offset: 0n },
    ]),
  )

  await groups.remove(group)
  assert.deepEqual(await groups.committed(group), [])
  const { groups: listed } = await asAdmin((admin) => admin.listGroups())
  assert.ok(listed.every(({ groupId }) => groupId !== group))
})

test('a group that nobody knows has nothing to read, to forget or to remove', async (t) => {
  await using topic = await newTopic()
  const groups = groupsAt(broker(), t)
  const group = newName('group')

  assert.deepEqual(await groups.committed(group), [])
  await groups.requireEmpty(group)
  await groups.commit(group, [])
  await groups.forget(group, [])
  await groups.forget(group, [{ topic: topic.name, partition: 0 }])
  await groups.remove(group)

  assert.deepEqual(await groups.committed(group), [])
})

test('a group with a member is left as it is, and the error says that it has members', async (t) => {
  await using topic = await newTopic()
  const group = newName('group')
  const groups = groupsAt(broker(), t)
  const offset = { topic: topic.name, partition: 0, offset: 0n }
  await groups.commit(group, [offset])
  {
    await using _member = await withMember(group, topic.name)

    await assert.rejects(groups.requireEmpty(group), ConflictError)
    await assert.rejects(groups.commit(group, [{ ...offset, offset: 1n }]), ConflictError)
    await assert.rejects(groups.forget(group, [offset]), ConflictError)
    await assert.rejects(groups.remove(group), ConflictError)
    assert.deepEqual(await groups.committed(group), [offset])
  }

  await groups.requireEmpty(group)
  await groups.remove(group)
  assert.deepEqual(await groups.committed(group), [])
})

test('a topic that does not exist is refused by name and at once', async (t) => {
  const missing = newName('missing')
  const groups = groupsAt(broker(), t)
  const group = newName('group')
  const since = performance.now()
  const isRefusal = (error: unknown) =>
    error instanceof ConnectError && !error.retriable && error.message.includes(`${missing}-0`)

  await assert.rejects(
    groups.commit(group, [{ topic: missing, partition: 0, offset: 1n }]),
    isRefusal,
  )

  assert.ok(performance.now() - since < 4_000)
})

for (const { what, key, call } of [
  {
    what: 'a commit',
    key: OFFSET_COMMIT,
    call: 'commit',
  },
  { what: 'a forgetting', key: OFFSET_DELETE, call: 'forget' },
  { what: 'a removal', key: DELETE_GROUPS, call: 'remove' },
] as const)
  for (const where of ['request', 'answer'] as const)
    test(`${what} whose connection is cut at its ${where} is repeated over a new one`, async (t) => {
      await using topic = await newTopic()
      const group = newName('group')
      const offset = { topic: topic.name, partition: 0, offset: 5n }
      let left = 1
      const proxy = await frameProxy(broker(), {
        [where]: (seen: number) => seen === key && left-- > 0,
      })
      t.after(() => proxy.close())
      const direct = groupsAt(broker(), t)
      await direct.commit(group, [offset])
      const groups = groupsAt(proxy.address, t)

      if (call === 'remove') await groups.remove(group)
      else await groups[call](group, [{ ...offset, offset: 9n }])

      assert.equal(proxy.cuts(), 1)
      assert.deepEqual(
        await direct.committed(group),
        call === 'commit' ? [{ ...offset, offset: 9n }] : [],
      )
      await direct.remove(group)
    })

test('where no broker answers, the error says that another attempt is worth it', async (t) => {
  const groups = groupsAt('127.0.0.1:1', t)

  await assert.rejects(groups.committed(newName('group')), RetriableError)
})
