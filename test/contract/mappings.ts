import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRetriable } from '../../lib/errors.ts'
import { kafkaGroups } from '../../lib/kafka/groups.ts'
import type { Mapping, Mappings } from '../../lib/ports.ts'
import { broker, newName, newTopic, silentLog } from '../kafka/kafka-fixture.ts'
import { produce, until } from '../local/polling.ts'

/** Mappings over the real Kafka, whose sink takes every batch. */
export type MappingWorld = AsyncDisposable & { readonly mappings: Mappings }

/** What the coordinator does: it comes again to what is worth another try. */
async function again(action: () => Promise<void>): Promise<void> {
  await until(async () => {
    try {
      await action()
      return true
    } catch (error) {
      if (isRetriable(error)) return false
      throw error
    }
  })
}

async function committed({ group, topic }: Mapping): Promise<number> {
  const groups = kafkaGroups({ brokers: [broker()] }, silentLog())
  try {
    const offsets = await groups.offsets(group, [topic])
    return offsets.reduce((sum, one) => sum + Number(one.committed ?? 0), 0)
  } finally {
    groups.close()
  }
}

const mappingOf = (topic: string, of: Partial<Mapping> = {}): Mapping => ({
  connector: newName('connector'),
  topic,
  group: newName('group'),
  enabled: true,
  ...of,
})

export function mappingsContract(world: () => Promise<MappingWorld>): void {
  /** Listed as wanted, and nothing that it waits for. */
  const settles = ({ mappings }: MappingWorld, ...wanted: readonly Mapping[]) =>
    until(async () => {
      const found = await mappings.list(wanted[0]?.connector ?? '')
      return JSON.stringify(found.map(sorted)) === JSON.stringify(wanted.map(sorted))
    })

  test('a mapping delivers what was there and what comes, and is listed for its connector alone', async () => {
    await using on = await world()
    await using topic = await newTopic()
    const mapping = mappingOf(topic.name)
    await produce(topic.name, 0, 3)

    await again(() => on.mappings.ensure(mapping))
    await settles(on, mapping)
    await until(async () => (await committed(mapping)) === 3)
    await produce(topic.name, 3, 5)
    await until(async () => (await committed(mapping)) === 5)

    assert.deepEqual(await on.mappings.list(newName('connector')), [])
    await again(() => on.mappings.remove(mapping.connector, topic.name))
  })

  test('made again it is the one that there is', async () => {
    await using on = await world()
    await using topic = await newTopic()
    const mapping = mappingOf(topic.name)

    for (let time = 0; time < 3; time++) await again(() => on.mappings.ensure(mapping))
    await settles(on, mapping)

    assert.deepEqual(await on.mappings.list(mapping.connector), [mapping])
    await again(() => on.mappings.remove(mapping.connector, topic.name))
  })

  test('of several makers at once, all find one mapping', async () => {
    await using on = await world()
    await using topic = await newTopic()
    const mapping = mappingOf(topic.name)

    await Promise.all([1, 2, 3].map(() => again(() => on.mappings.ensure(mapping))))

    await settles(on, mapping)
    await again(() => on.mappings.remove(mapping.connector, topic.name))
  })

  test('disabled it delivers nothing and keeps its offsets, enabled it goes on there', async () => {
    await using on = await world()
    await using topic = await newTopic()
    const mapping = mappingOf(topic.name)
    const disabled = { ...mapping, enabled: false }
    await produce(topic.name, 0, 3)
    await again(() => on.mappings.ensure(mapping))
    await until(async () => (await committed(mapping)) === 3)

    await again(() => on.mappings.ensure(disabled))
    assert.equal((await on.mappings.list(mapping.connector))[0]?.enabled, false)
    await settles(on, disabled)
    await produce(topic.name, 3, 6)
    const whileDisabled = await committed(mapping)
    await again(() => on.mappings.ensure(mapping))
    await until(async () => (await committed(mapping)) === 6)

    assert.equal(whileDisabled, 3)
    await again(() => on.mappings.remove(mapping.connector, topic.name))
  })

  test('topics of a connector come and go apart, and removing what is not there is nothing', async () => {
    await using on = await world()
    await using topic = await newTopic()
    await using other = await newTopic()
    const one = mappingOf(topic.name, { enabled: false })
    const two = { ...one, topic: other.name, group: newName('group') }
    await again(() => on.mappings.ensure(one))
    await again(() => on.mappings.ensure(two))
    await settles(on, one, two)

    await again(() => on.mappings.remove(one.connector, topic.name))
    assert.deepEqual(await on.mappings.list(one.connector), [two])
    await again(() => on.mappings.remove(one.connector, topic.name))
    await again(() => on.mappings.remove(one.connector, other.name))

    assert.deepEqual(await on.mappings.list(one.connector), [])
    await on.mappings.remove(newName('connector'), topic.name)
  })

  test('removed and made again, it goes on where its group was', async () => {
    await using on = await world()
    await using topic = await newTopic()
    const mapping = mappingOf(topic.name)
    await produce(topic.name, 0, 2)
    await again(() => on.mappings.ensure(mapping))
    await until(async () => (await committed(mapping)) === 2)

    await again(() => on.mappings.remove(mapping.connector, topic.name))
    await again(() => on.mappings.ensure(mapping))
    await produce(topic.name, 2, 4)
    await until(async () => (await committed(mapping)) === 4)

    await again(() => on.mappings.remove(mapping.connector, topic.name))
  })

  test('another group takes the place of the one before', async () => {
    await using on = await world()
    await using topic = await newTopic()
    const before = mappingOf(topic.name)
    const after = { ...before, group: newName('group') }
    await produce(topic.name, 0, 2)
    await again(() => on.mappings.ensure(before))
    await settles(on, before)

    await again(() => on.mappings.ensure(after))
    await settles(on, after)

    await until(async () => (await committed(after)) === 2)
    await again(() => on.mappings.remove(after.connector, topic.name))
  })

  test('a group goes from a connector that is removed to another one', async () => {
    await using on = await world()
    await using topic = await newTopic()
    const before = mappingOf(topic.name)
    const after = { ...before, connector: newName('connector') }
    await again(() => on.mappings.ensure(before))
    await settles(on, before)

    await again(() => on.mappings.remove(before.connector, topic.name))
    await again(() => on.mappings.ensure(after))

    await settles(on, after)
    await again(() => on.mappings.remove(after.connector, topic.name))
  })

  test('what it waits for is told', async () => {
    await using on = await world()
    const mapping = mappingOf(newName('topic'))

    await again(() => on.mappings.ensure(mapping))

    const waiting = async () => (await on.mappings.list(mapping.connector))[0]?.waiting ?? ''
    await until(async () => (await waiting()).includes(`topic ${mapping.topic} does not exist yet`))
    await again(() => on.mappings.remove(mapping.connector, mapping.topic))
  })
}

const sorted = (one: object) => Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))
