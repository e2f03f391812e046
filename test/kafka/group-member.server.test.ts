import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { FencedError } from '../../lib/errors.ts'
import { kafkaCluster } from '../../lib/kafka/cluster.ts'
import { type GroupSettings, joinGroup, leaveGroup } from '../../lib/kafka/group-member.ts'
import { kafkaGroups } from '../../lib/kafka/groups.ts'
import { systemClock } from '../../lib/monitoring/system-clock.ts'
import { asAdmin, broker, newName, newTopic, silentLog } from './kafka-fixture.ts'

const SETTINGS: GroupSettings = {
  sessionTimeoutMs: 10_000,
  heartbeatIntervalMs: 200,
  rebalanceTimeoutMs: 5_000,
}

/** A topic of two partitions, and a group of its own to join. */
async function newGroup() {
  const topic = await newTopic({ partitions: 2 })
  const groupId = newName('group')
  const clusters: ReturnType<typeof kafkaCluster>[] = []
  const groups = kafkaGroups({ brokers: [broker()] }, silentLog())
  return {
    /** A member, as of a process of its own. */
    member(settings: Partial<GroupSettings> = {}) {
      const cluster = kafkaCluster({ brokers: [broker()] }, 'test', silentLog())
      clusters.push(cluster)
      const member = { id: '' }
      return {
        join: () =>
          joinGroup({
            cluster,
            groupId,
            topic: topic.name,
            partitions: 2,
            member,
            settings: { ...SETTINGS, ...settings },
            clock: systemClock,
          }),
        leave: () => leaveGroup(cluster, groupId, member),
      }
    },
    committed: async () =>
      (await groups.offsets(groupId, [topic.name])).map(({ committed }) => committed),
    async [Symbol.asyncDispose]() {
      for (const cluster of clusters) cluster.close()
      groups.close()
      await asAdmin((admin) => admin.deleteGroups([groupId])).catch(() => undefined)
      await topic[Symbol.asyncDispose]()
    },
  }
}

test('one member has all partitions, two share them, and each commits its own', async () => {
  await using group = await newGroup()
  const [one, other] = [group.member(), group.member()]
  const alone = await one.join()
  assert.deepEqual(alone.partitions, [0, 1])
  const left = new AbortController()
  const alive = alone.stayAlive(left.signal)

  const joining = other.join()
  await new Promise((over) => alone.over.addEventListener('abort', over))
  await alone.commit(0, 7)
  const again = await one.join()
  const its = await joining

  assert.deepEqual([...again.partitions, ...its.partitions].sort(), [0, 1])
  assert.equal(again.id, its.id)
  await its.commit(its.partitions[0] ?? -1, 9)
  assert.deepEqual((await group.committed()).sort(), its.partitions[0] === 0 ? [9, null] : [7, 9])
  left.abort()
  await alive
  await one.leave()
  await other.leave()
})

test('a commit of a generation that the group has left behind is refused and moves nothing', async () => {
  await using group = await newGroup()
  const [frozen, other] = [group.member({ rebalanceTimeoutMs: 300 }), group.member()]
  const old = await frozen.join()
  await old.commit(0, 5)

  // It gives no sign of life, so the group goes on without it.
  const now = await other.join()
  await now.commit(0, 10)

  await assert.rejects(old.commit(0, 7), FencedError)
  assert.equal(old.remainingMs(), 0)
  assert.ok(old.over.aborted)
  assert.equal((await group.committed())[0], 10)
  await other.leave()
})

test('time runs out without signs of life and comes back with the first that is answered', async () => {
  await using group = await newGroup()
  const member = group.member({ sessionTimeoutMs: 6_000 })
  const generation = await member.join()
  const atFirst = generation.remainingMs()

  await setTimeout(1_000)
  const later = generation.remainingMs()
  const left = new AbortController()
  const alive = generation.stayAlive(left.signal)
  await setTimeout(500)
  const afterwards = generation.remainingMs()

  assert.ok(atFirst > 2_500 && atFirst <= 3_000, `${atFirst}`)
  assert.ok(later > 1_500 && later <= 2_000, `${later}`)
  assert.ok(afterwards > 2_500 && afterwards <= 3_000, `${afterwards}`)
  left.abort()
  await alive
  generation.end()
  assert.equal(generation.remainingMs(), 0)
  await member.leave()
})

test('while the group is dealt out anew there is time until it goes on without those that do not join', async () => {
  await using group = await newGroup()
  const [one, other] = [group.member({ rebalanceTimeoutMs: 4_500 }), group.member()]
  const generation = await one.join()
  const left = new AbortController()
  const alive = generation.stayAlive(left.signal)
  await setTimeout(300)

  const joining = other.join()
  await new Promise((over) => generation.over.addEventListener('abort', over))

  assert.ok(generation.remainingMs() > 0 && generation.remainingMs() <= 1_500)
  await setTimeout(1_600)
  // Signs of life go on, and do not help.
  assert.ok(generation.remainingMs() <= 0)
  assert.deepEqual((await joining).partitions, [0, 1])
  await setTimeout(300)
  await assert.rejects(generation.commit(0, 1), FencedError)
  left.abort()
  await alive
  await other.leave()
})

test('who leaves is not waited for', async () => {
  await using group = await newGroup()
  const [one, other] = [group.member(), group.member()]
  await one.join()

  await one.leave()
  const began = performance.now()
  const generation = await other.join()

  assert.ok(performance.now() - began < 2_000)
  assert.deepEqual(generation.partitions, [0, 1])
  await other.leave()
})
