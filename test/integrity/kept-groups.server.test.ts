import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type BenchServers, openServers, until } from '../../infra/bench/servers.ts'
import type { ConnectlessProcess } from '../../infra/connectless-process.ts'
import { addresses } from '../../infra/stack/addresses.ts'
import { describeGroups } from '../../infra/stack/kafka-tools.ts'
import { type KafkaGroups, kafkaGroups } from '../../lib/kafka/groups.ts'
import { openStores } from '../../lib/local/open-stores.ts'
import { systemClock } from '../../lib/monitoring/system-clock.ts'
import type { GroupState } from '../../lib/ports.ts'
import { lagsIn } from '../clients/kafka-tools.ts'
import { silentLog } from '../kafka/kafka-fixture.ts'

const TEXT = 'org.apache.kafka.connect.storage.StringConverter'

let servers: BenchServers
let groups: KafkaGroups
let folder: string

before(async () => {
  servers = await openServers()
  groups = kafkaGroups({ brokers: addresses().kafka['bootstrap.servers'].split(',') }, silentLog())
  folder = await mkdtemp(join(tmpdir(), 'kept-groups-'))
})
after(async () => {
  groups.close()
  await servers.close()
  await rm(folder, { recursive: true })
})

/** A sink of texts, made by a worker that can be killed, over rows that the test reads too. */
async function world(name: string, letters: readonly string[]) {
  const store = `sqlite:${join(folder, `${name}.db`)}`
  const file = join(folder, `${name}.txt`)
  const topicOf = (letter: string) => `${servers.name}_${name}_${letter}`
  const connector = `${servers.name}_${name}`
  const start = () => servers.connectless({ store, 'session.timeout.ms': '6000' })
  await servers.admin.createTopics({ topics: letters.map((one) => ({ topic: topicOf(one) })) })
  let worker: ConnectlessProcess = await start()
  const stores = await openStores(store, systemClock)
  const path = `/connectors/${connector}`
  const sent = new Map<string, number>()
  const put = (...topics: string[]) =>
    worker.request('PUT', `${path}/config`, {
      'connector.class': 'FileStreamSink',
      topics: topics.map(topicOf).join(','),
      file,
      'key.converter': TEXT,
      'value.converter': TEXT,
    })
  const self = {
    connector,
    put,
    topicOf,
    groupOf: (letter?: string) =>
      letter ? `connect-${connector}-${topicOf(letter)}` : `connect-${connector}`,
    request: (method: string, at: string, body?: object) =>
      worker.request(method, `${path}${at}`, body),
    restart: async () => {
      await worker.kill()
      worker = await start()
    },
    async send(letter: string, count: number) {
      const from = sent.get(letter) ?? 0
      sent.set(letter, from + count)
      const producer = servers.kafka.producer()
      await producer.connect()
      const messages = Array.from({ length: count }, (_, at) => ({
        value: `${letter}${from + at}`,
      }))
      await producer.send({ topic: topicOf(letter), messages })
      await producer.disconnect()
    },
    /** The lines of the file in the order of their texts, once there are so many. */
    async lines(count: number): Promise<string[]> {
      const read = async () =>
        (await readFile(file, 'utf8').catch(() => '')).split('\n').slice(0, -1)
      await until(async () => (await read()).length >= count, 50, 30_000)
      return (await read()).sort()
    },
    async untilState(isReached: (state: GroupState) => boolean) {
      const reached = async () => {
        const state = await stores.groupStates.read(connector)
        return state !== undefined && isReached(state)
      }
      await until(reached, 50, 30_000)
    },
    /** Once it is disabled and empty. */
    untilSaved: (letter: string) =>
      self.untilState(({ saved }) => saved[topicOf(letter)] !== undefined),
    async close() {
      await worker.request('DELETE', path)
      await worker.stop()
      stores.close()
    },
  }
  return self
}

const texts = (letter: string, from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `${letter}${from + at}`)

test('a sink that is resumed after the brokers have forgotten its group goes on where it stopped; kill -9 on the way changes nothing', async () => {
  const sink = await world('long_pause', ['a'])
  await sink.send('a', 5)
  await sink.put('a')
  await sink.lines(5)
  await sink.request('PUT', '/pause')
  await sink.untilSaved('a')
  await sink.restart()

  // As brokers do it after seven days.
  await groups.remove(sink.groupOf())
  await sink.send('a', 2)
  await sink.request('PUT', '/resume')

  assert.deepEqual(await sink.lines(7), texts('a', 0, 7))
  await sink.untilState(({ saved }) => Object.keys(saved).length === 0)
  await sink.close()
})

test('offsets that are set or reset while the brokers have forgotten the group count, and the others stay', async () => {
  const sink = await world('altered', ['a', 'b'])
  const offsets = async () =>
    // Kafka Connect's answer.
    (
      (await sink.request('GET', '/offsets')) as {
        offsets: { offset: { kafka_offset: number } }[]
      }
    ).offsets.map(({ offset }) => offset.kafka_offset)
  await sink.send('a', 5)
  await sink.send('b', 4)
  await sink.put('a', 'b')
  await sink.lines(9)
  await sink.request('PUT', '/stop')
  await sink.untilSaved('a')
  await sink.untilSaved('b')
  for (const letter of ['a', 'b']) await groups.remove(sink.groupOf(letter))
  assert.deepEqual(await offsets(), [5, 4])

  await sink.request('PATCH', '/offsets', {
    offsets: [
      {
        partition: { kafka_topic: sink.topicOf('a'), kafka_partition: 0 },
        offset: { kafka_offset: 3 },
      },
    ],
  })
  assert.deepEqual(await offsets(), [3, 4])
  await groups.remove(sink.groupOf('a'))
  await sink.request('PUT', '/resume')

  const after = [...texts('a', 0, 5), ...texts('a', 3, 5), ...texts('b', 0, 4)].sort()
  assert.deepEqual(await sink.lines(11), after)
  await sink.request('PUT', '/stop')
  await sink.untilSaved('a')
  await sink.untilSaved('b')
  await sink.request('DELETE', '/offsets')
  await sink.request('PUT', '/resume')
  const again = [...after, ...texts('a', 0, 5), ...texts('b', 0, 4)].sort()
  assert.deepEqual(await sink.lines(20), again)
  await sink.close()
})

test('a topic goes on where it was when its sink goes from one topic to two and back, and Kafka’s command shows both in one group', async () => {
  const sink = await world('topics', ['a', 'b'])
  await sink.send('a', 5)
  await sink.send('b', 3)
  await sink.put('a')
  await sink.lines(5)

  await sink.put('a', 'b')
  await sink.lines(8)
  await sink.send('a', 1)
  assert.deepEqual(await sink.lines(9), [...texts('a', 0, 6), ...texts('b', 0, 3)])
  const mirrored = async () => {
    const all = await groups.committed(sink.groupOf())
    return all.map(({ offset }) => Number(offset)).sort()
  }
  await until(async () => String(await mirrored()) === '3,6', 50, 10_000)
  const described = await describeGroups([sink.groupOf()])
  assert.deepEqual(
    lagsIn(described),
    { [sink.topicOf('a')]: '6 0', [sink.topicOf('b')]: '3 0' },
    described,
  )

  await sink.put('b')
  await sink.send('b', 2)
  assert.deepEqual(await sink.lines(11), [...texts('a', 0, 6), ...texts('b', 0, 5)])
  await sink.close()
})
